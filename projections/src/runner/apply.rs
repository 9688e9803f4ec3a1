//! Applies a batch: rows and checkpoints of all projections in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::Position;
use events::subject::Partition;

use super::reader::Messages;
use crate::checkpoint::{self, Place};
use crate::db::{Db, DbError};
use crate::projection::{ApplyError, Batch, Projection};

/// A projection and where it is.
#[derive(Clone)]
pub struct Member {
    /// The projection.
    pub projection: Arc<dyn Projection>,
    /// Everything up to here is applied.
    pub position: Position,
}

impl Member {
    /// The projection where its checkpoint says.
    pub async fn load(db: &Db, projection: Arc<dyn Projection>, partition: Partition) -> Result<Self, DbError> {
        let position = checkpoint::read(db, Place::of(&*projection, partition)).await?;
        Ok(Self { projection, position })
    }
}

/// What became of a batch.
#[derive(Debug)]
pub enum Applied {
    /// It is applied and lasting, but for the projections that failed.
    Done {
        /// Those that failed, by their place among the members (lowest first), and why. Nothing of the batch is in their tables.
        failed: Vec<(usize, ApplyError)>,
        /// How many events were folded in, over all projections.
        folded: u64,
    },
    /// Somebody else moved a checkpoint: nothing was applied.
    Conflict,
}

/// Applies a batch to every member that is behind its end.
///
/// Where one fails, everything is undone and done once more without it: failures are rare, and marks to go back to would cost
/// every batch two statements per member.
pub async fn apply(db: &Db, partition: Partition, members: &mut [Member], messages: &Messages) -> Result<Applied, DbError> {
    let mut failed: BTreeMap<usize, ApplyError> = BTreeMap::new();
    let folded = loop {
        let behind =
            members.iter().enumerate().filter(|(at, member)| member.position < messages.last && !failed.contains_key(at));
        match attempt(db, partition, behind.collect(), messages).await? {
            Attempt::Done(folded) => break folded,
            Attempt::Failed(at, error) => {
                failed.insert(at, error);
            }
            Attempt::Conflict => return Ok(Applied::Conflict),
        }
    };
    for (at, member) in members.iter_mut().enumerate() {
        if !failed.contains_key(&at) {
            member.position = member.position.max(messages.last);
        }
    }
    Ok(Applied::Done { failed: failed.into_iter().collect(), folded })
}

/// What became of one try.
enum Attempt {
    Done(u64),
    Failed(usize, ApplyError),
    Conflict,
}

async fn attempt(db: &Db, partition: Partition, behind: Vec<(usize, &Member)>, messages: &Messages) -> Result<Attempt, DbError> {
    let mut tx = db.begin().await?;
    let mut folded = 0;
    for (at, member) in &behind {
        let events = wanted(member, messages);
        if events.is_empty() {
            continue;
        }
        folded += events.len() as u64;
        if let Err(error) = member.projection.apply(&mut tx, Batch { partition, events }).await {
            tx.rollback().await?;
            return Ok(Attempt::Failed(*at, error));
        }
    }
    let places: Vec<_> = behind.iter().map(|(_, member)| (Place::of(&*member.projection, partition), member.position)).collect();
    if !checkpoint::advance(&mut tx, &places, messages.last).await? {
        tx.rollback().await?;
        return Ok(Attempt::Conflict);
    }
    tx.commit().await?;
    Ok(Attempt::Done(folded))
}

fn wanted<'a>(member: &Member, messages: &'a Messages) -> Vec<&'a events::Recorded> {
    let behind = messages.events.partition_point(|recorded| recorded.position <= member.position);
    messages.events[behind..].iter().filter(|recorded| member.projection.wants(&recorded.event)).collect()
}
