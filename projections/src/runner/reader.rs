//! Reads the log ahead and cuts it into batches: one message when there is one, thousands when there are thousands.

use std::time::Duration;

use event_log::{Log, LogError, Tailed};
use events::subject::Partition;
use events::{Position, Recorded};
use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::rhythm::Rhythm;

/// How many messages are read and decoded ahead of the batch that is applied.
const AHEAD: usize = 4_096;
/// How long a batch waits for messages that the log has already but that did not arrive yet.
const LINGER: Duration = Duration::from_millis(2);
/// A batch is not ended inside an atomic batch of the log, whose size the server bounds far below this.
const MOST_IN_ONE: usize = 20_000;

/// Messages that are applied in one transaction.
#[derive(Debug)]
pub struct Messages {
    /// Their events.
    pub events: Vec<Recorded>,
    /// The place of the last message: everything up to here is in this batch or in an earlier one.
    pub last: Position,
    /// How many messages there were behind the last one.
    pub pending: u64,
}

/// A part of a batch that a projection has not seen yet.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The events.
    pub events: &'a [Recorded],
    /// Everything up to here is in this part or in an earlier batch.
    pub last: Position,
}

impl Messages {
    /// All of them.
    pub fn all(&self) -> Part<'_> {
        Part { events: &self.events, last: self.last }
    }

    /// Those up to and including a position.
    pub fn until(&self, position: Position) -> Part<'_> {
        let end = self.events.partition_point(|recorded| recorded.position <= position);
        Part { events: &self.events[..end], last: self.last.min(position) }
    }
}

/// Reads one partition.
pub struct Reader {
    messages: mpsc::Receiver<Result<Tailed, LogError>>,
    /// Whether what is read has an end.
    ends: bool,
    /// The batch in the making: kept here so that nothing is lost when waiting for it is given up.
    making: Vec<Tailed>,
    /// When the first message of it came.
    since: Instant,
    task: AbortHandle,
}

impl Reader {
    /// Starts to read behind a position; goes on for ever.
    pub fn start(log: &Log, partition: Partition, after: Position) -> Self {
        Self::read(log.tail(partition, after), false)
    }

    /// Starts to read behind a position up to and including another; then it ends, also inside an atomic batch.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn range(log: &Log, partition: Partition, after: Position, up_to: Position) -> Result<Self, LogError> {
        Ok(Self::read(log.range(partition, after, up_to).await?, true))
    }

    fn read(source: impl Stream<Item = Result<Tailed, LogError>> + Send + 'static, ends: bool) -> Self {
        let (sender, messages) = mpsc::channel(AHEAD);
        let task = tokio::spawn(async move {
            let mut source = std::pin::pin!(source);
            while let Some(message) = source.next().await {
                if sender.send(message).await.is_err() {
                    return;
                }
            }
        });
        Self { messages, ends, making: Vec::new(), since: Instant::now(), task: task.abort_handle() }
    }

    /// The next batch; `None` when the log ended. May be given up and asked for again.
    ///
    /// # Errors
    /// When the log cannot be read on.
    pub async fn next(&mut self, rhythm: Rhythm) -> Result<Option<Messages>, LogError> {
        loop {
            let message = match self.making.last() {
                None => self.messages.recv().await,
                Some(last) if last.more && self.making.len() < MOST_IN_ONE => self.messages.recv().await,
                Some(_) if self.making.len() >= rhythm.most => return Ok(self.take()),
                Some(last) => {
                    let pending = last.pending > 0;
                    match self.messages.try_recv() {
                        Ok(message) => Some(message),
                        Err(TryRecvError::Disconnected) => return Ok(self.take()),
                        Err(TryRecvError::Empty) => {
                            let Some(until) = self.waits(rhythm, pending) else { return Ok(self.take()) };
                            match tokio::time::timeout_at(until, self.messages.recv()).await {
                                Ok(message) => message,
                                Err(_) => return Ok(self.take()),
                            }
                        }
                    }
                }
            };
            match message {
                Some(message) => {
                    let message = message?;
                    if self.making.is_empty() {
                        self.since = Instant::now();
                    }
                    self.making.push(message);
                }
                None if self.ends => return Ok(self.take()),
                // The log ended inside an atomic batch: the rest is read again later, and applied with its beginning.
                None => return Ok(None),
            }
        }
    }

    /// Until when the batch in the making waits for more, if it does.
    fn waits(&self, rhythm: Rhythm, pending: bool) -> Option<Instant> {
        let gathered = (self.making.len() < rhythm.least).then(|| self.since + rhythm.patience);
        let arriving = pending.then(|| Instant::now() + LINGER);
        gathered.max(arriving).filter(|until| *until > Instant::now())
    }

    fn take(&mut self) -> Option<Messages> {
        let made = std::mem::take(&mut self.making);
        let (last, pending) = made.last().map(|message| (message.position, message.pending))?;
        let events = made
            .into_iter()
            .filter_map(|message| message.commit.map(|commit| commit.recorded_at(message.position)))
            .flatten()
            .collect();
        Some(Messages { events, last, pending })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}
