//! A flight: appends on their way to the server, until every one of their callers has been told.

use std::time::Duration;

use events::Position;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::error::AppendError;
use crate::link::{ApiError, PATIENCE, PAUSE};
use crate::partition::Part;
use crate::publish::Sent;
use crate::standing::{Standing, look};
use crate::types::Appended;
use crate::wire::Outgoing;

/// An append that waits for its answer.
pub(crate) struct Waiting {
    pub(crate) messages: Vec<Outgoing>,
    pub(crate) caller: oneshot::Sender<Result<Appended, AppendError>>,
}

/// How often a refusal that nothing explains is tried again.
const TRIES: u32 = 5;

/// The server has no room for one more batch at the moment.
const TOO_MANY_BATCHES: u64 = 10_210;
/// The server's codes for an expectation that did not hold, and for a subject that another append is just writing.
const WRONG_SEQUENCE: [u64; 2] = [10_071, 10_164];
/// Parts of a batch did not arrive, as after a lost connection or when the server had no room for it.
const BATCH_INCOMPLETE: u64 = 10_176;

impl Waiting {
    fn tell(self, answer: Result<Appended, AppendError>) {
        // A caller that does not wait any more need not be told.
        let _ = self.caller.send(answer);
    }
}

/// One or more appends that go out together.
pub(crate) struct Flight<'a> {
    part: &'a Part,
    settle: Duration,
    /// Whether something was sent of which the outcome is not known.
    in_doubt: bool,
    tries: u32,
    until: Instant,
}

impl<'a> Flight<'a> {
    /// Sends the appends and tells every caller what came of it.
    pub(crate) async fn fly(part: &'a Part, settle: Duration, mut appends: Vec<Waiting>) {
        let mut flight = Self { part, settle, in_doubt: false, tries: 0, until: Instant::now() + PATIENCE.min(settle) };
        while !appends.is_empty() {
            appends = flight.attempt(appends).await;
        }
    }

    /// One try; gives back the appends that are not settled by it.
    async fn attempt(&mut self, appends: Vec<Waiting>) -> Vec<Waiting> {
        let epoch = match self.part.ready(self.until).await {
            Ok(Ok(epoch)) => epoch,
            Ok(Err(position)) => return self.give_up(appends, &AppendError::Torn(position)),
            Err(error) => return self.give_up(appends, &AppendError::Unavailable(error.to_string())),
        };
        if self.in_doubt {
            // What was sent over an earlier connection is looked for before anything is sent again.
            let Some(open) = self.sort_out(appends).await else { return Vec::new() };
            return self.send(epoch, open).await;
        }
        self.send(epoch, appends).await
    }

    async fn send(&mut self, epoch: u64, appends: Vec<Waiting>) -> Vec<Waiting> {
        if appends.is_empty() {
            return appends;
        }
        let messages: Vec<&Outgoing> = appends.iter().flat_map(|append| &append.messages).collect();
        let count = messages.len() as u64;
        match self.part.link.send(epoch, &messages).await {
            Sent::Recorded { last } => {
                recorded(appends, last + 1 - count);
                Vec::new()
            }
            Sent::Refused(error) => self.refused(appends, &error).await,
            Sent::Kept(why) => self.give_up(appends, &AppendError::Unavailable(why)),
            Sent::NobodyThere => self.again(appends, "the stream is not there").await,
            Sent::Lost => {
                if !self.in_doubt {
                    tracing::warn!(appends = appends.len(), "an acknowledgement got lost; looking the appends up");
                    self.in_doubt = true;
                    self.until = Instant::now() + self.settle;
                }
                self.again(appends, "no acknowledgement").await
            }
        }
    }

    async fn refused(&mut self, appends: Vec<Waiting>, error: &ApiError) -> Vec<Waiting> {
        if WRONG_SEQUENCE.contains(&error.err_code) {
            let before = appends.len();
            let Some(open) = self.sort_out(appends).await else { return Vec::new() };
            // Whoever was to blame has been told; the others go again at once.
            return if open.len() < before { open } else { self.unexplained(open).await };
        }
        if error.err_code == TOO_MANY_BATCHES || error.err_code == BATCH_INCOMPLETE {
            return self.again(appends, &error.description).await;
        }
        tracing::warn!(code = error.err_code, description = error.description, "an append was refused");
        let why = format!("{} ({})", error.description, error.err_code);
        match appends.len() {
            1 => self.give_up(appends, &AppendError::Unavailable(why)),
            _ => self.one_by_one(appends).await,
        }
    }

    /// The server says that an expectation does not hold, and a look at the log says that all do.
    async fn unexplained(&mut self, appends: Vec<Waiting>) -> Vec<Waiting> {
        self.tries += 1;
        if self.tries < TRIES {
            tokio::time::sleep(PAUSE * self.tries / 10).await;
            return appends;
        }
        match appends.len() {
            1 => self.give_up(appends, &AppendError::Conflict { index: None }),
            _ => self.one_by_one(appends).await,
        }
    }

    async fn one_by_one(&mut self, appends: Vec<Waiting>) -> Vec<Waiting> {
        for append in appends {
            let mut single = vec![append];
            let mut flight = Self { tries: 0, until: Instant::now() + self.settle, ..*self };
            while !single.is_empty() {
                single = Box::pin(flight.attempt(single)).await;
            }
        }
        Vec::new()
    }

    async fn again(&mut self, appends: Vec<Waiting>, why: &str) -> Vec<Waiting> {
        if Instant::now() >= self.until {
            return self.give_up(appends, &AppendError::Unavailable(why.to_owned()));
        }
        tokio::time::sleep(PAUSE).await;
        appends
    }

    /// Tells those that are recorded and those that were overtaken; gives back the rest. `None` when the log could not
    /// be asked; then all have been told.
    async fn sort_out(&mut self, appends: Vec<Waiting>) -> Option<Vec<Waiting>> {
        let messages: Vec<&[Outgoing]> = appends.iter().map(|append| append.messages.as_slice()).collect();
        let standings = loop {
            match look(&self.part.link, &self.part.stream, &messages, self.in_doubt).await {
                Ok(standings) => break standings,
                Err(error) if Instant::now() >= self.until => {
                    self.give_up(appends, &AppendError::Unavailable(error.to_string()));
                    return None;
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        };
        let mut open = Vec::new();
        for (append, standing) in appends.into_iter().zip(standings) {
            match standing {
                Standing::Recorded(appended) => append.tell(Ok(appended)),
                Standing::Overtaken(index) => append.tell(Err(AppendError::Conflict { index: Some(index) })),
                Standing::Open => open.push(append),
            }
        }
        Some(open)
    }

    /// Tells all that it failed: for this reason if nothing can have been recorded.
    fn give_up(&self, appends: Vec<Waiting>, why: &AppendError) -> Vec<Waiting> {
        let why = if self.in_doubt { AppendError::Uncertain(self.settle) } else { why.clone() };
        for append in appends {
            append.tell(Err(why.clone()));
        }
        Vec::new()
    }
}

/// Tells all that they are recorded, from this sequence on.
fn recorded(appends: Vec<Waiting>, first: u64) {
    let mut next = first;
    for append in appends {
        let positions = append.messages.iter().zip(next..).map(|(_, seq)| Position(seq)).collect::<Vec<_>>();
        next += positions.len() as u64;
        append.tell(Ok(Appended { positions }));
    }
}
