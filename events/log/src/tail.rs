//! The tail of a partition: everything behind a position in order, then what is appended later.
//!
//! An ephemeral push consumer delivers the messages and numbers them; a missing number, a missing heartbeat or a new
//! connection means that the consumer is made anew behind the last message that was taken.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use events::Position;
use futures_util::Stream;
use tokio::time::Instant;

use crate::error::LogError;
use crate::feed::{Fed, Feed, Opened};
use crate::link::{PATIENCE, PAUSE};
use crate::partition::Part;
use crate::types::Tailed;

/// How long the next message of a batch is waited for before the log is asked whether there is one.
const NEXT_OF_BATCH: Duration = Duration::from_secs(1);
/// The same, where nothing stood behind the last message when it was sent: it was so of most messages of a batch that was just
/// appended, and asking for each of them is what the server would be busy with.
const NEXT_AT_THE_END: Duration = Duration::from_millis(10);

/// The state of a tail.
pub(crate) struct Tail {
    part: Arc<Part>,
    /// What it is about; empty: everything.
    subjects: Vec<String>,
    /// The last sequence that was taken from the feed.
    after: u64,
    feed: Option<Feed>,
    /// A message of a batch that was taken and not given out: what follows it says whether the batch goes on.
    held: Option<Fed>,
    ready: VecDeque<Result<Tailed, LogError>>,
    /// Where the log ended when the feed was made: its last messages may have gone away, so it is told by itself.
    head: u64,
    told_head: bool,
    ended: bool,
}

impl Tail {
    /// Of everything.
    pub(crate) fn new(part: Arc<Part>, after: Position) -> Self {
        Self::of(part, Vec::new(), after)
    }

    /// Of what is on some subjects.
    pub(crate) fn of(part: Arc<Part>, subjects: Vec<String>, after: Position) -> Self {
        let ready = VecDeque::new();
        Self { part, subjects, after: after.0, feed: None, held: None, ready, head: 0, told_head: false, ended: false }
    }

    /// The next item; `None` after an error.
    pub(crate) async fn next(&mut self) -> Option<Result<Tailed, LogError>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                self.ended |= item.is_err();
                return Some(item);
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.advance().await {
                self.ready.push_back(Err(error));
            }
        }
    }

    async fn advance(&mut self) -> Result<(), LogError> {
        let Some(feed) = &mut self.feed else { return self.open().await };
        let fed = match &self.held {
            None => feed.next().await,
            Some(held) => {
                let patience = if held.pending == 0 { NEXT_AT_THE_END } else { NEXT_OF_BATCH };
                match tokio::time::timeout(patience, feed.next()).await {
                    Ok(fed) => fed,
                    Err(_) => {
                        let goes_on = goes_on(&self.part, held).await?;
                        let (is_last, seq) = (held.pending == 0, held.seq);
                        self.give_held(goes_on);
                        self.tell_head(is_last && !goes_on, seq);
                        return Ok(());
                    }
                }
            }
        };
        match fed {
            Some(fed) => self.take(fed),
            None => self.feed = None,
        }
        Ok(())
    }

    /// Makes a feed behind the last message that was taken; waits for the server as long as it takes.
    async fn open(&mut self) -> Result<(), LogError> {
        match Feed::open(&self.part, &self.subjects, self.after).await {
            Ok(Opened { feed, pending, head }) => {
                self.feed = Some(feed);
                if pending == 0 && !self.told_head && self.held.is_none() {
                    self.give_head(head.max(self.after));
                }
                self.told_head = true;
                self.head = head;
                Ok(())
            }
            Err(error @ LogError::Shortened { .. }) => Err(error),
            Err(error) => {
                tracing::debug!(stream = self.part.stream, %error, "the tail waits for the server");
                let _ = self.part.link.up(Instant::now() + PATIENCE).await;
                tokio::time::sleep(PAUSE).await;
                Ok(())
            }
        }
    }

    fn take(&mut self, fed: Fed) {
        self.after = fed.seq;
        if let Some(held) = &self.held {
            let goes_on = fed.seq <= held.batch_end;
            self.give_held(goes_on);
        }
        // Of a batch, parts of it may be on other subjects: then nothing is said about its end.
        if fed.batch_end <= fed.seq || !self.subjects.is_empty() {
            let (is_last, seq) = (fed.pending == 0, fed.seq);
            self.ready.push_back(fed.tailed(false));
            self.tell_head(is_last, seq);
        } else {
            // The rest of the batch is on its way, or has gone away.
            self.held = Some(fed);
        }
    }

    /// Behind the last message there is, tells where the log ended, if that was farther.
    fn tell_head(&mut self, is_last: bool, seq: u64) {
        if is_last && self.head > seq {
            self.give_head(self.head);
        }
    }

    /// Tells where the log ends: nothing is left before.
    fn give_head(&mut self, head: u64) {
        self.ready.push_back(Ok(Tailed { position: Position(head), commit: None, more: false, pending: 0 }));
    }

    fn give_held(&mut self, more: bool) {
        self.ready.extend(self.held.take().map(|held| held.tailed(more)));
    }
}

/// The items of a tail, or the one error that there is none.
pub(crate) fn stream(tail: Result<Tail, LogError>) -> impl Stream<Item = Result<Tailed, LogError>> + Send + 'static {
    futures_util::stream::unfold(tail.map_err(Some), |state| async move {
        match state {
            Ok(mut tail) => tail.next().await.map(|item| (item, Ok(tail))),
            Err(error) => error.map(|error| (Err(error), Err(None))),
        }
    })
}

/// Whether a message of the same batch follows; asked in a way that waits until a batch in the making is complete.
async fn goes_on(part: &Part, fed: &Fed) -> Result<bool, LogError> {
    loop {
        match part.next_after(fed.seq).await {
            Ok(next) => return Ok(next.is_some_and(|seq| seq <= fed.batch_end)),
            Err(LogError::Unavailable(_)) => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error),
        }
    }
}
