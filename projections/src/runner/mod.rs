//! The runner: reads the log once per partition and feeds every projection.

mod apply;
mod board;
mod changeover;
mod health;
mod lane;
mod lease;
mod partition;
mod progress;
mod reader;
mod rhythm;
mod side_lane;
mod yard;

use std::time::Duration;

use event_log::Log;
use events::subject::Partition;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use health::{Health, ProjectionHealth};
pub use progress::Progress;

use crate::projection::Pace;
use crate::stores::ReadModels;
pub(crate) use apply::{Applied, Member};
use board::Board;
use changeover::Changeover;
pub(crate) use reader::Reader;
pub(crate) use rhythm::Rhythm;
use yard::Yard;

/// How the runner works.
#[derive(Debug, Clone, Copy)]
pub struct RunnerOptions {
    /// The most messages that one transaction applies, atomic batches of the log apart.
    pub most: usize,
    /// How long to wait after a first failure.
    pub backoff_first: Duration,
    /// How long to wait after many failures.
    pub backoff_most: Duration,
    /// How far behind the others a projection may be to start together with them, in positions; one that is farther behind
    /// catches up beside them.
    pub near: u64,
}

impl Default for RunnerOptions {
    fn default() -> Self {
        Self { most: 4_000, backoff_first: Duration::from_millis(200), backoff_most: Duration::from_secs(30), near: 10_000 }
    }
}

/// Keeps the read models current.
#[derive(Debug, Clone, Copy)]
pub struct Runner;

/// A runner at work.
#[derive(Debug)]
pub struct RunnerHandle {
    board: Board,
    stop: CancellationToken,
    kill: CancellationToken,
    tasks: TaskTracker,
}

impl Runner {
    /// Starts to keep the read models current. Several processes may do so on one PostgreSQL: one of them works, the others
    /// watch it, and one of these takes over when it is gone.
    #[must_use]
    pub fn start(log: &Log, models: &ReadModels, options: RunnerOptions) -> RunnerHandle {
        let board = Board::new(models, log.partitions());
        let (stop, kill, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        for number in 0..log.partitions() {
            let yard = Yard {
                log: log.clone(),
                models: models.clone(),
                partition: Partition(number),
                board: board.clone(),
                most: options.most.max(1),
                backoff: (options.backoff_first, options.backoff_most),
                near: options.near,
                stop: stop.clone(),
                kill: kill.clone(),
                tasks: tasks.clone(),
            };
            yard.clone().spawn(partition::run(yard));
        }
        let changeover = Changeover::new(log.clone(), models.clone(), board.clone()).run(stop.clone());
        let kill_changeover = kill.clone();
        tasks.spawn(async move {
            // A change of the catalogue that is cut off is rolled back.
            let _ = kill_changeover.run_until_cancelled_owned(changeover).await;
        });
        tasks.close();
        RunnerHandle { board, stop, kill, tasks }
    }
}

impl RunnerHandle {
    /// How far the prompt read models are, and waiting for them.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.board.progress(Pace::Prompt).clone()
    }

    /// How far the trailing read models are, and waiting for them.
    #[must_use]
    pub fn trailing(&self) -> Progress {
        self.board.progress(Pace::Trailing).clone()
    }

    /// How every projection is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        self.board.health()
    }

    /// Finishes what is being applied and stops.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }

    /// Stops in the middle of whatever is being done, as a crash would.
    pub async fn abort(self) {
        self.kill.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for RunnerHandle {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
