//! Commits, claims and servers for the tests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use event_log::testing::TestServer;
use event_log::{Append, Appended, Entry, Log, Stored};
use events::customer::{Forgotten, Profile, Registered};
use events::{
    Actor, ClaimKey, ClaimName, ClaimRecord, Commit, CorrelationId, CustomerEvent, CustomerId, Envelope, Event, EventId,
    NewEvent, Position, StreamRef, TenantId,
};

/// How long anything may take that a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub async fn server() -> TestServer {
    TestServer::start().await.expect("a nats-server: see `make tools`")
}

/// A server and a log on it.
pub async fn log() -> (TestServer, Log) {
    let server = server().await;
    let log = server.log().await.expect("a log");
    (server, log)
}

pub fn stream(tenant: &TenantId) -> StreamRef {
    StreamRef::customer(tenant, &CustomerId::generate())
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(Utc::now().timestamp_micros()).expect("a time")
}

/// A commit of one event.
pub fn commit(stream: &StreamRef, version: u64, name: &str) -> Commit {
    let profile = Profile { name: name.to_owned(), ..Profile::default() };
    let event = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
    of_event(stream, version, CustomerEvent::Registered(event))
}

pub fn tombstone(stream: &StreamRef, version: u64) -> Commit {
    of_event(stream, version, CustomerEvent::Forgotten(Forgotten {}))
}

pub fn of_event(stream: &StreamRef, version: u64, event: impl Into<Event>) -> Commit {
    Commit {
        envelope: Envelope {
            stream: stream.clone(),
            recorded_at: now(),
            actor: Actor::system("test"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        },
        first_version: version,
        events: vec![NewEvent { event_id: EventId::generate(), event: event.into() }],
    }
}

pub fn entry(commit: Commit, expected: Position) -> Entry {
    Entry::Commit { commit, expected }
}

/// An append of one commit.
pub fn single(commit: Commit, expected: Position) -> Append {
    Append { tenant: commit.envelope.stream.tenant.clone(), entries: vec![entry(commit, expected)] }
}

/// An append of the first commit of a new stream.
pub fn fresh(tenant: &TenantId, name: &str) -> Append {
    single(commit(&stream(tenant), 1, name), Position::START)
}

pub fn email(tenant: &TenantId, text: &str) -> ClaimKey {
    ClaimKey::email(tenant, ClaimName::CustomerEmail, text)
}

pub fn claim(key: &ClaimKey, record: ClaimRecord, expected: Position) -> Entry {
    Entry::Claim { key: key.clone(), record, expected, ttl: None }
}

pub fn held(owner: &str) -> ClaimRecord {
    ClaimRecord::Held { owner: owner.to_owned() }
}

/// The stream of an append's first entry.
pub fn stream_of(append: &Append) -> StreamRef {
    match append.entries.first().expect("an entry") {
        Entry::Commit { commit, .. } => commit.envelope.stream.clone(),
        Entry::Claim { .. } => panic!("a claim has no stream"),
    }
}

/// Appends `count` commits to one stream; answers what is then to be loaded.
pub async fn history(log: &Log, stream: &StreamRef, count: u64) -> Vec<Stored> {
    let mut stored = Vec::new();
    let mut expected = Position::START;
    for version in 1..=count {
        let commit = commit(stream, version, &format!("version {version}"));
        let Appended { positions } = log.append(single(commit.clone(), expected)).await.expect("recorded");
        expected = positions[0];
        stored.push(Stored { position: expected, commit });
    }
    stored
}

/// Waits until something is so.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < until, "waited in vain: {what}");
        tokio::task::yield_now().await;
    }
}
