//! Applies a batch: for every projection its rows and its checkpoint, in one transaction of its own store.

use std::cmp::Reverse;
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

/// Applies a batch to all members at once, and tells what became of it for each of them, in their order, which it may change.
///
/// Of two stores of a projection the later one goes first, and the earlier one gets only what the later one has: whoever reads the
/// earlier one may read the later one from any moment on, and sees nothing go back.
pub async fn apply(partition: Partition, members: &mut [Member], messages: &Messages) -> Vec<Applied> {
    members.sort_by_key(|member| (member.projection.name(), Reverse(member.store.generation)));
    let each = members.chunk_by_mut(|one, other| one.projection.name() == other.projection.name()).map(|stores| async move {
        let (mut all, mut goes_on) = (Vec::new(), true);
        for member in stores {
            let applied = if goes_on { member.apply(partition, messages.all()).await } else { Applied::Done(0) };
            goes_on &= matches!(applied, Applied::Done(_));
            all.push(applied);
        }
        all
    });
    join_all(each).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use events::StreamKind;
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::projection::{Pace, Replay, Shape, Table};
    use crate::testing::TestDb;
    use crate::testing::history::{PARTITION, history};

    /// Looks, whenever a store gets a batch, where the later store is. Fails at first.
    struct Looker {
        later: Mutex<Option<Store>>,
        seen: Mutex<Vec<Position>>,
    }

    impl Projection for Looker {
        fn name(&self) -> &'static str {
            "looker"
        }

        fn version(&self) -> u32 {
            1
        }

        fn pace(&self) -> Pace {
            Pace::Prompt
        }

        fn replay(&self) -> Replay {
            Replay::Safe
        }

        fn shape(&self) -> Shape {
            Shape { sqlite: "", postgres: "" }
        }

        fn tables(&self) -> &'static [Table] {
            &[]
        }

        fn kinds(&self) -> &'static [StreamKind] {
            &StreamKind::ALL
        }

        fn apply<'a>(&'a self, _: &'a mut crate::db::Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
            Box::pin(async move {
                let later = self.later.lock().expect("no panic").clone().expect("a store");
                let place = checkpoint::read(&later.db, batch.partition).await?.position;
                let mut seen = self.seen.lock().expect("no panic");
                seen.push(place);
                if seen.len() > 1 { Ok(()) } else { Err(ApplyError::event(batch.events[0], "at first")) }
            })
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_store_shows_nothing_that_the_one_that_takes_its_place_does_not_show() {
        for postgres in [false, true] {
            let looker = Arc::new(Looker { later: Mutex::default(), seen: Mutex::default() });
            let projections: [Arc<dyn Projection>; 1] = [looker.clone()];
            let test = if postgres { TestDb::postgres_with(&projections).await } else { TestDb::sqlite_with(&projections).await };
            let test = test.expect("a store");
            let earlier = test.models().slot("looker").expect("a slot").serving;
            let later = test.models().scratch(&*looker).await.expect("a store");
            *looker.later.lock().expect("no panic") = Some(later.clone());
            let mut members = Vec::new();
            for store in [earlier, later] {
                members.push(Member::load(looker.clone(), store, PARTITION).await.expect("a member"));
            }
            let (events, last) = (history(&[]), Position(100));
            let messages = Messages { events, last, pending: 0 };
            let applied = apply(PARTITION, &mut members, &messages).await;
            assert!(matches!(applied[..], [Applied::Failed(_), Applied::Done(0)]), "{applied:?}");
            assert!(members.iter().all(|member| member.position == Position::START), "what the later one lacks is not shown");
            let applied = apply(PARTITION, &mut members, &messages).await;
            assert!(matches!(applied[..], [Applied::Done(1..), Applied::Done(1..)]), "{applied:?}");
            assert_eq!(looker.seen.lock().expect("no panic")[1..], [Position::START, last], "the later one was first");
            test.models().close().await;
        }
    }
}
