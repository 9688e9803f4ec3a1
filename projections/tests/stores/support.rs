//! What the tests of the stores share: a log with a made-up history in it, and waiting for what is to happen.

use std::time::Duration;

use event_log::{Append, Entry, Log};
use events::{Commit, NewEvent, Position, Recorded};
use projections::rebuild::Dump;
use projections::testing::history::{PARTITION, Step};
use projections::{RunnerHandle, RunnerOptions};

/// How long anything may take.
pub const LONG: Duration = Duration::from_secs(30);

/// A made-up history.
pub fn steps(count: u16) -> Vec<Step> {
    let step =
        |n: u16| Step { tenant: (n % 2) as u8, customer: (n % 5) as u8, what: (n / 3 % 10) as u8, number: n.wrapping_mul(37) };
    (0..count).map(step).collect()
}

/// The commits of a made-up history.
pub fn commits(events: &[Recorded]) -> Vec<Commit> {
    let mut commits: Vec<(Position, Commit)> = Vec::new();
    for recorded in events {
        let new = NewEvent { event_id: recorded.event_id, event: recorded.event.clone() };
        match commits.last_mut() {
            Some((at, commit)) if *at == recorded.position => commit.events.push(new),
            _ => {
                let envelope = (*recorded.envelope).clone();
                commits.push((recorded.position, Commit { envelope, first_version: recorded.version, events: vec![new] }));
            }
        }
    }
    commits.into_iter().map(|(_, commit)| commit).collect()
}

/// Appends commits one after another, each where its stream stands.
pub async fn append(log: &Log, commits: Vec<Commit>) -> Position {
    let mut last = Position::START;
    for commit in commits {
        let stream = commit.envelope.stream.clone();
        let stored = log.load(&stream, Position::START).await.expect("a stream");
        let expected = stored.last().map_or(Position::START, |stored| stored.position);
        let entries = vec![Entry::Commit { commit, expected }];
        last = log.append(Append { tenant: stream.tenant, entries }).await.expect("appended").last();
    }
    last
}

/// Tests do not wait for long.
pub fn options() -> RunnerOptions {
    RunnerOptions {
        backoff_first: Duration::from_millis(10),
        backoff_most: Duration::from_millis(50),
        ..RunnerOptions::default()
    }
}

/// Waits until everything is applied up to here.
pub async fn reached(runner: &RunnerHandle, position: Position) {
    for progress in [runner.progress(), runner.trailing()] {
        assert!(progress.wait_for(PARTITION, position, LONG).await, "{:?}", runner.health());
    }
}

/// Tables are equal; where not, only the first row that differs is told.
#[track_caller]
pub fn same(left: &Dump, right: &Dump) {
    for (table, rows) in left {
        let other = &right[table];
        let first = rows.iter().zip(other).find(|(left, right)| left != right);
        assert!(first.is_none() && rows.len() == other.len(), "{table}: {} and {} rows, {first:?}", rows.len(), other.len());
    }
}

/// Waits until health says what is asked for.
pub async fn healthy(runner: &RunnerHandle, what: impl Fn(&projections::Health) -> bool) {
    let waits = async {
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        while !what(&runner.health()) {
            tick.tick().await;
        }
    };
    assert!(tokio::time::timeout(LONG, waits).await.is_ok(), "{:?}", runner.health());
}
