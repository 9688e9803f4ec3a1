//! A side lane: one projection that failed, is far behind, or fills a new store, on its own.

use tokio::sync::mpsc;

use super::apply::{Applied, Member};
use super::reader::{Messages, Reader};
use super::rhythm::Rhythm;
use super::yard::{Halt, Yard, chain};
use crate::projection::ApplyError;

/// The lane of one projection that is behind.
pub struct SideLane {
    /// What it shares with the others.
    pub yard: Yard,
    /// The projection.
    pub member: Member,
    /// The most messages in a batch: fewer while it looks for the event that fails.
    pub most: usize,
    /// The way back to the main lane.
    pub back: mpsc::Sender<Member>,
}

impl SideLane {
    /// Runs until it is back at the end of the log. `failure`: why it had to leave the main lane.
    pub async fn run(mut self, failure: Option<ApplyError>) {
        let mut backoff = self.yard.backoff.0;
        if let Some(error) = failure {
            self.fail(&chain(&error));
        }
        while self.yard.is_current(&self.member) {
            match self.read().await {
                Ok(()) => return self.go_back().await,
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
    }

    async fn go_back(mut self) {
        self.yard.settle(&mut self.member).await;
        if !self.yard.stop.is_cancelled() {
            self.yard.board.recovered(self.yard.key(&self.member), self.member.store.generation);
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
                messages = reader.next(Rhythm::at_once(self.most)) => messages.map_err(|error| Some(chain(&error)))?,
            };
            let Some(messages) = messages else { return Err(Some("the log ended".to_owned())) };
            match self.member.apply(self.yard.partition, messages.all()).await {
                Applied::Done(folded) => {
                    self.tell(&messages, folded);
                    self.most = (self.most * 2).min(self.yard.most);
                    if messages.pending == 0 {
                        return Ok(());
                    }
                }
                Applied::Failed(error) => return Err(Some(chain(&error))),
                Applied::Conflict => return Err(None),
            }
        }
    }

    /// A store that is to take another's place says where it is in the main lane, where it is in step with that one.
    fn tell(&self, messages: &Messages, folded: u64) {
        if self.yard.is_read(&self.member) {
            self.yard.tell(std::slice::from_ref(&self.member), messages, folded);
        } else {
            self.yard.tell_batch(messages, folded);
        }
    }

    fn fail(&self, why: &str) {
        let name = self.member.projection.name();
        tracing::error!(projection = name, partition = self.yard.partition.0, why, "projection stands still");
        self.yard.board.failed(self.yard.key(&self.member), self.member.store.generation, why);
    }
}
