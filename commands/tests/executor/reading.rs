//! Notes of who looked at what.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use commands::Reading;
use event_log::{Log, LogOptions};
use events::access::Viewed;
use events::{AccessEvent, Event, Position, Recorded, StreamKind, TenantId};
use futures_util::StreamExt as _;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{World, meta};

const LONG: Duration = Duration::from_secs(30);

fn viewed(number: usize) -> AccessEvent {
    AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: format!("customer-{number}") })
}

/// Every event of the log so far.
async fn everything(log: &Log, tenant: &TenantId) -> Vec<Recorded> {
    let partition = log.partition_of(tenant);
    let head = log.head(partition).await.unwrap();
    let mut tail = Box::pin(log.tail(partition, Position::START));
    let mut found = Vec::new();
    while let Some(item) = tail.next().await {
        let item = item.unwrap();
        found.extend(item.commit.into_iter().flat_map(|commit| commit.recorded_at(item.position)));
        if item.position >= head {
            break;
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_note_that_was_left_is_written_once_before_the_end() {
    let world = World::start().await;
    let log = world.server.log().await.unwrap();
    let reading = Reading::start(log.clone());
    let tenants = [world.tenant.clone(), TenantId::generate()];
    for number in 0..1_000 {
        reading.note(&tenants[number % 2], meta(), viewed(number));
    }
    reading.close(LONG).await;
    let found = everything(&log, &world.tenant).await;
    let mut versions: BTreeMap<String, u64> = BTreeMap::new();
    for recorded in &found {
        let next = versions.entry(recorded.envelope.stream.to_string()).or_default();
        *next += 1;
        assert_eq!(recorded.version, *next, "a stream counts on");
        assert_eq!(recorded.envelope.actor.name, "Ana");
    }
    let ids: BTreeSet<_> = found.iter().map(|recorded| format!("{:?}", recorded.event)).collect();
    let expected = (0..1_000).map(|number| format!("{:?}", Event::from(viewed(number)))).collect();
    assert_eq!((found.len(), ids), (1_000, expected));
    let requests: BTreeSet<_> = found.iter().map(|recorded| recorded.envelope.correlation_id.as_str()).collect();
    assert_eq!(requests.len(), 1_000, "each keeps its own request");
    // A note that comes too late is lost, and nothing waits for it.
    reading.note(&world.tenant, meta(), viewed(0));
    assert_eq!(everything(&log, &world.tenant).await.len(), 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_log_is_away_notes_wait_and_none_is_doubled() {
    let world = World::start().await;
    let options = LogOptions { settle: Duration::from_millis(200), ..LogOptions::default() };
    let log = Log::connect(world.server.server().url(), options).await.unwrap();
    let reading = Reading::start(log.clone());
    reading.note(&world.tenant, meta(), viewed(0));
    let pid = world.server.server().pid().unwrap();
    kill(Pid::from_raw(pid.try_into().unwrap()), Signal::SIGKILL).unwrap();
    for number in 1..200 {
        reading.note(&world.tenant, meta(), viewed(number));
    }
    reading.close(LONG).await;
    let found = everything(&log, &world.tenant).await;
    let ids: BTreeSet<_> = found.iter().map(|recorded| format!("{:?}", recorded.event)).collect();
    assert_eq!((found.len(), ids.len()), (200, 200));
}
