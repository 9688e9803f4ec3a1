//! `/ws/provider/customers/`.

use events::Role;
use serde_json::{Value, json};

use crate::bookings::{Salon, at, entered};
use crate::house::Somebody;
use crate::socket::{Port, Socket};

const PATH: &str = "/ws/provider/customers/";

async fn follow(port: &Port, who: &Somebody, query: &str) -> Socket {
    port.ask_at(PATH, query, &[("authorization", format!("Bearer {}", who.access))]).await.expect("a socket")
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
    let mut socket = follow(&port, &salon.provider, "status=new&sort_by=name").await;
    let first = socket.told().await;
    assert_eq!((&first["type"], &first["count"], &first["customers"]), (&json!("subscribed"), &json!(0), &json!([])));
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    assert_eq!(said(&socket.told().await), ("customer_entered", "Jane", 1));
    let john = entered(&salon.house, &salon.owner, "John Doe", "john@example.com").await;
    salon.book(&salon.provider, &john, 120, 60).await.is(201);
    let entered = socket.told().await;
    assert_eq!(said(&entered), ("customer_entered", "John", 2));
    salon.house.patch(&salon.owner, &format!("/api/customers/{john}/"), &json!({ "phone": "+62 811" })).await.is(200);
    assert_eq!(said(&socket.told().await), ("customer_updated", "John", 2));
    salon.house.patch(&salon.owner, &format!("/api/customers/{john}/"), &json!({ "name": "Adam Doe" })).await.is(200);
    assert_eq!(said(&socket.told().await), ("customer_moved", "Adam", 2));
    salon.book(&salon.provider, &john, 240, 60).await.is(201);
    assert_eq!(said(&socket.told().await), ("customer_left", "Adam", 1));

    // Who comes back gets what was missed, in order and once.
    let after = entered["position"].as_u64().expect("a position");
    let mut again = follow(&port, &salon.provider, &format!("status=new&sort_by=name&after={after}")).await;
    assert_eq!(again.told().await, json!({ "type": "resumed", "position": after }));
    let mut types = Vec::new();
    for _ in 0..3 {
        types.push(said(&again.told().await).0.to_owned());
    }
    assert_eq!(types, ["customer_updated", "customer_moved", "customer_left"]);
    let mut anew = follow(&port, &salon.provider, "status=new").await;
    assert_eq!(anew.told().await["customers"][0]["customer"]["first_name"], "Jane");
    salon.house.post(Some(&salon.owner), &format!("/api/customers/{}/forget/", salon.customer), &json!({})).await.is(204);
    let gone = again.told().await;
    assert_eq!((&gone["type"], &gone["customer"]), (&json!("customer_left"), &Value::Null));
    assert_eq!(anew.told().await["relation"], gone["relation"]);
}

#[tokio::test]
async fn a_socket_tells_a_provider_their_own_customers_only() {
    let salon = Salon::open().await;
    let port = Port::open(&salon.house).await;
    let colleague = salon.house.somebody(&salon.owner.tenant, Role::Provider).await;
    let mut theirs = follow(&port, &colleague, "").await;
    let mut all = follow(&port, &salon.owner, "").await;
    assert_eq!((theirs.told().await["count"].clone(), all.told().await["count"].clone()), (json!(0), json!(0)));
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    assert_eq!(said(&all.told().await), ("customer_entered", "Jane", 1));
    let service = crate::bookings::offered(&salon.house, &colleague, "Haircut").await;
    let body = json!({ "service": service, "customer": salon.customer, "starts_at": at(60) });
    salon.house.post(Some(&colleague), "/api/bookings/", &body).await.is(201);
    assert_eq!(said(&theirs.told().await), ("customer_entered", "Jane", 1), "and nothing of the other's before");
    assert_eq!(said(&all.told().await), ("customer_entered", "Jane", 2));
    let token = |who: &Somebody| [("authorization", format!("Bearer {}", who.access))];
    let agent = salon.house.somebody(&salon.owner.tenant, Role::Agent).await;
    assert_eq!(port.refused_at(PATH, "", &token(&agent)).await.1, "auth.forbidden");
    assert_eq!(port.refused_at(PATH, "provider=somebody", &token(&colleague)).await.1, "auth.forbidden");
    for query in ["status=lost", "sort_by=age", "page_size=0", "page_size=101", "after=99999999"] {
        assert_eq!(port.refused_at(PATH, query, &token(&salon.owner)).await.1, "request.invalid_parameter", "{query}");
    }
}
