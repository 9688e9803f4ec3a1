//! Applies a batch: rows and checkpoints of all projections in one transaction.

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
        /// Those that failed, by their place among the members, and why. Nothing of the batch is in their tables.
        failed: Vec<(usize, ApplyError)>,
        /// How many events were folded in, over all projections.
        folded: u64,
    },
    /// Somebody else moved a checkpoint: nothing was applied.
    Conflict,
}

/// Applies a batch to every member that is behind its end.
pub async fn apply(db: &Db, partition: Partition, members: &mut [Member], messages: &Messages) -> Result<Applied, DbError> {
    let mut tx = db.begin().await?;
    let (mut failed, mut folded) = (Vec::new(), 0);
    for (at, member) in members.iter().enumerate().filter(|(_, member)| member.position < messages.last) {
        let events = wanted(member, messages);
        if !events.is_empty() {
            folded += events.len() as u64;
            tx.mark().await?;
            match member.projection.apply(&mut tx, Batch { partition, events }).await {
                Ok(()) => tx.keep_mark().await?,
                Err(error) => {
                    tx.undo_to_mark().await?;
                    failed.push((at, error));
                    continue;
                }
            }
        }
        let place = Place::of(&*member.projection, partition);
        if !checkpoint::advance(&mut tx, place, member.position, messages.last).await? {
            tx.rollback().await?;
            return Ok(Applied::Conflict);
        }
    }
    tx.commit().await?;
    for (at, member) in members.iter_mut().enumerate() {
        if failed.iter().all(|(failed, _)| *failed != at) {
            member.position = member.position.max(messages.last);
        }
    }
    Ok(Applied::Done { failed, folded })
}

fn wanted<'a>(member: &Member, messages: &'a Messages) -> Vec<&'a events::Recorded> {
    let behind = messages.events.partition_point(|recorded| recorded.position <= member.position);
    messages.events[behind..].iter().filter(|recorded| member.projection.wants(&recorded.event)).collect()
}
