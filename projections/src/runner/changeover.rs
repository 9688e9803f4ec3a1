//! Puts a generation in the place of the one that is read, as soon as it shows as much in every partition.
//!
//! Every process does so for itself, whoever fills the stores: its readers never see less than they have seen. For that a store
//! that is to come says where it is only while it is in step: then every batch goes to it first, and to the one that is read
//! afterwards, so that it is not behind at any later moment either.

use std::collections::BTreeMap;
use std::time::Duration;

use event_log::{Log, LogError};
use events::Position;
use events::subject::Partition;
use tokio_util::sync::CancellationToken;

use super::board::Board;
use super::yard::chain;
use crate::db::DbError;
use crate::stores::{ReadModels, Slot};

/// How often to look what other processes changed.
const LOOK: Duration = Duration::from_millis(250);
/// How often to drop what nobody reads any more.
const SWEEP: Duration = Duration::from_secs(5);

/// The changeovers of a process.
pub struct Changeover {
    log: Log,
    models: ReadModels,
    board: Board,
    /// What a generation that is being filled must show to be full: what was in the log when it was first looked at.
    goals: BTreeMap<(&'static str, i64), Vec<Position>>,
}

/// What kept it from looking.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error("the log cannot be asked")]
    Log(#[from] LogError),
    #[error("the stores cannot be changed")]
    Db(#[from] DbError),
}

impl Changeover {
    /// The changeovers of a runner.
    pub const fn new(log: Log, models: ReadModels, board: Board) -> Self {
        Self { log, models, board, goals: BTreeMap::new() }
    }

    /// Works until stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut moved = self.board.watch();
        let (mut look, mut sweep) = (tokio::time::interval(LOOK), tokio::time::interval(SWEEP));
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => self.models.look().await,
                _ = sweep.tick() => self.models.sweep().await.map(drop),
                Ok(()) = moved.changed(), if self.is_filling() => Ok(()),
            };
            let changed = match done {
                Ok(()) => self.change_over().await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = changed {
                tracing::warn!(why = chain(&error), "stores cannot be changed over");
            }
        }
    }

    fn is_filling(&self) -> bool {
        self.models.each().iter().any(|(_, slot)| slot.coming.is_some() || !slot.is_full)
    }

    async fn change_over(&mut self) -> Result<(), ChangeError> {
        for (projection, slot) in self.models.each() {
            let name = projection.name();
            let next = match &slot.coming {
                Some(coming) => coming.generation,
                None if !slot.is_full => slot.serving.generation,
                None => continue,
            };
            if self.shows_enough(name, &slot, next).await? {
                self.models.serve(name, next).await?;
                self.board.serves(self.log.partitions(), name, next);
                self.goals.retain(|(of, _), _| *of != name);
                tracing::info!(projection = name, generation = next, "is read from now on");
            }
        }
        Ok(())
    }

    async fn shows_enough(&mut self, name: &'static str, slot: &Slot, next: i64) -> Result<bool, ChangeError> {
        if !self.goals.contains_key(&(name, next)) {
            let mut heads = Vec::new();
            for partition in self.log.all_partitions() {
                heads.push(self.log.head(partition).await?);
            }
            self.goals.insert((name, next), heads);
        }
        let goals = self.goals.get(&(name, next)).into_iter().flatten();
        Ok((0..).map(Partition).zip(goals).all(|(partition, goal)| {
            let shown = slot.is_full.then(|| self.board.position(partition, name, slot.serving.generation)).flatten();
            self.board.position(partition, name, next).is_some_and(|at| at >= shown.unwrap_or_default().max(*goal))
        }))
    }
}
