//! Times and positions.
//!
//! Every commit says when it was recorded (`recorded_at`, by the clock of the process that decided it), and that is the time
//! that answers show. The log's server notes besides when it stored the message. The two differ by what an append takes and
//! by how far the clocks are apart, so the server's note only guides the search, and `recorded_at` decides.
//!
//! The bound: a commit may be stored up to [`LATE`] after its `recorded_at`, and behind up to [`LATE_POSITIONS`] others that
//! were stored by then. One that comes later still is found only by times at which later ones were recorded as well. Clocks
//! that go ahead of the server's cost time, and no exactness.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use events::subject::Partition;
use events::{Position, codec};

use crate::direct::{EVERYTHING, PAGE, Query};
use crate::error::LogError;
use crate::log::Log;
use crate::partition::Part;

/// How long after its `recorded_at` a commit may be stored: as long as an append waits for a server that went away, and as
/// much again for clocks that differ.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// Behind how many others. Keeps a question about a moment within a bulk load below half a second.
const LATE_POSITIONS: u64 = 100_000;
/// How many messages are looked at first; then twice as many each time, at most [`PAGE`].
const FEW: usize = 16;
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
        let last = late.min(stored.saturating_add(LATE_POSITIONS));
        Ok(part.last_recorded_by(time, last).await?.map_or(Position::START, |(position, _)| position))
    }

    /// When the last commit at or before a position was recorded, by its own `recorded_at`; `None` where there is none (any more).
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn time_at(&self, partition: Partition, position: Position) -> Result<Option<DateTime<Utc>>, LogError> {
        let part = self.part(partition)?;
        let last = position.0.min(part.head().await?);
        Ok(part.last_recorded_by(DateTime::<Utc>::MAX_UTC, last).await?.map(|(_, time)| time))
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

    /// The last commit up to a sequence that was recorded at or before a time, and when it was. Mostly it is near, so little is read
    /// first.
    async fn last_recorded_by(&self, time: DateTime<Utc>, last: u64) -> Result<Option<(Position, DateTime<Utc>)>, LogError> {
        let (mut last, mut many) = (last, FEW);
        while last > 0 {
            let first = last.saturating_sub(many as u64 - 1).max(1);
            if let Some(found) = self.recorded_by(time, first, last, many).await? {
                return Ok(Some(found));
            }
            (last, many) = (first - 1, (2 * many).min(PAGE));
        }
        Ok(None)
    }

    /// The same among these sequences, which are at most `many`.
    async fn recorded_by(
        &self,
        time: DateTime<Utc>,
        first: u64,
        last: u64,
        many: usize,
    ) -> Result<Option<(Position, DateTime<Utc>)>, LogError> {
        let query = Query { seq: Some(first), next_by_subj: Some(EVERYTHING), batch: Some(many), ..Query::default() };
        let page = self.link.read(&self.stream, &query).await?;
        for message in page.messages.iter().rev().filter(|message| message.seq <= last && message.is_commit()) {
            let position = Position(message.seq);
            let recorded = codec::recorded_at(&message.payload).map_err(|source| LogError::Unreadable { position, source })?;
            if recorded <= time {
                return Ok(Some((position, recorded)));
            }
        }
        Ok(None)
    }
}
