//! The runner against a real log: catching up, crashes, failures, fences, and two at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::support::{LONG, append, commits, healthy, options, reached, same, steps};
use event_log::Log;
use event_log::testing::TestServer;
use events::{Event, Position, StreamKind};
use futures_util::future::BoxFuture;
use projections::db::Tx;
use projections::projection::{Batch, Replay, Shape, Table};
use projections::rebuild::{Dump, dump, fill};
use projections::testing::TestDb;
use projections::testing::history::{PARTITION, Step, history};
use projections::{ApplyError, DbOptions, Pace, Projection, ReadModels, Runner, RunnerHandle, RunnerOptions, registry};

async fn scratch(log: &Log) -> Dump {
    let test = TestDb::sqlite().await.expect("SQLite");
    fill(log, test.models()).await.expect("a rebuild");
    dump(test.models()).await.expect("a dump")
}

async fn live(models: &ReadModels) -> Dump {
    dump(models).await.expect("a dump")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_catches_up_and_goes_on_live() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let mut all = commits(&history(&steps(120)));
    let later = all.split_off(60);
    let first = append(&log, all).await;
    let test = TestDb::sqlite().await.expect("SQLite");
    let runner = Runner::start(&log, test.models(), options());
    reached(&runner, first).await;
    let last = append(&log, later).await;
    reached(&runner, last).await;
    same(&live(test.models()).await, &scratch(&log).await);
    healthy(&runner, |health| health.is_ready(0)).await;
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_repeats_nothing_and_skips_nothing() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let last = append(&log, commits(&history(&steps(300)))).await;
    for test in [TestDb::sqlite().await.expect("SQLite"), TestDb::postgres().await.expect("PostgreSQL")] {
        for round in 0..12_u64 {
            let runner = Runner::start(&log, test.models(), RunnerOptions { most: 7, ..options() });
            runner.progress().wait_for(PARTITION, Position(20 * round + 1), LONG).await;
            runner.abort().await;
        }
        let runner = Runner::start(&log, test.models(), options());
        reached(&runner, last).await;
        same(&live(test.models()).await, &scratch(&log).await);
        runner.stop().await;
    }
}

/// Counts customer events and stumbles over one position until it is mended.
struct Picky {
    stumbles_at: u64,
    mended: AtomicBool,
    seen: AtomicU64,
}

impl Projection for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }

    fn version(&self) -> u32 {
        1
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn tables(&self) -> &'static [Table] {
        &[]
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn shape(&self) -> Shape {
        Shape { sqlite: "", postgres: "" }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &StreamKind::ALL
    }

    fn apply<'a>(&'a self, _: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for recorded in &batch.events {
                if recorded.position.0 == self.stumbles_at && !self.mended.load(Ordering::SeqCst) {
                    return Err(ApplyError::event(recorded, "it tastes odd"));
                }
            }
            self.seen.fetch_add(batch.events.len() as u64, Ordering::SeqCst);
            Ok(())
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_that_fails_stops_at_the_event_and_the_others_go_on() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let events = history(&steps(100));
    let mut all = commits(&events);
    let later = all.split_off(50);
    append(&log, all).await;
    let picky = Arc::new(Picky { stumbles_at: 30, mended: AtomicBool::new(false), seen: AtomicU64::new(0) });
    let mut projections = registry::all();
    projections.push(picky.clone());
    let test = TestDb::sqlite_with(&projections).await.expect("SQLite");
    let runner = Runner::start(&log, test.models(), options());
    let last = append(&log, later).await;
    reached(&runner, last).await;
    let of_picky =
        |health: &projections::Health| health.projections.iter().find(|one| one.name == "picky").cloned().expect("picky");
    // Everything before the event is applied, and nothing behind it.
    healthy(&runner, |health| of_picky(health).position == Position(29)).await;
    let health = runner.health();
    assert!(of_picky(&health).failed.expect("a reason").contains("position 30"));
    assert!(!health.is_ready(u64::MAX));
    same(&live(test.models()).await, &scratch(&log).await);
    picky.mended.store(true, Ordering::SeqCst);
    healthy(&runner, |health| of_picky(health).position == last && health.is_ready(0)).await;
    assert_eq!(picky.seen.load(Ordering::SeqCst), events.len() as u64, "every event once");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_that_is_new_catches_up_beside_the_others() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let last = append(&log, commits(&history(&steps(80)))).await;
    let test = TestDb::sqlite_with(&registry::all().split_off(1)).await.expect("SQLite");
    let runner = Runner::start(&log, test.models(), options());
    reached(&runner, last).await;
    runner.stop().await;
    let mut all = registry::all();
    all.rotate_left(1);
    let models = ReadModels::open(test.url(), DbOptions::default(), &all).await.expect("one store more");
    let runner = Runner::start(&log, &models, RunnerOptions { near: 3, most: 5, ..options() });
    reached(&runner, last).await;
    same(&live(&models).await, &scratch(&log).await);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_ahead_of_the_log_is_fenced() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let (full, short) = (TestServer::start().await.expect("nats-server"), TestServer::start().await.expect("nats-server"));
    let log = full.log().await.expect("a log");
    let last = append(&log, commits(&history(&steps(40)))).await;
    let runner = Runner::start(&log, test.models(), options());
    reached(&runner, last).await;
    runner.stop().await;
    let before = live(test.models()).await;

    let shorter = short.log().await.expect("a log");
    append(&shorter, commits(&history(&steps(10)))).await;
    let runner = Runner::start(&shorter, test.models(), options());
    healthy(&runner, |health| health.projections.iter().all(|one| one.fenced)).await;
    assert!(!runner.health().is_ready(u64::MAX));
    assert_eq!(live(test.models()).await, before, "nothing is applied");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_runners_on_one_postgres_one_works_and_the_other_takes_over() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let test = TestDb::postgres().await.expect("PostgreSQL");
    let other = ReadModels::open(test.url(), DbOptions::default(), &registry::all()).await.expect("PostgreSQL");
    let mut all = commits(&history(&steps(200)));
    let later = all.split_off(100);
    let first = Runner::start(&log, test.models(), options());
    let second = Runner::start(&log, &other, options());
    let middle = append(&log, all).await;
    reached(&first, middle).await;
    reached(&second, middle).await;
    let applied = |runner: &RunnerHandle| runner.health().projections.iter().any(|one| one.last_applied_at.is_some());
    assert!(applied(&first) != applied(&second), "one of them works");
    let (leader, follower) = if applied(&first) { (first, second) } else { (second, first) };
    leader.abort().await;
    let last = append(&log, later).await;
    reached(&follower, last).await;
    assert!(applied(&follower), "the other took over");
    same(&live(test.models()).await, &scratch(&log).await);
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn erasure_leaves_what_a_rebuild_gives() {
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    let mut steps = steps(60);
    steps.extend((0..2).map(|customer| Step { tenant: 0, customer, what: 11, number: 4 }));
    let events = history(&steps);
    let last = append(&log, commits(&events)).await;
    let test = TestDb::sqlite().await.expect("SQLite");
    let runner = Runner::start(&log, test.models(), options());
    reached(&runner, last).await;
    let mut erased = 0;
    for recorded in &events {
        if let Event::Customer(events::CustomerEvent::Forgotten(_)) = recorded.event {
            let stream = &recorded.envelope.stream;
            let end = log.load(stream, Position::START).await.expect("a stream").last().expect("a tombstone").position;
            erased += log.erase(stream, end).await.expect("erased");
        }
    }
    assert!(erased > 2, "there was something to erase");
    same(&live(test.models()).await, &scratch(&log).await);
    runner.stop().await;
}
