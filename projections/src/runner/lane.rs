//! The main lane of a pace: the projections that keep up read the log together.
//!
//! One that fails, or is far behind, gets a lane of its own until it is back here; the others go on meanwhile.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::apply::{Applied, Member, apply};
use super::progress::Progress;
use super::reader::{Messages, Reader};
use super::rhythm::Rhythm;
use super::side_lane::SideLane;
use super::yard::{Halt, Yard, chain};
use crate::projection::{ApplyError, Pace};

/// How often the end of the log is looked up.
const LOOK: Duration = Duration::from_secs(1);

/// The lane of those that keep up.
pub struct MainLane {
    yard: Yard,
    pace: Pace,
    members: Vec<Member>,
    joins: mpsc::Receiver<Member>,
    back: mpsc::Sender<Member>,
    backoff: Duration,
}

impl MainLane {
    /// Starts lanes for all members, and is their main one. Members that come later are sent to it.
    pub fn new(yard: Yard, pace: Pace, members: Vec<Member>) -> (Self, mpsc::Sender<Member>) {
        let (back, joins) = mpsc::channel(members.len().max(1));
        let front = members.iter().map(|member| member.position).max().unwrap_or_default();
        let backoff = yard.backoff.0;
        let mut lane = Self { yard, pace, members: Vec::new(), joins, back: back.clone(), backoff };
        for member in members {
            if front.0 - member.position.0 <= lane.yard.near {
                lane.members.push(member);
            } else {
                lane.send_aside(member, None);
            }
        }
        (lane, back)
    }

    /// Runs until the yard is stopped.
    pub async fn run(mut self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Halt::Again = self.read(&mut look).await {}
        self.settle().await;
    }

    async fn read(&mut self, look: &mut Interval) -> Halt {
        self.fence().await;
        let Some(from) = self.members.iter().map(|member| member.position).min() else {
            return self.wait_for_one().await;
        };
        let mut reader = Reader::start(&self.yard.log, self.yard.partition, from);
        let progress = self.yard.board.progress(self.pace).clone();
        loop {
            // Before it is asked whether anybody waits: who begins afterwards is heard.
            let begins_to_wait = progress.begins_to_wait();
            let rhythm = self.rhythm(&progress);
            tokio::select! {
                () = self.yard.stop.cancelled() => return Halt::Stop,
                _ = look.tick() => {
                    self.settle().await;
                    if self.fence().await | self.dismiss() {
                        return Halt::Again;
                    }
                }
                Some(member) = self.joins.recv() => {
                    self.members.push(member);
                    return Halt::Again;
                }
                () = begins_to_wait, if self.pace == Pace::Trailing => {}
                messages = reader.next(rhythm) => match messages {
                    Ok(Some(messages)) => if let Err(halt) = self.take(&messages).await { return halt },
                    Ok(None) => return self.trouble("the log ended").await,
                    Err(error) => return self.trouble(&chain(&error)).await,
                }
            }
        }
    }

    /// A trailing lane gathers, but for those who wait for it.
    fn rhythm(&self, progress: &Progress) -> Rhythm {
        if progress.is_waited_for(self.yard.partition) {
            return Rhythm::at_once(self.yard.most);
        }
        Rhythm::of(self.pace, self.yard.most)
    }

    async fn take(&mut self, messages: &Messages) -> Result<(), Halt> {
        let outcomes = apply(self.yard.partition, &mut self.members, messages).await;
        let (mut folded, mut elsewhere) = (0, false);
        for (at, applied) in outcomes.into_iter().enumerate().rev() {
            match applied {
                Applied::Done(more) => folded += more,
                Applied::Failed(error) => {
                    let member = self.members.remove(at);
                    self.send_aside(member, Some(error));
                    // The store that it was to replace did not get the batch either.
                    elsewhere = true;
                }
                Applied::Conflict => {
                    self.yard.reload(&mut self.members[at]).await;
                    elsewhere = true;
                }
            }
        }
        self.backoff = self.yard.backoff.0;
        self.yard.tell(&self.members, messages, folded);
        elsewhere |= self.dismiss();
        if elsewhere || self.members.is_empty() { Err(Halt::Again) } else { Ok(()) }
    }

    /// Something that concerns all members: they say so, and it is tried again after a while.
    async fn trouble(&mut self, why: &str) -> Halt {
        tracing::error!(partition = self.yard.partition.0, why, "projections stand still");
        for member in &self.members {
            self.yard.board.failed(self.yard.key(member), member.store.generation, why);
        }
        let pause = self.backoff;
        self.backoff = (pause * 2).min(self.yard.backoff.1);
        self.yard.pause(pause).await
    }

    /// Lets go of members whose stores were replaced. Answers whether there were any.
    fn dismiss(&mut self) -> bool {
        let before = self.members.len();
        let yard = &self.yard;
        self.members.retain(|member| yard.is_current(member));
        self.members.len() < before
    }

    async fn settle(&mut self) {
        for member in &mut self.members {
            self.yard.settle(member).await;
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
        self.yard.board.out_of_step(self.yard.key(&member), member.store.generation);
        let lane = SideLane { yard: self.yard.clone(), member, most: self.yard.most, back: self.back.clone() };
        self.yard.spawn(lane.run(failure));
    }
}
