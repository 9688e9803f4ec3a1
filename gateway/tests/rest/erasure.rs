//! Forgetting a customer with their conversations: nothing that was written is left, and whoever writes next is somebody new.

use events::{Position, StreamRef};
use poem::http::Method;
use serde_json::{Value, json};

use crate::channels::{PLEA, answer, connect, hand_on, head, stream, types};
use crate::house::House;

const SECRET: &str = "my card number is 4111";

#[tokio::test]
async fn conversations_are_erased_with_the_customer_on_every_page_there_ever_was() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (one, gone) = (
        connect(&house, &owner, "telegram", "bot-1", json!({})).await,
        connect(&house, &owner, "telegram", "bot-2", json!({})).await,
    );
    let first = hand_on(&house, &owner, &one, "42", SECRET).await;
    let second = hand_on(&house, &owner, &gone, "42", PLEA).await;
    let (first_stream, second_stream) = (stream(&owner, &first), stream(&owner, &second));
    answer(&house, &second_stream, "You said: my card number is 4111").await;
    let before = head(&house, &owner).await;
    house.delete(&owner, &format!("/api/pages/{gone}/")).await.is(204);
    let id = first["customer_id"].as_str().expect("an id");
    house.post(Some(&owner), &format!("/api/customers/{id}/forget/"), &json!({})).await.is(204);
    // Again: nothing happens.
    house.post(Some(&owner), &format!("/api/customers/{id}/forget/"), &json!({})).await.is(204);
    for stream in [&first_stream, &second_stream] {
        assert_eq!(types(&house, stream).await, ["forgotten"]);
    }
    let customer = StreamRef::customer(&owner.tenant, &id.parse().expect("an id"));
    assert_eq!(types(&house, &customer).await, ["forgotten"]);
    let commits = house.state.log.page(&event_log::Selection::all(owner.tenant.clone()), Position::START, 500).await;
    let text = format!("{:?}", commits.expect("a log").commits);
    assert!(!text.contains("4111") && !text.contains("Jane"), "something is left in the log");
    for path in ["audit-trail/?model=conversation", "timeline/", "field-history/?model=conversation", "events/"] {
        let shown = house.get(&owner, &format!("/api/v1/{path}")).await.is(200).text;
        assert!(!shown.contains("4111") && !shown.contains("Jane"), "{path}: {shown}");
    }
    let trail = house.get(&owner, &format!("/api/v1/audit-trail/?model=conversation&object_id={}", first_stream.id())).await;
    let names = trail.is(200).json()["results"].clone();
    assert!(names.to_string().contains("Forgotten conversation"), "{names}");
    let as_of = format!("/api/customers/{id}/?as_of={before}");
    house.get(&owner, &as_of).await.is(410);
    let list = house.get(&owner, &format!("/api/customers/?as_of={before}")).await.is(200).text;
    assert!(!list.contains("Jane"), "{list}");
}

/// The operations of the document that are about one customer, by method and by path behind the customer's own.
fn about_a_customer() -> Vec<(Method, String)> {
    let document = gateway::openapi::document();
    let items = document["paths"].as_object().expect("paths").iter();
    let of_item = |(path, item): (&String, &Value)| {
        let behind = path.strip_prefix("/api/customers/{id}/")?.replace("{tag}", "0");
        let methods = item.as_object().expect("operations").keys();
        Some(methods.map(move |method| (method.to_uppercase().parse().expect("a method"), behind.clone())).collect::<Vec<_>>())
    };
    items.filter_map(of_item).flatten().collect()
}

#[tokio::test]
async fn whatever_is_asked_of_who_was_forgotten_is_gone_and_of_who_was_deleted_not_there() {
    let house = House::start().await;
    let (owner, other) = (house.owner().await, house.owner().await);
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let mut ids = Vec::new();
    for writer in ["1", "2"] {
        ids.push(hand_on(&house, &owner, &page, writer, "Hello").await["customer_id"].as_str().expect("an id").to_owned());
    }
    let [forgotten, deleted] = [&ids[0], &ids[1]];
    house.delete(&owner, &format!("/api/customers/{deleted}/")).await.is(204);
    house.post(Some(&owner), &format!("/api/customers/{forgotten}/forget/"), &json!({})).await.is(204);
    let body = |behind: &str| match behind {
        "tags/" => json!({ "tags": [] }),
        "orders/" => json!({ "amount": "1" }),
        "revert/" => json!({ "as_of": "1" }),
        _ => json!({ "name": "Jane", "email": "jane@example.com", "points": 1 }).as_object().map_or(Value::Null, |fields| {
            let wanted = |name: &String| (name == "points") == (behind == "update_points/");
            Value::Object(fields.clone().into_iter().filter(|(name, _)| wanted(name)).collect())
        }),
    };
    let operations = about_a_customer();
    assert!(operations.len() > 12, "{operations:?}");
    for (method, behind) in operations {
        let (place, body) = (format!("{method} {behind}"), (method != Method::GET).then(|| body(&behind)));
        let ask = async |who, id: &str| {
            let path = format!("/api/customers/{id}/{behind}");
            house.ask(Some(who), method.clone(), &path, &[], body.as_ref()).await
        };
        assert_eq!(ask(&other, forgotten).await.status, 404, "{place} by another tenant");
        assert_eq!(ask(&owner, "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11").await.status, 404, "{place} of nobody");
        if behind == "forget/" {
            ask(&owner, forgotten).await.is(204);
            continue;
        }
        let gone = ask(&owner, forgotten).await;
        assert_eq!(gone.status, 410, "{place}: {}", gone.text);
        gone.problem(410, "customer.forgotten");
        // The past of who was deleted is there, and so is the way back.
        if method == Method::GET && behind != "history/" {
            ask(&owner, deleted).await.problem(404, "request.not_found");
        }
    }
    let desk = format!("/api/desk/customers/{forgotten}/messages/?page_id={page}");
    house.get(&owner, &desk).await.problem(410, "customer.forgotten");
    assert_eq!(house.get(&other, &format!("/api/desk/customers/{forgotten}/messages/")).await.status, 404);
}

#[tokio::test]
async fn who_was_forgotten_and_writes_again_is_somebody_new() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let first = hand_on(&house, &owner, &page, "42", "Hello").await;
    let id = first["customer_id"].as_str().expect("an id");
    let path = format!("/api/customers/{id}/forget/");
    let version = house.get(&owner, &format!("/api/customers/{id}/")).await.is(200).wanted("etag");
    let headers = [("if-match", "\"99\"")];
    house.ask(Some(&owner), Method::POST, &path, &headers, None).await.problem(412, "version.mismatch");
    let headers = [("if-match", version.as_str()), ("idempotency-key", "forget-1")];
    house.ask(Some(&owner), Method::POST, &path, &headers, None).await.is(204);
    house.ask(Some(&owner), Method::POST, &path, &headers, None).await.is(204);
    let again = hand_on(&house, &owner, &page, "42", "Hello again").await;
    assert_eq!(again["is_new_customer"], true);
    assert_ne!((&again["customer_id"], &again["conversation_id"]), (&first["customer_id"], &first["conversation_id"]));
}
