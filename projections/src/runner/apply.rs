//! Applies a batch: for every projection its rows and its checkpoint, in one transaction of its own store.

use std::sync::Arc;

use events::Position;
use events::subject::Partition;
use futures_util::future::join_all;

use super::reader::{Messages, Part};
use crate::checkpoint::{self, Checkpoint, Mark};
use crate::db::DbError;
use crate::projection::{ApplyError, Batch, Projection};
use crate::stores::Store;

/// A projection, one of its stores, and where that is.
#[derive(Clone)]
pub struct Member {
    /// The projection.
    pub projection: Arc<dyn Projection>,
    /// The store that is filled.
    pub store: Store,
    /// Everything up to here that the projection wants is applied.
    pub position: Position,
    /// The last commit that was seen.
    pub mark: Option<Mark>,
    /// Where the checkpoint is. It is behind the position where nothing was wanted since.
    checkpoint: Position,
}

/// What became of a batch.
#[derive(Debug)]
pub enum Applied {
    /// It is applied and lasting; so many events were folded in.
    Done(u64),
    /// Nothing of it is applied.
    Failed(ApplyError),
    /// Somebody else moved the checkpoint: nothing of it is applied.
    Conflict,
}

impl Member {
    /// The projection where its checkpoint in a store says.
    pub async fn load(projection: Arc<dyn Projection>, store: Store, partition: Partition) -> Result<Self, DbError> {
        let Checkpoint { position, mark } = checkpoint::read(&store.db, partition).await?;
        Ok(Self { projection, store, position, mark, checkpoint: position })
    }

    /// Applies a batch, where it is not applied yet.
    pub async fn apply(&mut self, partition: Partition, part: Part<'_>) -> Applied {
        if self.position >= part.last {
            return Applied::Done(0);
        }
        let behind = part.events.partition_point(|recorded| recorded.position <= self.position);
        let new = &part.events[behind..];
        let mark = Mark::last_of(new).or_else(|| self.mark.clone());
        let batch = Batch::of(&*self.projection, partition, new);
        let wanted = batch.events.len() as u64;
        if wanted == 0 {
            (self.position, self.mark) = (part.last, mark);
            return Applied::Done(0);
        }
        match self.write(batch, Checkpoint { position: part.last, mark }).await {
            Ok(true) => Applied::Done(wanted),
            Ok(false) => Applied::Conflict,
            Err(error) => Applied::Failed(error),
        }
    }

    /// Moves the checkpoint to where nothing is wanted any more. Answers whether nobody else had moved it.
    pub async fn settle(&mut self, partition: Partition) -> Result<bool, DbError> {
        if self.checkpoint == self.position {
            return Ok(true);
        }
        let to = Checkpoint { position: self.position, mark: self.mark.clone() };
        let mut tx = self.store.db.begin().await?;
        if !checkpoint::advance(&mut tx, partition, self.checkpoint, &to).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.commit().await?;
        self.checkpoint = self.position;
        Ok(true)
    }

    async fn write(&mut self, batch: Batch<'_>, to: Checkpoint) -> Result<bool, ApplyError> {
        let mut tx = self.store.db.begin().await?;
        let partition = batch.partition;
        let applied = self.projection.apply(&mut tx, batch).await;
        let moved = match applied {
            Ok(()) => checkpoint::advance(&mut tx, partition, self.checkpoint, &to).await.map_err(ApplyError::from),
            Err(error) => Err(error),
        };
        if !matches!(moved, Ok(true)) {
            tx.rollback().await?;
            return moved;
        }
        tx.commit().await?;
        (self.position, self.checkpoint, self.mark) = (to.position, to.position, to.mark);
        Ok(true)
    }
}

/// Applies a batch to all members at once, and tells what became of it for each of them, in their order.
pub async fn apply(partition: Partition, members: &mut [Member], messages: &Messages) -> Vec<Applied> {
    join_all(members.iter_mut().map(|member| member.apply(partition, messages.all()))).await
}
