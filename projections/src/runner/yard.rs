//! What the lanes of a partition share: where to read and write, whom to tell, and when to end.

use std::sync::Arc;
use std::time::Duration;

use event_log::Log;
use events::Position;
use events::subject::Partition;
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
            self.board.at(self.partition, member.projection.name(), member.position, true);
        }
        if !messages.events.is_empty() {
            self.board.batch(self.partition, messages.events.len(), folded);
        }
    }

    /// The end of the log, if it can be looked up.
    pub(super) async fn head(&self) -> Option<Position> {
        let head = self.log.head(self.partition).await.ok()?;
        self.board.head(self.partition, head);
        Some(head)
    }

    /// Whether a member is ahead of the log, which then lost data. It is never to be served as fresh.
    pub(super) fn fences(&self, member: &Member, head: Position) -> bool {
        if member.position <= head {
            return false;
        }
        let (name, position) = (member.projection.name(), member.position.0);
        tracing::error!(
            projection = name,
            partition = self.partition.0,
            position,
            head = head.0,
            "checkpoint is ahead of the log"
        );
        self.board.fenced(self.partition, name);
        true
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
