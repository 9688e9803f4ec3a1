//! Lists that are followed: what is told of a change, and what a client gets who comes back.

use commands::CustomerCommand;
use events::{Role, Source};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

use super::client::{ListSocket, names};
use super::people::People;
use crate::house::House;
use crate::socket::Port;

fn position(frame: &Value) -> u64 {
    frame["position"].as_u64().expect("a position")
}

/// Type, index and count of a change.
fn told(frame: &Value) -> (&str, Option<u64>, u64) {
    (frame["type"].as_str().expect("a type"), frame["index"].as_u64(), frame["count"].as_u64().expect("a count"))
}

#[tokio::test]
async fn a_list_that_is_followed_says_who_enters_changes_moves_and_leaves() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let vip = people.tag("VIP").await;
    let ann = people.arrive(Source::Telegram, "Ann", "A", "").await;
    let bea = people.arrive(Source::Telegram, "Bea", "B", "").await;
    people.put(&ann, &vip).await;
    let mut socket = ListSocket::open(&port, &owner).await;
    let page = socket.subscribe(&json!({ "tags": ["vip"], "order_by": "-updated_at" })).await;
    assert_eq!((names(&page), &page["count"]), (vec!["Ann"], &json!(1)));

    people.put(&bea, &vip).await;
    let entered = socket.hear().await;
    assert_eq!(told(&entered), ("customer_entered", Some(0), 2));
    assert_eq!((&entered["customer_id"], &entered["subscription"]), (&json!(bea.as_str()), &json!("s")));
    assert_eq!(entered["customer"]["tags"][0]["name"], "VIP");
    people.write(&ann, Source::Telegram, "me too").await;
    let moved = socket.hear().await;
    assert_eq!(told(&moved), ("customer_moved", Some(0), 2));
    assert_eq!(moved["customer"]["conversations"][0]["last_message"]["content"], "me too");
    people.read(&ann).await;
    let updated = socket.hear().await;
    assert_eq!(told(&updated), ("customer_updated", Some(0), 2));
    assert_eq!(updated["customer"]["conversations"][0]["unread_count"], 0);
    people.take(&ann, &vip).await;
    assert_eq!(told(&socket.hear().await), ("customer_left", None, 1));
    people.customer(&bea, CustomerCommand::Delete).await;
    let left = socket.hear().await;
    assert_eq!((told(&left), &left["customer_id"]), (("customer_left", None, 0), &json!(bea.as_str())));
    people.customer(&bea, CustomerCommand::Restore).await;
    assert_eq!(told(&socket.hear().await), ("customer_entered", Some(0), 1));

    let ended = socket.ask(&json!({ "type": "unsubscribe", "subscription": "s", "request_id": "x" })).await;
    assert_eq!((&ended["type"], &ended["request_id"]), (&json!("unsubscribed"), &json!("x")));
    people.put(&ann, &vip).await;
    assert_eq!(socket.filter(&json!({ "tags": ["VIP"] })).await["count"], 2, "nothing is told between");
}

#[tokio::test]
async fn a_page_that_others_come_up_to_is_shown_again_and_names_of_tags_too() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let vip = people.tag("VIP").await;
    let mut all = Vec::new();
    for name in ["A", "B", "C", "D"] {
        let id = people.arrive(Source::Telegram, name, "X", "").await;
        people.put(&id, &vip).await;
        all.push(id);
    }
    let mut socket = ListSocket::open(&port, &owner).await;
    let page = socket.subscribe(&json!({ "tags": ["VIP"], "order_by": "first_name", "page_size": 2 })).await;
    assert_eq!((names(&page), &page["pagination"]["total_pages"]), (vec!["A", "B"], &json!(2)));
    people.take(&all[0], &vip).await;
    let left = socket.hear().await;
    assert_eq!(told(&left), ("customer_left", None, 3));
    let page = socket.expect("customers_page").await;
    assert_eq!((names(&page), &page["count"]), (vec!["B", "C"], &json!(3)));
    assert!(position(&page) >= position(&left));
    people.take(&all[3], &vip).await;
    assert_eq!(told(&socket.hear().await), ("customer_left", None, 2), "behind the page");
    people.rename_tag(&vip, "Gold").await;
    assert_eq!(socket.expect("customers_page").await["count"], 0, "nobody has a tag of this name any more");
    people.rename_tag(&vip, "vip").await;
    let page = socket.expect("customers_page").await;
    assert_eq!((names(&page), &page["customers"][0]["tags"][0]["name"]), (vec!["B", "C"], &json!("vip")));
    people.delete_tag(&vip).await;
    assert_eq!(socket.expect("customers_page").await["count"], 0);
}

#[tokio::test]
async fn who_comes_back_gets_what_was_missed_in_order_and_once() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let ann = people.arrive(Source::Telegram, "Ann", "A", "").await;
    let filters = json!({ "has_unread": true });
    let mut socket = ListSocket::open(&port, &owner).await;
    let known = position(&socket.subscribe(&filters).await);
    drop(socket);
    people.write(&ann, Source::Telegram, "one").await;
    let bea = people.arrive(Source::Instagram, "Bea", "B", "").await;
    people.read(&ann).await;
    people.write(&bea, Source::Instagram, "two").await;

    let mut socket = ListSocket::open(&port, &owner).await;
    socket.say(&json!({ "type": "resume", "filters": filters, "position": known, "subscription": "again" })).await;
    let page = socket.expect("resumed").await;
    assert_eq!((names(&page), &page["subscription"]), (vec!["Bea"], &json!("again")));
    let missed = [socket.hear().await, socket.hear().await, socket.hear().await];
    let happened: Vec<_> = missed.iter().map(|frame| (told(frame).0, frame["customer"]["first_name"].as_str())).collect();
    assert_eq!(happened, [("customer_entered", Some("Ann")), ("customer_left", Some("Ann")), ("customer_entered", Some("Bea"))]);
    assert!(missed.iter().all(|frame| position(frame) <= position(&page) && position(frame) > known));
    assert!(missed.windows(2).all(|pair| position(&pair[0]) < position(&pair[1])));
    people.write(&ann, Source::Telegram, "three").await;
    let next = socket.hear().await;
    assert_eq!((told(&next).0, told(&next).2), ("customer_entered", 2), "and on it goes");
    assert!(position(&next) > position(&page));
}

#[tokio::test]
async fn who_is_forgotten_leaves_and_nothing_of_them_is_told_again() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let mut socket = ListSocket::open(&port, &owner).await;
    let known = position(&socket.subscribe(&json!({ "search": "ann" })).await);
    let ann = people.arrive(Source::Telegram, "Ann", "Secret", "").await;
    assert_eq!(told(&socket.hear().await), ("customer_entered", Some(0), 1));
    people.customer(&ann, CustomerCommand::Forget).await;
    let page = socket.expect("customers_page").await;
    assert_eq!((names(&page), &page["count"]), (vec![], &json!(0)));
    let left = socket.hear().await;
    assert_eq!((told(&left), &left["customer"]), (("customer_left", None, 0), &Value::Null));
    let mut late = ListSocket::open(&port, &owner).await;
    late.say(&json!({ "type": "resume", "filters": { "search": "ann" }, "position": known })).await;
    late.expect("resumed").await;
    let only = late.expect("customer_left").await;
    assert_eq!((&only["customer_id"], &only["customer"]), (&json!(ann.as_str()), &Value::Null));
}

#[tokio::test]
async fn a_position_of_long_ago_is_answered_with_the_list_to_start_over_from() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let ann = people.arrive(Source::Telegram, "Ann", "A", "").await;
    let mut socket = ListSocket::open(&port, &owner).await;
    let before = position(&socket.ask(&json!({ "type": "get_customers" })).await);
    people.write(&ann, Source::Telegram, "one").await;
    socket.filter(&json!({})).await;
    // As if many changes had come since.
    let db = house.state.models.of(projections::contact_list::NAME).expect("the store");
    let mut tx = db.begin().await.expect("a transaction");
    let values = [(before + 1).cast_signed().into(), owner.tenant.as_str().into()];
    let gone = "UPDATE contact_changes_kept SET after = $1 WHERE tenant_id = $2";
    tx.execute(projections::db::Sql::fixed(gone, values)).await.expect("done");
    tx.commit().await.expect("done");
    socket.say(&json!({ "type": "resume", "filters": {}, "position": before })).await;
    let over = socket.expect("resync").await;
    assert_eq!((names(&over), over["message"].is_string()), (vec!["Ann"], true));
    people.read(&ann).await;
    assert_eq!(told(&socket.hear().await), ("customer_updated", Some(0), 1));
}

#[tokio::test]
async fn all_who_follow_are_told_the_same_of_a_customer_each_in_their_own_format() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let ann = people.arrive(Source::Telegram, "Ann", "A", "").await;
    let mut sockets = Vec::new();
    for (name, format) in [("a", "kith.json"), ("b", "kith.msgpack"), ("c", "kith.msgpack"), ("d", "kith.json")] {
        let bearer = format!("Bearer {}", owner.access);
        let headers = [("authorization", bearer), ("sec-websocket-protocol", format.to_owned())];
        let mut socket = port.ask_at("/ws/customers/", "", &headers).await.expect("a socket");
        let ask = json!({ "type": "subscribe", "subscription": name });
        let packed = || Message::binary(rmp_serde::to_vec_named(&ask).expect("MessagePack"));
        let said = if format == "kith.json" { Message::text(ask.to_string()) } else { packed() };
        socket.0.send(said).await.expect("sent");
        socket.next("subscribed").await;
        sockets.push((name, socket));
    }
    people.write(&ann, Source::Telegram, "\"Hello\" \u{1f600}").await;
    for (name, mut socket) in sockets {
        let frame = socket.next("customer_moved").await;
        let members: Vec<_> = frame.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["type", "subscription", "customer_id", "customer", "index", "count", "timestamp", "position"]);
        assert_eq!((&frame["subscription"], &frame["customer_id"]), (&json!(name), &json!(ann.as_str())));
        assert_eq!(frame["customer"]["conversations"][0]["last_message"]["content"], "\"Hello\" \u{1f600}");
        assert_eq!(told(&frame), ("customer_moved", Some(0), 1));
    }
}

#[tokio::test]
async fn a_socket_follows_several_lists_and_only_its_own_tenant_s() {
    let house = House::start().await;
    let (port, owner, other) = (Port::open(&house).await, house.owner().await, house.owner().await);
    let (here, there) = (People::of(&house, &owner.tenant), People::of(&house, &other.tenant));
    let agent = house.somebody(&owner.tenant, Role::Agent).await;
    let mut socket = ListSocket::open(&port, &agent).await;
    for (name, source) in [("t", "telegram"), ("i", "instagram")] {
        socket.say(&json!({ "type": "subscribe", "filters": { "source": source }, "subscription": name })).await;
        socket.expect("subscribed").await;
    }
    let again = socket.ask(&json!({ "type": "subscribe", "subscription": "t" })).await;
    assert_eq!((&again["type"], &again["field"]), (&json!("error"), &json!("subscription")));
    let unnamed = socket.ask(&json!({ "type": "subscribe", "filters": { "source": "unknown" } })).await;
    assert_eq!(unnamed["subscription"], "1");
    there.arrive(Source::Telegram, "Stranger", "S", "").await;
    here.arrive(Source::Instagram, "Ines", "I", "").await;
    here.arrive(Source::Telegram, "Tom", "T", "").await;
    let (first, second) = (socket.hear().await, socket.hear().await);
    assert_eq!((&first["subscription"], &first["customer"]["first_name"]), (&json!("i"), &json!("Ines")));
    assert_eq!((&second["subscription"], &second["customer"]["first_name"]), (&json!("t"), &json!("Tom")));
    for number in 3..20 {
        socket.say(&json!({ "type": "subscribe", "subscription": format!("more {number}") })).await;
        socket.expect("subscribed").await;
    }
    let too_many = socket.ask(&json!({ "type": "subscribe" })).await;
    assert!(too_many["message"].as_str().expect("a message").contains("at most 20"), "{too_many}");
}
