//! Answers to customers outlive the process that was to send them: each is sent at least once, and noted once.

use std::collections::BTreeSet;

use kith_tests::channel::{Channel, Mood};
use kith_tests::{World, until};
use serde_json::json;

/// A service that sends to this channel, and a page.
async fn world(channel: &Channel) -> (World, String) {
    let url = channel.url.clone();
    let world = World::with(|options| options.env("KITH_MESSENGER_URL", &url)).await;
    let body = json!({ "source": "messenger", "external_id": "100", "name": "Shop", "access_token": "token" });
    let page = world.owner.post("/api/pages/", &body).await.expect(201).id();
    (world, page)
}

/// Somebody asks for a person, which is acknowledged.
async fn plea(world: &World, page: &str, writer: &str) {
    let body = json!({ "page_id": page, "source_id": writer, "message_id": writer, "text": "I want to speak to a human" });
    let taken = world.owner.post("/api/desk/inbound/", &body).await.expect(200).json();
    assert_eq!(taken["agent_requested"], true, "{taken}");
}

/// How many events of a type there are.
async fn count(world: &World, kind: &str) -> usize {
    world.owner.events(&format!("conversation.{kind}")).await.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_wait_outlive_a_kill() {
    let mut channel = Channel::start(Mood::Fails).await;
    let (mut world, page) = world(&channel).await;
    let writers: BTreeSet<String> = (0..5).map(|number| format!("writer-{number}")).collect();
    for writer in &writers {
        plea(&world, &page, writer).await;
    }
    channel.next(Mood::Fails).await;
    world = world.kill_and_start().await;
    channel.is_to(Mood::Takes);
    let mut told = BTreeSet::new();
    while told.len() < writers.len() {
        told.insert(channel.next(Mood::Takes).await.recipient);
    }
    assert_eq!(told, writers);
    until("all answers are noted", || async { (count(&world, "message_delivered").await >= writers.len()).then_some(()) }).await;
    assert_eq!(count(&world, "bot_replied").await, writers.len());
    assert_eq!(count(&world, "message_delivered").await, writers.len());
    assert_eq!(count(&world, "message_failed").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_sending_and_noting_sends_again_and_notes_once() {
    let mut channel = Channel::start(Mood::Hangs).await;
    let (mut world, page) = world(&channel).await;
    plea(&world, &page, "jane").await;
    assert_eq!(channel.next(Mood::Hangs).await.recipient, "jane");
    world = world.kill_and_start().await;
    channel.is_to(Mood::Takes);
    assert_eq!(channel.next(Mood::Takes).await.recipient, "jane");
    until("the answer is noted", || async { (count(&world, "message_delivered").await == 1).then_some(()) }).await;
    // The same plea again, as the channel would deliver it again: nothing more is said.
    let body = json!({ "page_id": page, "source_id": "jane", "message_id": "jane", "text": "I want to speak to a human" });
    let again = world.owner.post("/api/desk/inbound/", &body).await.expect(200).json();
    assert_eq!(again["is_repeated"], true);
    plea(&world, &page, "john").await;
    assert_eq!(channel.next(Mood::Takes).await.recipient, "john");
    until("both answers are noted", || async { (count(&world, "message_delivered").await == 2).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_two_parts_of_a_long_answer_loses_no_part_and_keeps_the_order() {
    let mut channel = Channel::start(Mood::TakesOnly(1)).await;
    let (mut world, page) = world(&channel).await;
    let body = json!({ "page_id": page, "source_id": "jane", "message_id": "m-1", "text": "Hello" });
    let taken = world.owner.post("/api/desk/inbound/", &body).await.expect(200).json();
    let reply = format!("/api/desk/customers/{}/bot_reply/", taken["customer_id"].as_str().expect("an id"));
    let long = "Your order left the kitchen at noon. ".repeat(110).trim().to_owned();
    for text in [long.as_str(), "short"] {
        let _ = world.owner.post(&reply, &json!({ "message": text, "page_id": page })).await.expect(200);
    }
    let first = channel.next(Mood::Takes).await;
    assert!(long.starts_with(&first.text) && first.text.len() < long.len());
    assert!(long.contains(&channel.next(Mood::Hangs).await.text));
    world = world.kill_and_start().await;
    channel.is_to(Mood::Takes);
    // Whoever takes over cannot know how far the other came: it begins with the first part.
    let mut heard = Vec::new();
    while heard.last().is_none_or(|text| text != "short") {
        heard.push(channel.next(Mood::Takes).await.text);
    }
    assert_eq!(heard.pop().as_deref(), Some("short"));
    assert_eq!((heard.len(), heard.join(" ")), (3, long));
    until("both answers are noted", || async { (count(&world, "message_delivered").await >= 2).then_some(()) }).await;
    assert_eq!((count(&world, "message_delivered").await, count(&world, "message_failed").await), (2, 0));
}
