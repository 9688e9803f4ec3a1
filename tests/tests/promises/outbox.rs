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
        told.insert(channel.next(Mood::Takes).await);
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
    assert_eq!(channel.next(Mood::Hangs).await, "jane");
    world = world.kill_and_start().await;
    channel.is_to(Mood::Takes);
    assert_eq!(channel.next(Mood::Takes).await, "jane");
    until("the answer is noted", || async { (count(&world, "message_delivered").await == 1).then_some(()) }).await;
    // The same plea again, as the channel would deliver it again: nothing more is said.
    let body = json!({ "page_id": page, "source_id": "jane", "message_id": "jane", "text": "I want to speak to a human" });
    let again = world.owner.post("/api/desk/inbound/", &body).await.expect(200).json();
    assert_eq!(again["is_repeated"], true);
    plea(&world, &page, "john").await;
    assert_eq!(channel.next(Mood::Takes).await, "john");
    until("both answers are noted", || async { (count(&world, "message_delivered").await == 2).then_some(()) }).await;
}
