//! Requests and answers of spec 000.

use events::Source;
use gateway::DoorOptions;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

use super::client::{ListSocket, names};
use super::people::People;
use crate::house::House;
use crate::socket::Port;

/// Some customers: John is a VIP on Telegram with an address, Mary wrote on Telegram, Ines wrote on Instagram and was read, Bob was
/// entered by hand with nothing.
async fn some(people: &People<'_>) {
    let vip = people.tag("VIP").await;
    let john = people.arrive(Source::Telegram, "John", "Doe", "john@example.com").await;
    people.put(&john, &vip).await;
    let mary = people.arrive(Source::Telegram, "Mary", "Major", "").await;
    people.write(&mary, Source::Telegram, "Hello, I need help!").await;
    let ines = people.arrive(Source::Instagram, "Ines", "Iota", "").await;
    people.write(&ines, Source::Instagram, "Oi").await;
    people.read(&ines).await;
    let body = json!({ "name": "Bob Bare", "email": "bob@example.com", "phone": "+15550100200" });
    let owner = people.house.somebody(&people.tenant, events::Role::Owner).await;
    people.house.post(Some(&owner), "/api/customers/", &body).await.is(201);
}

#[tokio::test]
async fn the_document_s_examples_give_what_they_say() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    some(&People::of(&house, &owner.tenant)).await;
    let mut socket = ListSocket::open(&port, &owner).await;
    let vip = socket.filter(&json!({ "tags": ["VIP"], "has_email": "true", "order_by": "-updated_at" })).await;
    assert_eq!(names(&vip), ["John"]);
    let unread = socket.filter(&json!({ "source": "telegram", "has_unread": "true", "conversation_status": "active" })).await;
    assert_eq!(names(&unread), ["Mary"]);
    let bare = socket.filter(&json!({ "has_email": "false", "has_phone": "false", "order_by": "created_at" })).await;
    assert_eq!(names(&bare), ["Mary", "Ines"]);
    let recent = json!({
        "source": "instagram", "last_activity_from": "2023-11-01", "conversation_status": "active", "order_by": "-updated_at",
    });
    assert_eq!(names(&socket.filter(&recent).await), ["Ines"]);
    let searched = socket.ask(&json!({ "type": "search_customers", "search_term": "doe JOHN" })).await;
    assert_eq!((names(&searched), &searched["filters"]), (vec!["John"], &json!({ "search": "doe JOHN" })));
    let everyone = socket.ask(&json!({ "type": "get_customers", "request_id": 7 })).await;
    assert_eq!((&everyone["count"], &everyone["request_id"]), (&json!(4), &json!(7)));
    assert_eq!(names(&everyone)[0], "Bob", "recently updated first");
}

#[tokio::test]
async fn an_answer_has_the_document_s_shape() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    some(&People::of(&house, &owner.tenant)).await;
    let mut socket = ListSocket::open(&port, &owner).await;
    let filters = json!({ "order_by": "first_name", "page": "2", "page_size": 3 });
    let answer = socket.ask(&json!({ "type": "refresh_customers", "filters": filters })).await;
    let pagination = json!({
        "count": 4, "page_count": 1, "page_size": 3, "page": 2, "total_pages": 2,
        "has_next": false, "has_previous": true, "offset": 3, "limit": 3,
    });
    assert_eq!((&answer["pagination"], &answer["count"], &answer["filters"]), (&pagination, &json!(4), &filters));
    let mary = &answer["customers"][0];
    let keys: Vec<_> = mary.as_object().expect("an object").keys().map(String::as_str).collect();
    let wanted = [
        "id",
        "first_name",
        "last_name",
        "username",
        "email",
        "phone_number",
        "source",
        "source_id",
        "profile_picture",
        "created_at",
        "updated_at",
        "last_activity",
        "tags",
        "conversations",
    ];
    assert_eq!(keys, wanted);
    let talk = &mary["conversations"][0];
    assert_eq!((&talk["title"], &talk["status"], &talk["unread_count"]), (&json!("Support Chat"), &json!("active"), &json!(1)));
    let message = &talk["last_message"];
    assert_eq!((&message["content"], &message["type"]), (&json!("Hello, I need help!"), &json!("customer")));
    assert_eq!(message["is_ai_response"], json!(false));
    let john = socket.filter(&json!({ "search": "john" })).await;
    assert_eq!(john["customers"][0]["tags"][0]["name"], "VIP");
}

#[tokio::test]
async fn filter_options_are_the_tenant_s_own() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    some(&People::of(&house, &owner.tenant)).await;
    let mut socket = ListSocket::open(&port, &owner).await;
    let answer = socket.ask(&json!({ "type": "get_filter_options" })).await;
    let options = &answer["options"];
    assert_eq!(answer["type"], "filter_options");
    assert_eq!(options["sources"], json!(["telegram", "instagram", "unknown"]));
    assert_eq!((&options["tags"], &options["conversation_statuses"]), (&json!(["VIP"]), &json!(["active"])));
    assert_eq!(options["has_unread_options"][1], json!({ "value": "false", "label": "No Unread Messages" }));
    assert_eq!(options["order_options"][0], json!({ "value": "-updated_at", "label": "Recently Updated" }));
    assert_eq!(answer["counts"]["sources"][0], json!({ "value": "telegram", "count": 2 }));
    assert_eq!(answer["counts"]["has_email"], json!({ "true": 2, "false": 2, "all": 4 }));
    let other = house.owner().await;
    let nothing = ListSocket::open(&port, &other).await.ask(&json!({ "type": "get_filter_options" })).await;
    assert_eq!((&nothing["options"]["sources"], &nothing["options"]["tags"]), (&json!([]), &json!([])));
}

/// The field that an error names, its message, and the values that it allows.
fn error(frame: &Value) -> (&str, &str, Vec<&str>) {
    assert_eq!(frame["type"], "error", "{frame}");
    assert!(frame["timestamp"].is_string());
    let allowed = frame["allowed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    (frame["field"].as_str().unwrap_or_default(), frame["message"].as_str().expect("a message"), allowed)
}

#[tokio::test]
async fn what_is_wrong_is_said_and_the_socket_goes_on() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let mut socket = ListSocket::open(&port, &owner).await;
    let wrong = socket.ask(&json!({ "type": "filter_customers", "filters": { "source": "fax" }, "request_id": "r" })).await;
    let (field, message, allowed) = error(&wrong);
    assert_eq!((field, wrong["request_id"].as_str()), ("source", Some("r")));
    assert_eq!(allowed, ["telegram", "instagram", "messenger", "unknown", "all"]);
    assert!(message.contains("telegram"));
    for (said, field) in [
        (json!({ "type": "filter_customers", "filters": { "sauce": "telegram" } }), "sauce"),
        (json!({ "type": "filter_customers", "filters": [] }), "filters"),
        (json!({ "type": "drop_customers" }), "type"),
        (json!({ "filters": {} }), "type"),
        (json!([1, 2]), "type"),
        (json!({ "type": "search_customers", "search_term": "x".repeat(201) }), "search_term"),
        (json!({ "type": "subscribe", "filters": { "page": 2 } }), "page"),
        (json!({ "type": "subscribe", "subscription": "" }), "subscription"),
        (json!({ "type": "unsubscribe", "subscription": "nothing" }), "subscription"),
        (json!({ "type": "subscribe", "as_of": 7 }), "as_of"),
        (json!({ "type": "subscribe", "id": "mine" }), "id"),
        (json!({ "type": "unsubscribe", "subscription": "s", "filters": {} }), "filters"),
        (json!({ "type": "get_customers", "position": 7 }), "position"),
        (json!({ "type": "get_filter_options", "filters": {} }), "filters"),
        (json!({ "type": "search_customers", "search_term": "x", "filters": { "search": "y" } }), "search_term"),
        (json!({ "type": "resume" }), "position"),
        (json!({ "type": "resume", "position": u64::MAX }), "position"),
        (json!({ "type": "get_customers", "request_id": {} }), "request_id"),
    ] {
        assert_eq!(error(&socket.ask(&said).await).0, field, "{said}");
    }
    let unknown = socket.ask(&json!({ "type": "subscribe", "as_of": 7, "request_id": "r" })).await;
    let (_, message, allowed) = error(&unknown);
    assert_eq!(
        (message, &unknown["request_id"], &unknown["code"]),
        (
            "subscribe has no member of this name; there are type, request_id, filters, subscription.",
            &json!("r"),
            &json!("request.invalid_parameter"),
        )
    );
    assert_eq!(allowed, ["type", "request_id", "filters", "subscription"]);
    let long = error(&socket.ask(&json!({ "type": "subscribe", "x".repeat(1_000): 1 })).await).0.len();
    assert_eq!(long, 64, "no more of it than is needed");
    socket.send(Message::text("{\"type\": ")).await;
    assert!(error(&socket.hear().await).1.contains("JSON"));
    socket.send(Message::binary(vec![1, 2, 3])).await;
    error(&socket.hear().await);
    assert_eq!(socket.filter(&json!({})).await["count"], 0);
    let text = json!({ "type": "get_customers", "filters": { "search": "x".repeat(100_000) } }).to_string();
    socket.send(Message::text(text)).await;
    assert_eq!(socket.0.ending().await, 1009);
}

#[tokio::test]
async fn who_is_signed_out_is_told_so() {
    let heartbeat = std::time::Duration::from_millis(50);
    let house = House::start_with(DoorOptions { requests_per_second: 0, heartbeat, ..DoorOptions::default() }).await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let viewer = house.somebody(&owner.tenant, events::Role::Viewer).await;
    let mut socket = ListSocket::open(&port, &viewer).await;
    socket.subscribe(&json!({})).await;
    let sign_out = async {
        let users = house.get(&owner, "/api/users/").await.is(200).json();
        let of = |user: &&Value| user["email"] == viewer.email.as_str();
        let id = users["results"].as_array().expect("users").iter().find(of).expect("the viewer")["id"].clone();
        let path = format!("/api/users/{}/", id.as_str().expect("an id"));
        house.patch(&owner, &path, &json!({ "is_active": false })).await.is(200);
    };
    // The client goes on reading meanwhile: a goodbye waits for two seconds only.
    let (ending, ()) = tokio::join!(socket.0.ending(), sign_out);
    assert_eq!(ending, 4401);
}
