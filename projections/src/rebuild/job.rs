//! The two jobs: rebuild puts a new store in the place of the one that is read, verify only compares.
//!
//! Both fill a scratch store beside the one that is read, up to exactly where that one is, and compare the two in snapshots. A
//! job that is killed leaves nothing but a scratch store, which nobody reads and which is dropped by whoever comes next.

use std::sync::Arc;
use std::time::{Duration, Instant};

use event_log::Log;

use super::RebuildError;
use super::compare::compare;
use super::fill::{Goal, Positions, fill_stores, to_go};
use super::merge::Go;
use super::told::{Outcome, Stage, Told, Witness};
use crate::checkpoint;
use crate::db::Tx;
use crate::projection::{Projection, Replay};
use crate::stores::{Hold, ReadModels, Store};

/// How long to wait for the store that is read to get to the end of the log, before it is looked at a second time.
const SHOWN: Duration = Duration::from_secs(10);
/// How often to look whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Fills new stores for projections beside those that are read, compares them, and puts them in their places, whatever the
/// comparison says: the log is the truth. No names: all projections. Reads go on all the time. The old stores go when the last
/// reader has gone: [`ReadModels::sweep`].
///
/// # Errors
/// When log or database do not answer, an event does not fit, or another process does the same. Then nothing has changed.
pub async fn rebuild(
    log: &Log,
    models: &ReadModels,
    names: &[String],
    witness: &mut dyn Witness,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut job = Job::prepare(log, models, names, witness).await?;
    let done = job.rebuild().await;
    job.end(done).await
}

/// Fills scratch stores for projections and compares every row with those that are read, as of one position. No names: all
/// projections.
///
/// # Errors
/// As for [`rebuild`].
pub async fn verify(
    log: &Log,
    models: &ReadModels,
    names: &[String],
    witness: &mut dyn Witness,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut job = Job::prepare(log, models, names, witness).await?;
    let done = job.verify().await;
    job.end(done).await
}

/// A projection with both of its stores.
struct Item {
    projection: Arc<dyn Projection>,
    serving: Store,
    scratch: Store,
    events: u64,
    /// Nobody else does the same.
    _alone: Hold,
}

struct Job<'a> {
    log: &'a Log,
    models: &'a ReadModels,
    witness: &'a mut dyn Witness,
    items: Vec<Item>,
    told: Told,
}

impl<'a> Job<'a> {
    async fn prepare(
        log: &'a Log,
        models: &'a ReadModels,
        names: &[String],
        witness: &'a mut dyn Witness,
    ) -> Result<Self, RebuildError> {
        models.look().await?;
        models.sweep().await?;
        let mut items = Vec::new();
        for projection in chosen(models, names)? {
            let name = projection.name();
            if projection.replay() == Replay::Unsafe {
                return Err(RebuildError::Unsafe(name));
            }
            let slot = models.slot(name)?;
            if slot.coming.is_some() || !slot.is_full {
                return Err(RebuildError::Filling(name));
            }
            let alone = models.alone(name).await?.ok_or(RebuildError::Busy(name))?;
            let scratch = models.scratch(&*projection).await?;
            items.push(Item { projection, serving: slot.serving, scratch, events: 0, _alone: alone });
        }
        let told = Told { stage: Stage::Fills, read: 0, of: 0, folded: 0 };
        Ok(Self { log, models, witness, items, told })
    }

    async fn verify(&mut self) -> Result<Vec<Outcome>, RebuildError> {
        // Most of the way first, so that snapshots are not held for long.
        let mut goals = Vec::new();
        for item in &self.items {
            goals.push(self.places(item).await?);
        }
        let comparable: Vec<bool> = goals.iter().map(Option::is_some).collect();
        let heads = self.heads().await?;
        self.fill((0..).zip(goals.into_iter().map(|goal| goal.unwrap_or_else(|| heads.clone()))).collect()).await?;
        let mut outcomes = Vec::new();
        for (at, comparable) in comparable.into_iter().enumerate() {
            let compared = if comparable { Some(self.compare(at).await?) } else { None };
            let (projection, events) = (self.items[at].projection.name(), self.items[at].events);
            let (rows, differences) = compared.map_or((None, 0), |(rows, differences)| (Some(rows), differences));
            outcomes.push(Outcome { projection, events, rows, differences, generation: None });
        }
        Ok(outcomes)
    }

    async fn rebuild(&mut self) -> Result<Vec<Outcome>, RebuildError> {
        let mut outcomes = self.verify().await?;
        let heads = self.heads().await?;
        self.fill((0..self.items.len()).map(|at| (at, heads.clone())).collect()).await?;
        for (item, outcome) in self.items.iter().zip(&mut outcomes) {
            self.models.put_to_serve(item.projection.name(), item.scratch.generation).await?;
            outcome.generation = Some(item.scratch.generation);
        }
        Ok(outcomes)
    }

    /// Lets go of the scratch stores: those that do not serve are dropped.
    async fn end(self, done: Result<Vec<Outcome>, RebuildError>) -> Result<Vec<Outcome>, RebuildError> {
        let models = self.models;
        drop(self);
        models.look().await?;
        models.sweep().await?;
        done
    }

    /// Where the store that is read is; `None` when it is ahead of the log, so that nothing can be filled to where it is.
    async fn places(&self, item: &Item) -> Result<Option<Positions>, RebuildError> {
        let mut places = Positions::new();
        for partition in self.log.all_partitions() {
            places.insert(partition, checkpoint::read(&item.serving.db, partition).await?.position);
        }
        // The log's ends after the places: both grow meanwhile, and a store is never ahead of the end of its own log.
        let heads = self.heads().await?;
        let is_ahead = places.iter().any(|(partition, place)| heads.get(partition).is_none_or(|head| place > head));
        Ok((!is_ahead).then_some(places))
    }

    async fn heads(&self) -> Result<Positions, RebuildError> {
        let mut heads = Positions::new();
        for partition in self.log.all_partitions() {
            heads.insert(partition, self.log.head(partition).await?);
        }
        Ok(heads)
    }

    /// Fills scratch stores, by their places among the items, each up to its goal.
    async fn fill(&mut self, goals: Vec<(usize, Positions)>) -> Result<(), RebuildError> {
        let mut stores = Vec::new();
        for (at, until) in &goals {
            let item = &self.items[*at];
            stores.push(Goal { projection: Arc::clone(&item.projection), store: item.scratch.clone(), until: until.clone() });
        }
        self.told.stage = Stage::Fills;
        self.told.of += to_go(&stores).await?;
        let (items, told, witness) = (&mut self.items, &mut self.told, &mut *self.witness);
        fill_stores(self.log, &stores, &mut |read| {
            told.read += read.positions;
            told.folded += read.folded.iter().sum::<u64>();
            goals.iter().zip(read.folded).for_each(|((at, _), folded)| items[*at].events += folded);
            witness.progress(*told);
        })
        .await
    }

    /// Compares the stores of an item; rows and differences.
    async fn compare(&mut self, at: usize) -> Result<(u64, u64), RebuildError> {
        let projection = Arc::clone(&self.items[at].projection);
        let (mut stored, mut by_log) = self.snapshots(at).await?;
        let mut clean = true;
        let mut first = |_| {
            clean = false;
            Go::Stop
        };
        let rows = compare((&mut stored, &mut by_log), &*projection, &mut first).await?;
        stored.rollback().await?;
        by_log.rollback().await?;
        if clean {
            return Ok((rows, 0));
        }
        // An erasure takes events out of the log before every store has read its tombstone: look again when they have.
        self.until_shown(at).await?;
        let (mut stored, mut by_log) = self.snapshots(at).await?;
        let (mut differences, witness) = (0, &mut *self.witness);
        let mut every = |difference| {
            differences += 1;
            witness.differs(&difference);
            Go::On
        };
        let rows = compare((&mut stored, &mut by_log), &*projection, &mut every).await?;
        stored.rollback().await?;
        by_log.rollback().await?;
        Ok((rows, differences))
    }

    /// Both stores of an item at the same position.
    async fn snapshots(&mut self, at: usize) -> Result<(Tx, Tx), RebuildError> {
        let mut stored = self.items[at].serving.db.snapshot().await?;
        let mut until = Positions::new();
        for partition in self.log.all_partitions() {
            until.insert(partition, checkpoint::read_in(&mut stored, partition).await?.position);
        }
        self.fill(vec![(at, until)]).await?;
        let by_log = self.items[at].scratch.db.snapshot().await?;
        self.told.stage = Stage::Compares(self.items[at].projection.name());
        self.witness.progress(self.told);
        Ok((stored, by_log))
    }

    /// Waits until the store that is read shows what is in the log now; not for ever: it may stand still.
    async fn until_shown(&self, at: usize) -> Result<(), RebuildError> {
        let (begin, heads) = (Instant::now(), self.heads().await?);
        while begin.elapsed() < SHOWN {
            let mut shown = true;
            for (partition, head) in &heads {
                shown &= checkpoint::read(&self.items[at].serving.db, *partition).await?.position >= *head;
            }
            if shown {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }
}

/// The projections of these names; all when there are none.
fn chosen(models: &ReadModels, names: &[String]) -> Result<Vec<Arc<dyn Projection>>, RebuildError> {
    if names.is_empty() {
        return Ok(models.projections().to_vec());
    }
    let named = |name: &String| {
        let found = models.projections().iter().find(|projection| projection.name() == name);
        let all = || models.projections().iter().map(|projection| projection.name()).collect::<Vec<_>>().join(", ");
        found.cloned().ok_or_else(|| RebuildError::Unknown(name.clone(), all()))
    };
    let mut chosen = names.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    chosen.sort_by_key(|projection| projection.name());
    chosen.dedup_by_key(|projection| projection.name());
    Ok(chosen)
}
