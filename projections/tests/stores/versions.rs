//! A projection whose version was raised is filled anew at start, while the old generation serves if it can be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_log::testing::TestServer;
use events::{Position, StreamKind};
use futures_util::future::BoxFuture;
use projections::db::{Sql, Tx};
use projections::projection::{Batch, Replay, Shape, Table};
use projections::rebuild::rebuild;
use projections::testing::TestDb;
use projections::testing::history::history;
use projections::{ApplyError, DbError, DbOptions, Pace, Projection, ReadModels, Runner};
use tokio::sync::watch;

use crate::house::Notes;
use crate::support::{append, commits, healthy, options, reached, steps};

/// Counts events, each as many times as its version says; waits at a gate while it fills.
struct Counter {
    version: u32,
    readable_from: u32,
    gate: watch::Receiver<bool>,
}

const COUNTED: &str = "CREATE TABLE counted (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)";

impl Projection for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn readable_from(&self) -> u32 {
        self.readable_from
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        Shape { sqlite: COUNTED, postgres: COUNTED }
    }

    fn tables(&self) -> &'static [Table] {
        &[Table { name: "counted", columns: &["id", "n"], key: &["id"] }]
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &StreamKind::ALL
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            self.gate.clone().wait_for(|open| *open).await.expect("a gate");
            let by = batch.events.len() as i64 * i64::from(self.version);
            let add = "INSERT INTO counted (id, n) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET n = counted.n + excluded.n";
            tx.execute(Sql::fixed(add, [by.into()])).await?;
            Ok(())
        })
    }
}

async fn counted(models: &ReadModels) -> Result<i64, DbError> {
    let found: Option<(i64,)> = models.of("counter")?.fetch_optional(Sql::fixed("SELECT n FROM counted", [])).await?;
    Ok(found.map_or(0, |(n,)| n))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_version_is_filled_at_start_while_the_old_generation_serves_if_it_can_be_read() {
    for (postgres, readable) in [(false, true), (false, false), (true, true), (true, false)] {
        let (open, gate) = watch::channel(true);
        let counter = |version, readable_from| -> Vec<Arc<dyn Projection>> {
            vec![Arc::new(Counter { version, readable_from, gate: gate.clone() })]
        };
        let first = counter(1, 1);
        let test = if postgres { TestDb::postgres_with(&first).await } else { TestDb::sqlite_with(&first).await };
        let test = test.expect("stores");
        let server = TestServer::start().await.expect("nats-server");
        let log = server.log().await.expect("a log");
        let events = history(&steps(100));
        let last = append(&log, commits(&events)).await;
        let runner = Runner::start(&log, test.models(), options());
        reached(&runner, last).await;
        runner.stop().await;
        let n = events.len() as i64;
        assert_eq!(counted(test.models()).await.expect("a count"), n);

        // The program with the raised version starts; killed and started again, it goes on with what it had begun.
        open.send_replace(false);
        let second = counter(2, if readable { 1 } else { 2 });
        for _ in 0..3 {
            let models = ReadModels::open(test.url(), DbOptions::default(), &second).await.expect("stores");
            let runner = Runner::start(&log, &models, options());
            match counted(&models).await {
                Ok(counted) => assert!(readable && counted == n, "the old generation serves"),
                Err(error) => assert!(!readable && matches!(error, DbError::Filling(_)), "{error}"),
            }
            if readable {
                healthy(&runner, |health| health.is_ready(u64::MAX)).await;
            } else {
                assert!(!runner.health().is_ready(u64::MAX));
            }
            runner.abort().await;
        }
        let models = ReadModels::open(test.url(), DbOptions::default(), &second).await.expect("stores");
        let runner = Runner::start(&log, &models, options());
        open.send_replace(true);
        healthy(&runner, |health| health.projections.iter().all(|one| one.generation == 2 && !one.filling)).await;
        reached(&runner, last).await;
        assert_eq!(counted(&models).await.expect("a count"), 2 * n, "everything once, by the new version");
        test.models().close().await;
        runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_while_stores_change_places_sees_nothing_go_back() {
    for postgres in [false, true] {
        let (_open, gate) = watch::channel(true);
        let counter: Vec<Arc<dyn Projection>> = vec![Arc::new(Counter { version: 1, readable_from: 1, gate })];
        let test = if postgres { TestDb::postgres_with(&counter).await } else { TestDb::sqlite_with(&counter).await };
        let test = test.expect("stores");
        let server = TestServer::start().await.expect("nats-server");
        let log = server.log().await.expect("a log");
        let runner = Runner::start(&log, test.models(), options());
        let (writes, reads) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(true)));
        let writer = tokio::spawn({
            let (log, goes_on) = (log.clone(), Arc::clone(&writes));
            async move {
                let mut last = Position::START;
                for commit in commits(&history(&steps(20_000))) {
                    if !goes_on.load(Ordering::SeqCst) {
                        break;
                    }
                    last = append(&log, vec![commit]).await;
                }
                last
            }
        });
        let reader = tokio::spawn({
            let (models, goes_on) = (test.models().clone(), Arc::clone(&reads));
            async move {
                let mut seen = 0;
                while goes_on.load(Ordering::SeqCst) {
                    let now = counted(&models).await.expect("a count");
                    assert!(now >= seen, "{now} after {seen}");
                    seen = now;
                }
            }
        });
        for generation in 2..12 {
            rebuild(&log, test.models(), &[], &mut Notes::default()).await.expect("a rebuild");
            healthy(&runner, |health| health.projections.iter().all(|one| one.generation == generation)).await;
        }
        writes.store(false, Ordering::SeqCst);
        let last = writer.await.expect("all was appended");
        reached(&runner, last).await;
        reads.store(false, Ordering::SeqCst);
        reader.await.expect("nothing went back");
        runner.stop().await;
    }
}
