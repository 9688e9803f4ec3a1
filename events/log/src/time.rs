//! Times and positions.
//!
//! Every commit says when it was recorded (`recorded_at`, by the clock of the process that decided it), and that is the time
//! that answers show. The log's server notes besides when it stored the message. The two differ by what an append takes and
//! by how far the clocks are apart, so the server's note only guides the search, and `recorded_at` decides.
//!
//! The bound: a commit may be stored up to [`LATE`] after its `recorded_at`, and behind up to [`LATE_POSITIONS`] others that
//! were recorded later. Up to there every commit is looked at, or the word of the batch that it came with; and beyond only a few
//! ([`Turn`]): a question costs the same whatever was stored in that minute. What comes later still may be left out. Of commits by
//! clocks that go ahead of the server's the same holds.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use events::subject::Partition;
use events::{Position, codec};

use crate::direct::{EVERYTHING, PAGE, Query, Raw, batch_end, batch_since};
use crate::error::LogError;
use crate::log::Log;
use crate::partition::Part;
use crate::turn::{FEW, Seen, Turn};

/// How long after its `recorded_at` a commit may be stored: as long as an append waits for a server that went away, and as
/// much again for clocks that differ.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// Behind how many others. An append looks claims up and queues after its commits got their time; ten full batches may be written
/// meanwhile.
const LATE_POSITIONS: u64 = 10_000;
/// How many messages have to be passed over at once for a few to be read at a time again: small batches are read with what is
/// around them, large ones are not read at all.
const FAR: u64 = 128;
/// The last year that the server reads.
const LAST_YEAR: i32 = 9_999;

impl Log {
    /// The last position whose commit was recorded at or before a time, by its own `recorded_at`; [`Position::START`] where
    /// there is none. See the module for how far clocks may be apart.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn position_at(&self, partition: Partition, time: DateTime<Utc>) -> Result<Position, LogError> {
        let part = self.part(partition)?;
        // The head first: what is recorded while this is asked may be left out.
        let head = part.head().await?;
        let stored = part.stored_by(time, head).await?;
        let late = part.stored_by(time.checked_add_signed(LATE).unwrap_or(time), head).await?;
        let turn = part.turn(time, stored, late).await?;
        let late = part.late(time, turn.by(), turn.last(LATE_POSITIONS)).await?;
        Ok(Position(late.unwrap_or(turn.by())))
    }

    /// When the last commit at or before a position was recorded, by its own `recorded_at`; `None` where there is none (any more).
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn time_at(&self, partition: Partition, position: Position) -> Result<Option<DateTime<Utc>>, LogError> {
        let part = self.part(partition)?;
        let last = position.0.min(part.head().await?);
        part.recorded_last(last).await
    }
}

impl Part {
    /// The last sequence that was stored at or before a time, by the server's clock.
    async fn stored_by(&self, time: DateTime<Utc>, head: u64) -> Result<u64, LogError> {
        if time < DateTime::UNIX_EPOCH {
            return Ok(0);
        }
        let later = time.checked_add_signed(TimeDelta::nanoseconds(1)).filter(|later| later.year() <= LAST_YEAR);
        let Some(later) = later else { return Ok(head) };
        let query = Query { start_time: Some(later), next_by_subj: Some(EVERYTHING), batch: Some(1), ..Query::default() };
        let first_later = self.link.read(&self.stream, &query).await?.messages.pop();
        Ok(first_later.map_or(head, |message| message.seq.saturating_sub(1).min(head)))
    }

    /// Looks for where what was recorded by a time ends, starting at what was stored by then and going up to `late`.
    async fn turn(&self, time: DateTime<Utc>, stored: u64, late: u64) -> Result<Turn, LogError> {
        let mut turn = Turn::new(stored, late);
        while let Some((from, before)) = turn.next() {
            turn.saw(from, self.look(time, from, before).await?);
        }
        Ok(turn)
    }

    /// Looks at a few messages; at more where no commit is among them.
    async fn look(&self, time: DateTime<Utc>, from: u64, before: u64) -> Result<Seen, LogError> {
        let (mut next, mut many) = (from, FEW);
        while next < before {
            let messages = self.some(next, many).await?;
            let (mut first, mut by) = (None, None);
            for message in messages.iter().filter(|message| message.seq < before && message.is_commit()) {
                first = first.or(Some(message.seq));
                by = if recorded_at(message)? <= time { Some(message.seq) } else { by };
            }
            if let Some(seen) = by.map(Seen::By).or(first.map(Seen::Later)) {
                return Ok(seen);
            }
            let Some(last) = messages.last() else { break };
            (next, many) = (last.seq + 1, (2 * many).min(PAGE));
        }
        Ok(Seen::Nothing)
    }

    /// The last commit behind a position and up to another that was recorded by a time. A batch that says of itself that it is later
    /// is passed over.
    async fn late(&self, time: DateTime<Utc>, after: u64, last: u64) -> Result<Option<u64>, LogError> {
        let (mut next, mut many, mut found) = (after + 1, FEW, None);
        while next <= last {
            let messages = self.some(next, many).await?;
            let Some(end) = messages.last().map(|message| message.seq) else { break };
            for message in messages.iter().take_while(|message| message.seq <= last) {
                if message.seq < next {
                    continue;
                }
                next = message.seq + 1;
                if batch_since(&message.headers).is_some_and(|since| since > time) {
                    next = batch_end(&message.headers, message.seq) + 1;
                } else if message.is_commit() && recorded_at(message)? <= time {
                    found = Some(message.seq);
                }
            }
            many = if next > end + FAR { FEW } else { (2 * many).min(PAGE) };
            next = next.max(end + 1);
        }
        Ok(found)
    }

    /// When the last commit up to a sequence was recorded.
    async fn recorded_last(&self, last: u64) -> Result<Option<DateTime<Utc>>, LogError> {
        let (mut last, mut many) = (last, FEW);
        while last > 0 {
            let first = last.saturating_sub(many as u64 - 1).max(1);
            let messages = self.some(first, many).await?;
            if let Some(commit) = messages.iter().rfind(|message| message.seq <= last && message.is_commit()) {
                return recorded_at(commit).map(Some);
            }
            (last, many) = (first - 1, (2 * many).min(PAGE));
        }
        Ok(None)
    }

    /// So many messages from a sequence on.
    async fn some(&self, from: u64, many: usize) -> Result<Vec<Raw>, LogError> {
        let query = Query { seq: Some(from), next_by_subj: Some(EVERYTHING), batch: Some(many), ..Query::default() };
        Ok(self.link.read(&self.stream, &query).await?.messages)
    }
}

fn recorded_at(commit: &Raw) -> Result<DateTime<Utc>, LogError> {
    let position = Position(commit.seq);
    codec::recorded_at(&commit.payload).map_err(|source| LogError::Unreadable { position, source })
}
