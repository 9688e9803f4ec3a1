//! What the lanes of a partition share: where to read and write, whom to tell, and when to end.

use std::sync::Arc;
use std::time::Duration;

use event_log::Log;
use events::Position;
use events::subject::Partition;
use futures_util::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::apply::Member;
use super::board::Board;
use super::reader::Messages;
use crate::stores::ReadModels;

/// What every lane of a partition shares.
#[derive(Clone)]
pub struct Yard {
    /// Where events come from.
    pub log: Log,
    /// Where rows go.
    pub models: ReadModels,
    /// Which part of the log.
    pub partition: Partition,
    /// Who wants to know.
    pub board: Board,
    /// The most messages in a batch.
    pub most: usize,
    /// How long to wait after a failure: the first time, and at most.
    pub backoff: (Duration, Duration),
    /// How far behind the others a projection may be to start together with them, in positions.
    pub near: u64,
    /// Ends all lanes, when each has finished its batch.
    pub stop: CancellationToken,
    /// Ends everything at once.
    pub kill: CancellationToken,
    /// The lanes' tasks.
    pub tasks: TaskTracker,
}

/// Why a lane does not go on as it is.
pub(super) enum Halt {
    /// It is to end.
    Stop,
    /// It reads again from where its members are.
    Again,
}

impl Yard {
    /// Starts a task that ends with the runner.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let kill = self.kill.clone();
        self.tasks.spawn(async move {
            // What is left undone is rolled back when its transaction is dropped.
            let _ = kill.run_until_cancelled_owned(work).await;
        });
    }

    pub(super) fn tell(&self, members: &[Member], messages: &Messages, folded: u64) {
        for member in members {
            self.board.at(self.key(member), member.store.generation, member.position, true);
        }
        self.tell_batch(messages, folded);
    }

    pub(super) fn tell_batch(&self, messages: &Messages, folded: u64) {
        if !messages.events.is_empty() {
            self.board.batch(self.partition, messages.events.len(), folded);
        }
    }

    /// The member's place on the board.
    pub(super) fn key(&self, member: &Member) -> (Partition, &'static str) {
        (self.partition, member.projection.name())
    }

    /// Whether a member's store is read, or is to be: not one that was replaced.
    pub(super) fn is_current(&self, member: &Member) -> bool {
        self.models.slot(member.projection.name()).is_ok_and(|slot| slot.serving.generation <= member.store.generation)
    }

    /// Whether a member's store is the one that is read.
    pub(super) fn is_read(&self, member: &Member) -> bool {
        self.models.slot(member.projection.name()).is_ok_and(|slot| slot.serving.generation == member.store.generation)
    }

    /// The end of the log, if it can be looked up.
    pub(super) async fn head(&self) -> Option<Position> {
        let head = self.log.head(self.partition).await.ok()?;
        self.board.head(self.partition, head);
        Some(head)
    }

    /// Whether a member is ahead of the log, which then lost data. It is never to be served as fresh.
    pub(super) fn fences(&self, member: &Member, head: Position) -> bool {
        if member.position > head {
            self.fence(member, "checkpoint is ahead of the log");
        }
        member.position > head
    }

    /// Whether a member was filled from another log than this one: what stood at its mark does not stand there any more.
    pub(super) async fn is_of_another_log(&self, member: &Member) -> bool {
        let Some(mark) = &member.mark else { return false };
        let before = Position(mark.position.0.saturating_sub(1));
        // Where the log cannot be asked, its reader will say so.
        let Ok(range) = self.log.range(self.partition, before, mark.position).await else { return false };
        let found = std::pin::pin!(range).next().await.and_then(Result::ok).filter(|found| found.position == mark.position);
        // Nothing there: it was erased, or is gone with everything behind it, which shows elsewhere.
        let Some(event) = found.and_then(|found| found.commit?.events.last().map(|event| event.event_id)) else { return false };
        if !mark.is(event) {
            self.fence(member, "checkpoint is of another log: this one was cut and has grown again");
        }
        !mark.is(event)
    }

    fn fence(&self, member: &Member, why: &str) {
        let (name, position) = (member.projection.name(), member.position.0);
        tracing::error!(projection = name, partition = self.partition.0, position, why, "projection is fenced");
        self.board.fenced(self.key(member), member.store.generation);
    }

    /// Looks where a member's checkpoint is now.
    pub(super) async fn reload(&self, member: &mut Member) {
        match Member::load(Arc::clone(&member.projection), member.store.clone(), self.partition).await {
            Ok(fresh) => *member = fresh,
            // The old position is safe: a checkpoint that is elsewhere refuses it.
            Err(error) => tracing::warn!(why = chain(&error), "checkpoint cannot be read"),
        }
    }

    /// Moves a member's checkpoint to where it is. What does not succeed only costs whoever starts next a look at more events.
    pub(super) async fn settle(&self, member: &mut Member) {
        match member.settle(self.partition).await {
            Ok(true) => {}
            Ok(false) => self.reload(member).await,
            Err(error) => tracing::warn!(why = chain(&error), "checkpoint cannot be moved"),
        }
    }

    pub(super) async fn pause(&self, pause: Duration) -> Halt {
        tokio::select! {
            () = self.stop.cancelled() => Halt::Stop,
            () = tokio::time::sleep(pause) => Halt::Again,
        }
    }
}

/// An error with all its sources, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
