//! What tests of channels need: pages, messages, and what became of them in the log.

use std::time::Duration;

use commands::conversation::AgentSend;
use commands::{Conversation, ConversationCommand, Meta};
use events::conversation::Agent;
use events::{ConversationId, CustomerId, EventDocument, MessageId, PageId, Position, Recorded, StreamRef, UserId};
use futures_util::StreamExt;
use gateway::DoorOptions;
use gateway::channel::outbox::OutboxOptions;
use serde_json::{Value, json};

use crate::fake::FakeChannel;
use crate::house::{House, Somebody};

/// How long an event is waited for: for ever, if nothing is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message that asks for a person.
pub const PLEA: &str = "I want to speak to a human";

/// A door whose answers go to this channel, with little patience.
pub fn sends_to(channel: &FakeChannel) -> DoorOptions {
    let host = channel.url.trim_start_matches("http://").to_owned();
    let outbox = OutboxOptions {
        send_api_url: format!("{}/v23.0", channel.url),
        outbound_hosts: vec![host],
        timeout: Duration::from_secs(20),
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
        lease: Duration::from_secs(1),
        ..OutboxOptions::default()
    };
    DoorOptions { requests_per_second: 0, outbox, ..DoorOptions::default() }
}

/// Connects a page; gives its id.
pub async fn connect(house: &House, who: &Somebody, source: &str, account: &str, secrets: Value) -> String {
    let mut body = json!({ "source": source, "external_id": account, "name": format!("{source} {account}") });
    body.as_object_mut().expect("an object").extend(secrets.as_object().cloned().unwrap_or_default());
    let answer = house.post(Some(who), "/api/pages/", &body).await.is(201).json();
    answer["id"].as_str().expect("an id").to_owned()
}

/// Hands a message on; gives what became of it.
pub async fn hand_on(house: &House, who: &Somebody, page: &str, writer: &str, text: &str) -> Value {
    let body = json!({ "page_id": page, "source_id": writer, "text": text, "first_name": "Jane", "last_name": "Doe" });
    house.post(Some(who), "/api/desk/inbound/", &body).await.is(200).json()
}

/// The conversation that an answer of the door names.
pub fn stream(who: &Somebody, answer: &Value) -> StreamRef {
    let id = |name: &str| answer[name].as_str().expect("an id").to_owned();
    let (customer, page): (CustomerId, PageId) = (id("customer_id").parse().expect("ok"), id("page_id").parse().expect("ok"));
    assert_eq!(ConversationId::of(&customer, &page).as_str(), id("conversation_id"));
    StreamRef::conversation(&who.tenant, &ConversationId::of(&customer, &page))
}

/// A person answers; gives the position.
pub async fn answer(house: &House, conversation: &StreamRef, text: &str) -> Position {
    let id: UserId = "agent-1".parse().expect("an id");
    let agent = Agent { id, name: "Agus".into(), email: "agus@example.com".into() };
    let send = ConversationCommand::AgentSend(AgentSend { agent, message_id: MessageId::generate(), text: text.into() });
    let done = house.state.executor.execute::<Conversation>(conversation, send, &Meta::system("test"), None).await;
    done.expect("sent").position
}

/// The next event of a type behind a position, whatever stream it is on, and its position.
pub async fn event(house: &House, who: &Somebody, after: Position, kind: &str) -> (Value, Position) {
    let partition = house.state.log.partition_of(&who.tenant);
    let mut tail = std::pin::pin!(house.state.log.tail(partition, after));
    let found = async {
        loop {
            let item = tail.next().await.expect("a tail does not end").expect("a log");
            let Some(commit) = item.commit.filter(|commit| commit.envelope.stream.tenant == who.tenant) else { continue };
            let mut documents = commit.recorded_at(item.position).map(|recorded| document(&recorded));
            if let Some(found) = documents.find(|document| document["type"] == kind) {
                return (found, item.position);
            }
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("no {kind} came"))
}

/// What happened on a stream.
pub async fn history(house: &House, stream: &StreamRef) -> Vec<Value> {
    let commits = house.state.log.load(stream, Position::START).await.expect("a log");
    let events = commits.into_iter().flat_map(|stored| stored.commit.recorded_at(stored.position));
    events.map(|recorded| document(&recorded)).collect()
}

/// The types of what happened on a stream, without the kind.
pub async fn types(house: &House, stream: &StreamRef) -> Vec<String> {
    let name = |event: &Value| event["type"].as_str().and_then(|name| name.split('.').nth(1)).expect("a type").to_owned();
    history(house, stream).await.iter().map(name).collect()
}

/// How often something happened on a stream.
pub async fn count(house: &House, stream: &StreamRef, kind: &str) -> usize {
    types(house, stream).await.iter().filter(|name| *name == kind).count()
}

/// Where the log ends.
pub async fn head(house: &House, who: &Somebody) -> Position {
    house.state.log.head(house.state.log.partition_of(&who.tenant)).await.expect("a log")
}

fn document(recorded: &Recorded) -> Value {
    serde_json::to_value(EventDocument::of(recorded)).expect("JSON")
}
