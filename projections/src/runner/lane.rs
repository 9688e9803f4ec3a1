//! A lane: some projections that read the log together.
//!
//! The main lane has all that keep up. One that fails, or is far behind, gets a lane of its own until it is back at the main one;
//! the others go on meanwhile.

use std::time::Duration;

use event_log::Log;
use events::Position;
use events::subject::Partition;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::apply::{Applied, Member, apply};
use super::board::Board;
use super::reader::{Messages, Reader};
use crate::db::Db;
use crate::projection::ApplyError;

/// How often the end of the log is looked up.
const LOOK: Duration = Duration::from_secs(1);

/// What every lane of a partition shares.
#[derive(Clone)]
pub struct Yard {
    /// Where events come from.
    pub log: Log,
    /// Where rows go.
    pub db: Db,
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
enum Halt {
    /// It is to end.
    Stop,
    /// It reads again from where its members are.
    Again,
}

/// The lane of those that keep up.
pub struct MainLane {
    yard: Yard,
    members: Vec<Member>,
    joins: mpsc::Receiver<Member>,
    back: mpsc::Sender<Member>,
    backoff: Duration,
}

impl MainLane {
    /// Starts lanes for all members, and is their main one.
    pub fn new(yard: Yard, members: Vec<Member>) -> Self {
        let (back, joins) = mpsc::channel(members.len().max(1));
        let front = members.iter().map(|member| member.position).max().unwrap_or_default();
        let backoff = yard.backoff.0;
        let mut lane = Self { yard, members: Vec::new(), joins, back, backoff };
        for member in members {
            if front.0 - member.position.0 <= lane.yard.near {
                lane.members.push(member);
            } else {
                lane.send_aside(member, None);
            }
        }
        lane
    }

    /// Runs until the yard is stopped.
    pub async fn run(mut self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Halt::Again = self.read(&mut look).await {}
    }

    async fn read(&mut self, look: &mut Interval) -> Halt {
        self.fence().await;
        let Some(from) = self.members.iter().map(|member| member.position).min() else {
            return self.wait_for_one().await;
        };
        let mut reader = Reader::start(&self.yard.log, self.yard.partition, from);
        loop {
            tokio::select! {
                () = self.yard.stop.cancelled() => return Halt::Stop,
                _ = look.tick() => if self.fence().await { return Halt::Again },
                Some(member) = self.joins.recv() => {
                    self.members.push(member);
                    return Halt::Again;
                }
                messages = reader.next(self.yard.most) => match messages {
                    Ok(Some(messages)) => if let Err(halt) = self.take(&messages).await { return halt },
                    Ok(None) => return self.trouble("the log ended").await,
                    Err(error) => return self.trouble(&chain(&error)).await,
                }
            }
        }
    }

    async fn take(&mut self, messages: &Messages) -> Result<(), Halt> {
        match apply(&self.yard.db, self.yard.partition, &mut self.members, messages).await {
            Ok(Applied::Done { failed, folded }) => {
                self.backoff = self.yard.backoff.0;
                for (at, error) in failed.into_iter().rev() {
                    let member = self.members.remove(at);
                    self.send_aside(member, Some(error));
                }
                self.yard.tell(&self.members, messages, folded);
                if self.members.is_empty() { Err(Halt::Again) } else { Ok(()) }
            }
            Ok(Applied::Conflict) => {
                self.reload().await;
                Err(Halt::Again)
            }
            Err(error) => {
                let halt = self.trouble(&chain(&error)).await;
                self.reload().await;
                Err(halt)
            }
        }
    }

    /// Something that concerns all members: they say so, and it is tried again after a while.
    async fn trouble(&mut self, why: &str) -> Halt {
        tracing::error!(partition = self.yard.partition.0, why, "projections stand still");
        for member in &self.members {
            self.yard.board.failed(self.yard.partition, member.projection.name(), why);
        }
        let pause = self.backoff;
        self.backoff = (pause * 2).min(self.yard.backoff.1);
        self.yard.pause(pause).await
    }

    async fn reload(&mut self) {
        for member in &mut self.members {
            self.yard.reload(member).await;
        }
    }

    async fn wait_for_one(&mut self) -> Halt {
        tokio::select! {
            () = self.yard.stop.cancelled() => Halt::Stop,
            member = self.joins.recv() => {
                self.members.extend(member);
                Halt::Again
            }
        }
    }

    /// Puts aside members that are ahead of the log. Answers whether there were any.
    async fn fence(&mut self) -> bool {
        let Some(head) = self.yard.head().await else { return false };
        let before = self.members.len();
        let yard = &self.yard;
        self.members.retain(|member| !yard.fences(member, head));
        self.members.len() < before
    }

    fn send_aside(&self, member: Member, failure: Option<ApplyError>) {
        let lane = SideLane { yard: self.yard.clone(), member, most: self.yard.most, back: self.back.clone() };
        self.yard.spawn(lane.run(failure));
    }
}

/// The lane of one projection that is behind.
struct SideLane {
    yard: Yard,
    member: Member,
    most: usize,
    back: mpsc::Sender<Member>,
}

impl SideLane {
    async fn run(mut self, failure: Option<ApplyError>) {
        let mut backoff = self.yard.backoff.0;
        if let Some(error) = failure {
            self.fail(&chain(&error));
        }
        loop {
            match self.read().await {
                Ok(()) => break,
                Err(None) => backoff = self.yard.backoff.0,
                Err(Some(why)) => {
                    self.fail(&why);
                    if self.most > 1 {
                        // Find the event: in half as many, what comes before it is applied.
                        self.most /= 2;
                        continue;
                    }
                    if let Halt::Stop = self.yard.pause(backoff).await {
                        return;
                    }
                    backoff = (backoff * 2).min(self.yard.backoff.1);
                }
            }
            self.yard.reload(&mut self.member).await;
        }
        if !self.yard.stop.is_cancelled() {
            self.yard.board.recovered(self.yard.partition, self.member.projection.name());
            // The main lane ends only together with this one.
            let _ = self.back.send(self.member).await;
        }
    }

    /// Reads until it is at the end of the log, or until it is to stop. An error is what failed, or nothing for a conflict.
    async fn read(&mut self) -> Result<(), Option<String>> {
        if let Some(head) = self.yard.head().await
            && self.yard.fences(&self.member, head)
        {
            self.yard.stop.cancelled().await;
            return Ok(());
        }
        let mut reader = Reader::start(&self.yard.log, self.yard.partition, self.member.position);
        loop {
            let messages = tokio::select! {
                () = self.yard.stop.cancelled() => return Ok(()),
                messages = reader.next(self.most) => messages.map_err(|error| Some(chain(&error)))?,
            };
            let Some(messages) = messages else { return Err(Some("the log ended".to_owned())) };
            let members = std::slice::from_mut(&mut self.member);
            match apply(&self.yard.db, self.yard.partition, members, &messages).await {
                Ok(Applied::Done { failed, folded }) => {
                    if let Some((_, error)) = failed.first() {
                        return Err(Some(chain(error)));
                    }
                    self.yard.tell(members, &messages, folded);
                    self.most = (self.most * 2).min(self.yard.most);
                    if messages.pending == 0 {
                        return Ok(());
                    }
                }
                Ok(Applied::Conflict) => return Err(None),
                Err(error) => return Err(Some(chain(&error))),
            }
        }
    }

    fn fail(&self, why: &str) {
        let name = self.member.projection.name();
        tracing::error!(projection = name, partition = self.yard.partition.0, why, "projection stands still");
        self.yard.board.failed(self.yard.partition, name, why);
    }
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

    fn tell(&self, members: &[Member], messages: &Messages, folded: u64) {
        for member in members {
            self.board.at(self.partition, member.projection.name(), member.position, true);
        }
        if !messages.events.is_empty() {
            self.board.batch(self.partition, messages.events.len(), folded);
        }
    }

    /// The end of the log, if it can be looked up.
    async fn head(&self) -> Option<Position> {
        let head = self.log.head(self.partition).await.ok()?;
        self.board.head(self.partition, head);
        Some(head)
    }

    /// Whether a member is ahead of the log, which then lost data. It is never to be served as fresh.
    fn fences(&self, member: &Member, head: Position) -> bool {
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

    async fn reload(&self, member: &mut Member) {
        match Member::load(&self.db, std::sync::Arc::clone(&member.projection), self.partition).await {
            Ok(fresh) => *member = fresh,
            // The old position is safe: a checkpoint that is elsewhere refuses it.
            Err(error) => tracing::warn!(why = chain(&error), "checkpoint cannot be read"),
        }
    }

    async fn pause(&self, pause: Duration) -> Halt {
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
