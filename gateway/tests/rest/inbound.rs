//! `POST /api/desk/inbound/`: who wrote becomes a customer, what was written a message, and a plea a flag.

use events::{CustomerId, Role, StreamRef};
use futures_util::future::join_all;
use gateway::channel::inbound::ACKNOWLEDGEMENT;
use poem::http::Method;
use serde_json::json;

use crate::channels::{PLEA, connect, count, hand_on, head, history, stream, types};
use crate::house::House;

#[tokio::test]
async fn who_writes_first_becomes_a_customer_with_one_conversation_per_page() {
    let house = House::start().await;
    let owner = house.owner().await;
    let agent = house.somebody(&owner.tenant, Role::Agent).await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let first = hand_on(&house, &agent, &page, "42", "Hello").await;
    assert_eq!(
        (&first["is_new_customer"], &first["agent_requested"], &first["stop"]),
        (&json!(true), &json!(false), &json!(false))
    );
    let second = hand_on(&house, &agent, &page, "42", "Are you open?").await;
    assert_eq!((&second["customer_id"], &second["is_new_customer"]), (&first["customer_id"], &json!(false)));
    assert_eq!(second["conversation_id"], first["conversation_id"]);
    let stream = stream(&owner, &first);
    assert_eq!(types(&house, &stream).await, ["started", "message_received", "message_received"]);
    let customer = house.get(&owner, &format!("/api/customers/{}/", first["customer_id"].as_str().expect("an id"))).await.is(200);
    assert_eq!(customer.json()["name"], "Jane Doe");
    // The same person on another bot of the tenant is the same customer.
    let other_page = connect(&house, &owner, "telegram", "bot-2", json!({})).await;
    let third = hand_on(&house, &agent, &other_page, "42", "Hello").await;
    assert_eq!(third["customer_id"], first["customer_id"]);
    assert_ne!(third["conversation_id"], first["conversation_id"]);
    // On another channel the same id is somebody else.
    let instagram = connect(&house, &owner, "instagram", "shop", json!({})).await;
    assert_ne!(hand_on(&house, &agent, &instagram, "42", "Hello").await["customer_id"], first["customer_id"]);
}

#[tokio::test]
async fn a_message_counts_once_however_often_it_is_handed_on() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let body = json!({ "page_id": page, "source_id": 42, "message_id": 4711, "text": PLEA });
    let deliveries = join_all((0..16).map(|_| house.post(Some(&owner), "/api/desk/inbound/", &body))).await;
    let answers: Vec<_> = deliveries.into_iter().map(|answer| answer.is(200).json()).collect();
    assert_eq!(answers.iter().filter(|answer| answer["is_repeated"] == false).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer["agent_requested"] == true).count(), 1);
    let stream = stream(&owner, &answers[0]);
    assert_eq!(types(&house, &stream).await, ["started", "message_received", "bot_replied", "agent_requested", "status_changed"]);
    let before = head(&house, &owner).await;
    house.post(Some(&owner), "/api/desk/inbound/", &body).await.is(200);
    assert_eq!(head(&house, &owner).await, before, "nothing is recorded again");
}

#[tokio::test]
async fn a_plea_sets_the_flag_once_and_is_acknowledged_in_the_same_commit() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    hand_on(&house, &owner, &page, "42", "What time do you open?").await;
    let plea = hand_on(&house, &owner, &page, "42", PLEA).await;
    assert_eq!((&plea["agent_requested"], &plea["stop"]), (&json!(true), &json!(true)));
    let stream = stream(&owner, &plea);
    let said = history(&house, &stream).await;
    let last: Vec<_> = said.iter().filter(|event| event["position"] == plea["position"]).collect();
    let [received, word, requested, status] = last.as_slice() else { panic!("{last:?}") };
    assert_eq!(received["data"]["text"], PLEA);
    assert_eq!(word["data"]["text"], ACKNOWLEDGEMENT);
    assert_eq!((&requested["data"]["cause"], &requested["data"]["detector"]), (&json!("detector"), &json!("local")));
    assert_eq!(status["data"]["status"], "support_active");
    let again = hand_on(&house, &owner, &page, "42", "I said: a human please!").await;
    assert_eq!((&again["agent_requested"], &again["stop"]), (&json!(false), &json!(true)));
    assert_eq!(count(&house, &stream, "agent_requested").await, 1);
}

#[tokio::test]
async fn what_the_channel_tells_later_is_noted_and_what_it_leaves_out_stays() {
    let house = House::start().await;
    let owner = house.owner().await;
    house.customer(&owner, "Other", "taken@example.com").await;
    let page = connect(&house, &owner, "messenger", "100", json!({})).await;
    let tell = async |more: serde_json::Value| {
        let mut body = json!({ "page_id": page, "source_id": "7", "text": "Hello" });
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        house.post(Some(&owner), "/api/desk/inbound/", &body).await.is(200).json()
    };
    // The address is another customer's: who writes is a customer all the same.
    let first = tell(json!({ "username": "jane", "email": "Taken@example.com" })).await;
    tell(json!({ "first_name": "Jane" })).await;
    tell(json!({})).await;
    let id: CustomerId = first["customer_id"].as_str().expect("an id").parse().expect("an id");
    let events = history(&house, &StreamRef::customer(&owner.tenant, &id)).await;
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["customer.arrived", "customer.contact_changed"]);
    assert_eq!(events[0]["data"]["profile"]["email"], "");
    let contact = &events[1]["data"]["contact"];
    assert_eq!((&contact["username"], &contact["first_name"]), (&json!("jane"), &json!("Jane")));
}

#[tokio::test]
async fn who_was_deleted_and_writes_again_is_back_in_lists_and_the_trail_says_why() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let write = async |message: &str, email: &str| {
        let body = json!({ "page_id": page, "source_id": "42", "message_id": message, "text": "Hello", "first_name": "Jane", "email": email });
        house.post(Some(&owner), "/api/desk/inbound/", &body).await.is(200).json()
    };
    let first = write("m-1", "jane@example.com").await;
    let path = format!("/api/customers/{}/", first["customer_id"].as_str().expect("an id"));
    house.delete(&owner, &path).await.is(204);
    // What the channel delivers again is nothing new.
    let before = head(&house, &owner).await;
    assert_eq!(write("m-1", "").await["is_repeated"], true);
    assert_eq!(head(&house, &owner).await, before);
    house.get(&owner, &path).await.is(404);
    let again = write("m-2", "").await;
    assert_eq!((&again["customer_id"], &again["is_new_customer"]), (&first["customer_id"], &json!(false)));
    assert_eq!(house.get(&owner, &path).await.is(200).json()["email"], "jane@example.com");
    let trail = format!("/api/v1/audit-trail/?model=customer&object_id={}", first["customer_id"].as_str().expect("an id"));
    let trail = house.get(&owner, &trail).await.is(200).json();
    assert!(trail["results"].to_string().contains("Restored the customer, who wrote again over telegram"), "{trail}");
    // The address went to somebody else meanwhile: they keep it.
    house.delete(&owner, &path).await.is(204);
    house.customer(&owner, "Other Jane", "jane@example.com").await;
    write("m-3", "").await;
    assert_eq!(house.get(&owner, &path).await.is(200).json()["email"], "");
    let stream = stream(&owner, &first);
    assert_eq!(count(&house, &stream, "message_received").await, 3);
    let customer: CustomerId = first["customer_id"].as_str().expect("an id").parse().expect("an id");
    let types = types(&house, &StreamRef::customer(&owner.tenant, &customer)).await;
    assert_eq!(types, ["arrived", "deleted", "restored", "deleted", "profile_changed", "restored"]);
}

#[tokio::test]
async fn what_an_old_delivery_tells_of_who_wrote_is_no_news() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let write = async |message: &str, name: &str| {
        let body = json!({ "page_id": page, "source_id": "42", "message_id": message, "text": "Hello", "first_name": name });
        house.post(Some(&owner), "/api/desk/inbound/", &body).await.is(200).json()
    };
    let first = write("m-1", "Jane").await;
    write("m-2", "Janet").await;
    let before = head(&house, &owner).await;
    let again = write("m-1", "Jane").await;
    assert_eq!((&again["is_repeated"], &again["customer_id"]), (&json!(true), &first["customer_id"]));
    assert_eq!(head(&house, &owner).await, before, "nothing is recorded again");
    let contact = format!("/api/customers/{}/contact/", first["customer_id"].as_str().expect("an id"));
    assert_eq!(house.get(&owner, &contact).await.is(200).json()["first_name"], "Janet");
}

#[tokio::test]
async fn a_repeat_that_only_its_key_tells_is_answered_as_the_first_was_and_brings_nobody_back() {
    let house = House::start().await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let body = json!({ "page_id": page, "source_id": "42", "text": PLEA, "first_name": "Jane" });
    let write = async |key: &str| {
        house.ask(Some(&owner), Method::POST, "/api/desk/inbound/", &[("idempotency-key", key)], Some(&body)).await
    };
    let first = write("k-1").await.is(200).json();
    let path = format!("/api/customers/{}/", first["customer_id"].as_str().expect("an id"));
    house.delete(&owner, &path).await.is(204);
    let before = head(&house, &owner).await;
    let mut repeat = write("k-1").await.is(200).json();
    assert_eq!((repeat["is_repeated"].take(), repeat["is_new_customer"].take()), (json!(true), json!(false)));
    for member in ["customer_id", "conversation_id", "page_id", "position", "agent_requested", "stop"] {
        assert_eq!(repeat[member], first[member], "{member}");
    }
    assert_eq!(head(&house, &owner).await, before, "nothing is recorded again");
    house.get(&owner, &path).await.is(404);
    // The same words under another key are news.
    write("k-2").await.is(200);
    house.get(&owner, &path).await.is(200);
    // What is left of who was forgotten is that the key was used: the repeat makes nobody new.
    house.post(Some(&owner), &format!("{path}forget/"), &json!({})).await.is(204);
    let before = head(&house, &owner).await;
    write("k-1").await.problem(422, "idempotency.key_reused");
    assert_eq!(head(&house, &owner).await, before);
    // It is answered, too, where the page takes no messages any more.
    let again = write("k-3").await.is(200).json();
    house.delete(&owner, &format!("/api/pages/{page}/")).await.is(204);
    assert_eq!(write("k-3").await.is(200).json()["position"], again["position"]);
    write("k-4").await.problem(409, "page.disconnected");
}

#[tokio::test]
async fn what_cannot_be_taken_in_leaves_nothing_behind() {
    let house = House::start().await;
    let (owner, other) = (house.owner().await, house.owner().await);
    let page = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let foreign = connect(&house, &other, "telegram", "bot-1", json!({})).await;
    let body = |page: &str, writer: &str, text: &str| json!({ "page_id": page, "source_id": writer, "text": text });
    let before = head(&house, &owner).await;
    for page in [foreign.as_str(), "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11", "no id", ""] {
        let answer = house.post(Some(&owner), "/api/desk/inbound/", &body(page, "42", "Hello")).await;
        assert_eq!(answer.problem(403, "page.access_denied")["error"], "Page access denied");
    }
    let long = "x".repeat(20_001);
    for (writer, text) in [("42", ""), ("42", " \u{0007} "), ("42", long.as_str()), ("", "Hello"), ("two\nlines", "Hello")] {
        let answer = house.post(Some(&owner), "/api/desk/inbound/", &body(&page, writer, text)).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    house.post(Some(&viewer), "/api/desk/inbound/", &body(&page, "42", "Hello")).await.problem(403, "auth.forbidden");
    house.post(None, "/api/desk/inbound/", &body(&page, "42", "Hello")).await.problem(401, "auth.unauthenticated");
    let count = house.get(&owner, "/api/customers/").await.is(200).json()["count"].clone();
    assert_eq!(count, 0, "nobody was entered since {before}");
    house.delete(&owner, &format!("/api/pages/{page}/")).await.is(204);
    house.post(Some(&owner), "/api/desk/inbound/", &body(&page, "42", "Hello")).await.problem(409, "page.disconnected");
}
