//! A log with a history in it, read models that show it, and what comes of comparing them.

use event_log::Log;
use event_log::testing::TestServer;
use projections::db::Sql;
use projections::rebuild::{Difference, Outcome, Told, Witness, verify};
use projections::testing::TestDb;
use projections::testing::history::history;
use projections::{DbOptions, ReadModels, Runner, RunnerHandle, registry};

use crate::support::{append, commits, healthy, options, reached, steps};

/// Keeps what a job tells.
#[derive(Default)]
pub struct Notes(pub Vec<Difference>);

impl Witness for Notes {
    fn progress(&mut self, told: Told) {
        assert!(told.read <= told.of, "{told:?}");
    }

    fn differs(&mut self, difference: &Difference) {
        self.0.push(difference.clone());
    }
}

/// A log with a history in it, and read models that show it.
pub struct House {
    _server: TestServer,
    pub log: Log,
    pub test: TestDb,
    pub runner: RunnerHandle,
}

impl House {
    pub async fn with(test: TestDb, count: u16) -> Self {
        let server = TestServer::start().await.expect("nats-server");
        let log = server.log().await.expect("a log");
        let last = append(&log, commits(&history(&steps(count)))).await;
        let runner = Runner::start(&log, test.models(), options());
        reached(&runner, last).await;
        Self { _server: server, log, test, runner }
    }

    /// The same stores as another process opens them.
    pub async fn another_process(&self) -> ReadModels {
        ReadModels::open(self.test.url(), DbOptions::default(), &registry::all()).await.expect("the stores")
    }

    pub async fn verify(&self) -> (Vec<Outcome>, Vec<Difference>) {
        let mut notes = Notes::default();
        let outcomes = verify(&self.log, self.test.models(), &[], &mut notes).await.expect("a verification");
        (outcomes, notes.0)
    }

    pub async fn is_clean(&self) {
        let (outcomes, differences) = self.verify().await;
        assert_eq!(differences, []);
        assert!(outcomes.iter().all(|one| one.events > 0 && one.rows > Some(0) && one.differences == 0), "{outcomes:?}");
        assert_eq!(outcomes.len(), registry::all().len());
    }
}

/// A database of each kind.
pub async fn both() -> [TestDb; 2] {
    [TestDb::sqlite().await.expect("SQLite"), TestDb::postgres().await.expect("PostgreSQL")]
}

/// Runs a statement by hand; answers how many rows it touched.
pub async fn execute(models: &ReadModels, projection: &str, sql: impl Into<String>) -> u64 {
    let mut tx = models.of(projection).expect("a store").begin().await.expect("a transaction");
    let touched = tx.execute(Sql::composed(sql.into(), [])).await.expect("a statement");
    tx.commit().await.expect("a commit");
    touched
}

/// Every projection reads this generation.
pub async fn reads(runner: &RunnerHandle, generation: i64) {
    healthy(runner, |health| health.projections.iter().all(|one| one.generation == generation && one.failed.is_none())).await;
}
