//! Filling stores from the log, each up to a position of its own, in one reading.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use event_log::Log;
use events::Position;
use events::subject::Partition;
use futures_util::future::join_all;

use super::RebuildError;
use crate::checkpoint;
use crate::projection::Projection;
use crate::runner::{Applied, Member, Reader, Rhythm};
use crate::stores::{ReadModels, Store};

/// How many messages one transaction applies.
const BATCH: usize = 8_000;

/// Positions by partition.
pub(super) type Positions = BTreeMap<Partition, Position>;

/// A store to be filled, and how far.
pub(super) struct Goal {
    /// The projection that fills it.
    pub projection: Arc<dyn Projection>,
    /// The store.
    pub store: Store,
    /// How far in every partition.
    pub until: Positions,
}

/// What was read just now.
#[derive(Debug, Clone, Default)]
pub(super) struct Read {
    /// Positions of the log that were passed.
    pub positions: u64,
    /// Events that were folded in, for each goal.
    pub folded: Vec<u64>,
}

/// Fills the stores with everything that is in the log by now, from where their checkpoints are: empty ones from the start.
/// Answers how many events were folded in, over all projections.
///
/// # Errors
/// When log or database do not answer, an event does not fit, or a runner works on the same stores.
pub async fn fill(log: &Log, models: &ReadModels) -> Result<u64, RebuildError> {
    let mut until = Positions::new();
    for partition in log.all_partitions() {
        until.insert(partition, log.head(partition).await?);
    }
    fill_until(log, models, &until).await
}

/// As [`fill`], up to and including a position in every partition; a partition that is not named is left out.
///
/// # Errors
/// As for [`fill`].
pub async fn fill_until(log: &Log, models: &ReadModels, until: &BTreeMap<Partition, Position>) -> Result<u64, RebuildError> {
    let goal = |(projection, slot): (_, crate::stores::Slot)| Goal { projection, store: slot.serving, until: until.clone() };
    let goals: Vec<Goal> = models.each().into_iter().map(goal).collect();
    let mut folded = 0;
    fill_stores(log, &goals, &mut |read| folded += read.folded.iter().sum::<u64>()).await?;
    Ok(folded)
}

/// Fills stores, each up to its own goal.
pub(super) async fn fill_stores(log: &Log, goals: &[Goal], tell: &mut (dyn FnMut(Read) + Send)) -> Result<(), RebuildError> {
    for partition in log.all_partitions() {
        let mut fillings = Vec::new();
        for goal in goals {
            // A partition that is not named is left as it is.
            let until = goal.until.get(&partition).copied().unwrap_or_default();
            let member = Member::load(Arc::clone(&goal.projection), goal.store.clone(), partition).await?;
            fillings.push(Filling { member, until });
        }
        fill_partition(log, partition, &mut fillings, tell).await?;
    }
    Ok(())
}

/// A store that is being filled in one partition.
struct Filling {
    member: Member,
    until: Position,
}

async fn fill_partition(
    log: &Log,
    partition: Partition,
    fillings: &mut [Filling],
    tell: &mut (dyn FnMut(Read) + Send),
) -> Result<(), RebuildError> {
    let last = fillings.iter().map(|filling| filling.until).max().unwrap_or_default();
    let mut at = fillings.iter().map(|filling| filling.member.position).min().unwrap_or(last);
    if at < last {
        let mut reader = Reader::range(log, partition, at, last).await?;
        while let Some(messages) = reader.next(Rhythm::at_once(BATCH)).await? {
            let applied = join_all(fillings.iter_mut().map(|filling| async {
                let (name, until) = (filling.member.projection.name(), filling.until);
                let part = messages.until(until);
                (name, filling.member.apply(partition, part).await)
            }));
            let mut folded = Vec::new();
            for (name, applied) in applied.await {
                match applied {
                    Applied::Done(more) => folded.push(more),
                    Applied::Failed(source) => return Err(RebuildError::Apply { name, source }),
                    Applied::Conflict => return Err(RebuildError::Contended),
                }
            }
            tell(Read { positions: messages.last.0.saturating_sub(at.0), folded });
            at = messages.last;
        }
    }
    for filling in fillings {
        // What is behind the last message is empty.
        filling.member.position = filling.member.position.max(filling.until);
        if !filling.member.settle(partition).await? {
            return Err(RebuildError::Contended);
        }
    }
    Ok(())
}

/// Positions that are to be read to fill all of these.
pub(super) async fn to_go(goals: &[Goal]) -> Result<u64, RebuildError> {
    let mut to_go = 0;
    let partitions: BTreeSet<Partition> = goals.iter().flat_map(|goal| goal.until.keys().copied()).collect();
    for partition in partitions {
        let (mut from, mut to) = (u64::MAX, 0);
        for goal in goals {
            from = from.min(checkpoint::read(&goal.store.db, partition).await?.position.0);
            to = to.max(goal.until.get(&partition).map_or(0, |until| until.0));
        }
        to_go += to.saturating_sub(from);
    }
    Ok(to_go)
}
