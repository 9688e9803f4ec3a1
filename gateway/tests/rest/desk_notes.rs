//! `/api/desk/`: the bot's door, what was written, what is noted, who waits, who is available.

use events::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::house::House;

#[tokio::test]
async fn the_bot_answers_until_a_person_takes_over_and_not_what_the_person_dealt_with() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let [agent, bot] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "The Bot").await];
    let jane = desk.customer(&house, "Jane").await;
    let first = jane.writes(&house, "When do you open?").await;
    let reply = async |body: Value| house.post(Some(&bot), &jane.desk("/bot_reply/"), &body).await;
    let said = reply(json!({ "message": "At 9.", "answers": first, "message_id": "b-1" })).await.is(200).json();
    assert_eq!((&said["message_id"], &said["customer"]["message_count"]), (&json!("b-1"), &json!(2)));
    let again = reply(json!({ "message": "At 9.", "message_id": "b-1" })).await.is(200).json();
    assert_eq!(again["customer"]["message_count"], 2, "the same message is not sent again");

    let second = jane.writes(&house, "Can I bring my dog?").await;
    let prepared = house.get(&bot, &jane.path("")).await.is(200).wanted("etag");
    house.put(&agent, &jane.path("/stop"), &json!({ "stop": true })).await.is(200);
    let refused = reply(json!({ "message": "Yes.", "answers": second })).await.problem(409, "conversation.handled_by_person");
    assert_eq!(refused["error"], "A person handles this conversation");
    house.put(&agent, &jane.path("/stop"), &json!({ "stop": false })).await.is(200);
    reply(json!({ "message": "Yes.", "answers": second })).await.problem(409, "conversation.reply_outdated");
    let body = json!({ "message": "Yes." });
    let headers = [("if-match", prepared.as_str())];
    let late = house.ask(Some(&bot), Method::POST, &jane.desk("/bot_reply/"), &headers, Some(&body)).await;
    late.problem(412, "version.mismatch");
    let third = jane.writes(&house, "Thanks").await;
    reply(json!({ "message": "You are welcome.", "answers": third })).await.is(200);
    reply(json!({ "message": " " })).await.problem(400, "conversation.invalid");
    reply(json!({ "message": "Hello", "answers": "unknown" })).await.problem(404, "conversation.message_not_found");
}

#[tokio::test]
async fn what_was_written_is_listed_in_parts() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let agent = desk.agent(&house, "Agent A").await;
    let jane = desk.customer(&house, "Jane").await;
    for number in 1..=5 {
        jane.writes(&house, &format!("message {number}")).await;
    }
    let mut texts = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let part = house.get(&agent, &jane.desk(&format!("/messages/{query}"))).await.is(200).json();
        assert_eq!(part["count"], 5);
        texts.extend(part["messages"].as_array().expect("messages").iter().map(|message| message["text"].clone()));
        let Some(next) = part["next"].as_u64() else { break };
        query = format!("?limit=2&before={next}");
    }
    assert_eq!(texts, (1..=5).rev().map(|number| json!(format!("message {number}"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_noted_about_a_conversation_is_shown() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let agent = desk.agent(&house, "Agent A").await;
    let jane = desk.customer(&house, "Jane").await;
    jane.writes(&house, "One").await;
    let second = jane.writes(&house, "Two").await;
    jane.writes(&house, "Three").await;
    let note = async |what: &str, body: Value| house.post(Some(&agent), &jane.desk(what), &body).await;
    assert_eq!(note("/read/", json!({ "up_to": second })).await.is(200).json()["unread_count"], 1);
    assert_eq!(note("/read/", json!({})).await.is(200).json()["unread_count"], 0);
    assert_eq!(note("/rating/", json!({ "score": 4, "comment": "Good" })).await.is(200).json()["rating"], 4);
    assert_eq!(note("/priority/", json!({ "priority": "high" })).await.is(200).json()["priority"], "high");
    assert_eq!(note("/title/", json!({ "title": "Opening hours" })).await.is(200).json()["title"], "Opening hours");
    let stopped = note("/status/", json!({ "status": "support_active" })).await.is(200).json();
    assert_eq!((&stopped["status"], &stopped["stop"]), (&json!("support_active"), &json!(true)));
    let closed = note("/status/", json!({ "status": "closed" })).await.is(200).json();
    assert_eq!((&closed["status"], &closed["stop"]), (&json!("closed"), &json!(false)));
    for (what, body, status, code) in [
        ("/read/", json!({ "up_to": "unknown" }), 404, "conversation.message_not_found"),
        ("/rating/", json!({ "score": 6 }), 400, "conversation.invalid"),
        ("/rating/", json!({}), 400, "request.invalid"),
        ("/priority/", json!({ "priority": "soon" }), 400, "request.invalid"),
        ("/title/", json!({ "title": "" }), 400, "conversation.invalid"),
        ("/status/", json!({ "status": "open" }), 400, "request.invalid"),
    ] {
        note(what, body).await.problem(status, code);
    }
}

#[tokio::test]
async fn agents_speak_for_themselves_and_managers_for_everybody() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    const PATH: &str = "/api/desk/availability/";
    let mine = house.put(&a, PATH, &json!({ "is_available": true })).await.is(200).json();
    assert_eq!((&mine["agent_name"], &mine["is_available"], &mine["is_me"]), (&json!("Agent A"), &json!(true), &json!(true)));
    let id = mine["agent_id"].clone();
    let list = house.get(&b, PATH).await.is(200).json();
    let available: Vec<_> =
        list["agents"].as_array().expect("agents").iter().map(|agent| agent["is_available"] == true).collect();
    assert_eq!(available, [true, false, false]);
    house.put(&b, PATH, &json!({ "is_available": false, "agent_id": id })).await.problem(403, "auth.forbidden");
    let other = house.put(&owner, PATH, &json!({ "is_available": false, "agent_id": id })).await.is(200).json();
    assert_eq!((&other["is_available"], &other["is_me"]), (&json!(false), &json!(false)));
    house.put(&owner, PATH, &json!({ "is_available": true, "agent_id": "nobody" })).await.problem(400, "request.invalid");
    house.put(&a, PATH, &json!({})).await.problem(400, "request.invalid");

    const RULE: &str = "/api/desk/assignment_rule/";
    assert_eq!(house.get(&a, RULE).await.is(200).json()["rule"], "manual");
    house.put(&a, RULE, &json!({ "rule": "least_busy" })).await.problem(403, "auth.forbidden");
    assert_eq!(house.put(&owner, RULE, &json!({ "rule": "least_busy" })).await.is(200).json()["rule"], "least_busy");
    house.put(&owner, RULE, &json!({ "rule": "dice" })).await.problem(400, "request.invalid");
}
