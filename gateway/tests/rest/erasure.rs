//! Forgetting a customer with their conversations: nothing that was written is left, and whoever writes next is somebody new.

use events::{Position, StreamRef};
use serde_json::json;

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
    house.ask(Some(&owner), poem::http::Method::POST, &path, &headers, None).await.problem(412, "version.mismatch");
    let headers = [("if-match", version.as_str()), ("idempotency-key", "forget-1")];
    house.ask(Some(&owner), poem::http::Method::POST, &path, &headers, None).await.is(204);
    house.ask(Some(&owner), poem::http::Method::POST, &path, &headers, None).await.is(204);
    let again = hand_on(&house, &owner, &page, "42", "Hello again").await;
    assert_eq!(again["is_new_customer"], true);
    assert_ne!((&again["customer_id"], &again["conversation_id"]), (&first["customer_id"], &first["conversation_id"]));
}
