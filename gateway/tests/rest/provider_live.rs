//! `/ws/provider/customers/`.

use events::Role;
use serde_json::{Value, json};

use crate::bookings::{Salon, at, entered};
use crate::house::Somebody;
use crate::live_customers::client::ListSocket;
use crate::socket::Port;

const PATH: &str = "/ws/provider/customers/";

/// A socket that follows a list from now on.
async fn follow(port: &Port, who: &Somebody, filters: &Value) -> (ListSocket, Value) {
    let mut socket = ListSocket::open_at(PATH, port, who).await;
    let first = socket.subscribe(filters).await;
    (socket, first)
}

/// What a frame says: its type, whom it is about, and how many there are.
fn said(frame: &Value) -> (&str, &str, u64) {
    let name = frame["customer"]["customer"]["first_name"].as_str().unwrap_or_default();
    (frame["type"].as_str().expect("a type"), name, frame["count"].as_u64().expect("a count"))
}

#[tokio::test]
async fn a_list_is_followed_and_gone_on_with() {
    let salon = Salon::open().await;
    let port = Port::open(&salon.house).await;
    let by_name = json!({ "status": "new", "sort_by": "name" });
    let (mut socket, first) = follow(&port, &salon.provider, &by_name).await;
    assert_eq!((&first["subscription"], &first["count"], &first["customers"]), (&json!("s"), &json!(0), &json!([])));
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    assert_eq!(said(&socket.hear().await), ("customer_entered", "Jane", 1));
    let john = entered(&salon.house, &salon.owner, "John Doe", "john@example.com").await;
    salon.book(&salon.provider, &john, 120, 60).await.is(201);
    let entered = socket.hear().await;
    assert_eq!(said(&entered), ("customer_entered", "John", 2));
    salon.house.patch(&salon.owner, &format!("/api/customers/{john}/"), &json!({ "phone": "+62 811" })).await.is(200);
    assert_eq!(said(&socket.hear().await), ("customer_updated", "John", 2));
    salon.house.patch(&salon.owner, &format!("/api/customers/{john}/"), &json!({ "name": "Adam Doe" })).await.is(200);
    assert_eq!(said(&socket.hear().await), ("customer_moved", "Adam", 2));
    salon.book(&salon.provider, &john, 240, 60).await.is(201);
    assert_eq!(said(&socket.hear().await), ("customer_left", "Adam", 1));

    // Who comes back gets the page as it was, and then what was missed, in order and once.
    let after = entered["position"].as_u64().expect("a position");
    let mut again = ListSocket::open_at(PATH, &port, &salon.provider).await;
    let resumed = again.ask(&json!({ "type": "resume", "filters": by_name, "position": after, "request_id": 7 })).await;
    assert_eq!((&resumed["type"], &resumed["position"], &resumed["request_id"]), (&json!("resumed"), &json!(after), &json!(7)));
    assert_eq!((&resumed["count"], resumed["customers"].as_array().map(Vec::len)), (&json!(2), Some(2)));
    let mut types = Vec::new();
    for _ in 0..3 {
        types.push(said(&again.hear().await).0.to_owned());
    }
    assert_eq!(types, ["customer_updated", "customer_moved", "customer_left"]);
    let (mut anew, page) = follow(&port, &salon.provider, &json!({ "status": "new" })).await;
    assert_eq!(page["customers"][0]["customer"]["first_name"], "Jane");
    salon.house.post(Some(&salon.owner), &format!("/api/customers/{}/forget/", salon.customer), &json!({})).await.is(204);
    let gone = again.hear().await;
    assert_eq!((&gone["type"], &gone["customer"]), (&json!("customer_left"), &Value::Null));
    assert_eq!(anew.hear().await["relation"], gone["relation"]);
}

#[tokio::test]
async fn a_socket_follows_several_lists() {
    let salon = Salon::open().await;
    let port = Port::open(&salon.house).await;
    let mut socket = ListSocket::open_at(PATH, &port, &salon.provider).await;
    for (name, status) in [("new", "new"), ("returning", "returning")] {
        let subscribe = json!({ "type": "subscribe", "subscription": name, "filters": { "status": status } });
        assert_eq!(socket.ask(&subscribe).await["type"], "subscribed");
    }
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    let entered = socket.hear().await;
    assert_eq!((said(&entered).0, &entered["subscription"]), ("customer_entered", &json!("new")));
    salon.book(&salon.provider, &salon.customer, 120, 60).await.is(201);
    let mut told = Vec::new();
    for _ in 0..2 {
        let frame = socket.hear().await;
        told.push((frame["subscription"].as_str().expect("a name").to_owned(), said(&frame).0.to_owned()));
    }
    told.sort();
    let expected = [("new", "customer_left"), ("returning", "customer_entered")];
    assert_eq!(told, expected.map(|(name, what)| (name.to_owned(), what.to_owned())));
    assert_eq!(socket.ask(&json!({ "type": "unsubscribe", "subscription": "new" })).await["type"], "unsubscribed");
    let list = socket.ask(&json!({ "type": "get_customers", "filters": { "status": "returning" } })).await;
    assert_eq!((&list["type"], said(&list).2), (&json!("customers_list"), 1));
}

#[tokio::test]
async fn a_socket_tells_a_provider_their_own_customers_only() {
    let salon = Salon::open().await;
    let port = Port::open(&salon.house).await;
    let colleague = salon.house.somebody(&salon.owner.tenant, Role::Provider).await;
    let (mut theirs, own) = follow(&port, &colleague, &json!({})).await;
    let (mut all, of_all) = follow(&port, &salon.owner, &json!({})).await;
    assert_eq!((&own["count"], &of_all["count"]), (&json!(0), &json!(0)));
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    assert_eq!(said(&all.hear().await), ("customer_entered", "Jane", 1));
    let service = crate::bookings::offered(&salon.house, &colleague, "Haircut").await;
    let body = json!({ "service": service, "customer": salon.customer, "starts_at": at(60) });
    salon.house.post(Some(&colleague), "/api/bookings/", &body).await.is(201);
    assert_eq!(said(&theirs.hear().await), ("customer_entered", "Jane", 1), "and nothing of the other's before");
    assert_eq!(said(&all.hear().await), ("customer_entered", "Jane", 2));
    let agent = salon.house.somebody(&salon.owner.tenant, Role::Agent).await;
    let token = [("authorization", format!("Bearer {}", agent.access))];
    assert_eq!(port.refused_at(PATH, "", &token).await.1, "auth.forbidden");
    let refused = theirs.ask(&json!({ "type": "subscribe", "filters": { "provider": "somebody" } })).await;
    assert_eq!(refused["code"], "auth.forbidden", "{refused}");
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_with_the_member_that_is_wrong() {
    let salon = Salon::open().await;
    let port = Port::open(&salon.house).await;
    let mut socket = ListSocket::open_at(PATH, &port, &salon.owner).await;
    for (field, filters) in [
        ("status", json!({ "status": "lost" })),
        ("sort_by", json!({ "sort_by": "age" })),
        ("page_size", json!({ "page_size": 101 })),
        ("page", json!({ "page": 2 })),
        ("colour", json!({ "colour": "red" })),
        ("search", json!({ "search": ["a"] })),
    ] {
        let refused = socket.ask(&json!({ "type": "subscribe", "filters": filters })).await;
        assert_eq!((&refused["code"], &refused["field"]), (&json!("request.invalid_parameter"), &json!(field)), "{refused}");
    }
    for (field, request) in [
        ("type", json!({ "type": "dance" })),
        ("position", json!({ "type": "resume", "position": 99_999_999 })),
        ("position", json!({ "type": "resume" })),
        ("as_of", json!({ "type": "subscribe", "as_of": 7 })),
        ("as_of", json!({ "type": "get_customers", "as_of": 7 })),
        ("filters", json!({ "type": "unsubscribe", "subscription": "s", "filters": {} })),
        ("subscription", json!({ "type": "unsubscribe", "subscription": "none" })),
    ] {
        let refused = socket.ask(&request).await;
        assert_eq!((&refused["type"], &refused["field"]), (&json!("error"), &json!(field)), "{refused}");
    }
}
