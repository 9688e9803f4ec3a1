//! The handle of the log.

use std::time::Duration;

use chrono::{DateTime, Utc};
use events::subject::Partition;
use events::{ClaimKey, Position, StreamRef, TenantId};
use futures_util::Stream;

use crate::error::{AppendError, LogError};
use crate::secrets::Secrets;
use crate::types::{Append, Appended, Durability, LogHealth, Snapshot, Stored, StoredClaim, Tailed};

/// How the log is opened.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// How many partitions a new log gets. Fixed then: for a log that exists already, its own number counts.
    pub partitions: u16,
    /// Where the server's monitor answers (`http://host:port`); it is asked whether the server syncs always.
    pub monitor_url: Option<String>,
    /// What was asked for; [`Log::durability`] gives it back to whoever judges the health.
    pub durability: Durability,
    /// How long an append may take to find out what became of it when the server goes away.
    pub settle: Duration,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { partitions: 1, monitor_url: None, durability: Durability::Always, settle: Duration::from_secs(30) }
    }
}

/// The log. Cheap to clone; all clones share one connection.
#[derive(Clone)]
pub struct Log {
    secrets: Secrets,
}

fn stub() -> LogError {
    LogError::Unavailable("not yet".into())
}

impl Log {
    /// Connects, and makes the streams where they are missing.
    ///
    /// # Errors
    /// When the server cannot be reached, is too old, or has streams that do not fit.
    pub async fn connect(_url: &str, _options: LogOptions) -> Result<Self, LogError> {
        Err(stub())
    }

    /// How many partitions the log has.
    #[must_use]
    pub fn partitions(&self) -> u16 {
        1
    }

    /// All partitions.
    pub fn all_partitions(&self) -> impl Iterator<Item = Partition> + use<> {
        (0..self.partitions()).map(Partition)
    }

    /// The partition that a tenant lives in.
    #[must_use]
    pub fn partition_of(&self, tenant: &TenantId) -> Partition {
        Partition::of(tenant, self.partitions())
    }

    /// The most entries that one append may have.
    #[must_use]
    pub fn max_entries(&self) -> usize {
        crate::types::MAX_ENTRIES
    }

    /// The durability that was asked for.
    #[must_use]
    pub fn durability(&self) -> Durability {
        Durability::Always
    }

    /// Records entries: all or none.
    ///
    /// # Errors
    /// See [`AppendError`]; only after [`AppendError::Uncertain`] may something have been written.
    pub async fn append(&self, _append: Append) -> Result<Appended, AppendError> {
        Err(AppendError::Unavailable("not yet".into()))
    }

    /// The commits of a stream behind a position, in order.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn load(&self, _stream: &StreamRef, _after: Position) -> Result<Vec<Stored>, LogError> {
        Err(stub())
    }

    /// The commits of many streams, each behind its own position; in the order of the question.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn load_many(&self, _streams: &[(StreamRef, Position)]) -> Result<Vec<Vec<Stored>>, LogError> {
        Err(stub())
    }

    /// The last records of claims, in the order of the question.
    ///
    /// # Errors
    /// When the log does not answer or a record cannot be read.
    pub async fn claims(&self, _keys: &[ClaimKey]) -> Result<Vec<Option<StoredClaim>>, LogError> {
        Err(stub())
    }

    /// The last position that was given out.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn head(&self, _partition: Partition) -> Result<Position, LogError> {
        Err(stub())
    }

    /// Everything behind a position, in order, without gap or repetition; goes over from history to what is appended
    /// later, and gets over lost connections and server restarts by itself. Ends only when dropped, or after an error
    /// that waiting does not cure.
    ///
    /// Where there is nothing behind the position it first yields a marker (no commit, `pending` 0), so that the reader
    /// knows that it is at the head.
    pub fn tail(
        &self,
        _partition: Partition,
        _after: Position,
    ) -> impl Stream<Item = Result<Tailed, LogError>> + Send + 'static + use<> {
        futures_util::stream::once(async { Err(stub()) })
    }

    /// The last position that was recorded at or before a time; [`Position::START`] where there is none.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn position_at(&self, _partition: Partition, _time: DateTime<Utc>) -> Result<Position, LogError> {
        Err(stub())
    }

    /// When the log recorded a position; `None` where nothing stands (any more).
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn time_of(&self, _partition: Partition, _position: Position) -> Result<Option<DateTime<Utc>>, LogError> {
        Err(stub())
    }

    /// Overwrites and removes the commits of a stream that stand before a position, and its snapshot. Answers how many
    /// commits were removed.
    ///
    /// # Errors
    /// When the log does not answer; what was removed until then stays removed, and the call can be repeated.
    pub async fn erase(&self, _stream: &StreamRef, _before: Position) -> Result<u64, LogError> {
        Err(stub())
    }

    /// The snapshot of a stream.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn snapshot(&self, _stream: &StreamRef) -> Result<Option<Snapshot>, LogError> {
        Err(stub())
    }

    /// Keeps a snapshot in place of the stream's earlier one.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn save_snapshot(&self, _stream: &StreamRef, _snapshot: &Snapshot) -> Result<(), LogError> {
        Err(stub())
    }

    /// The store of secrets.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// How the log is doing.
    ///
    /// # Errors
    /// When the monitor does not answer as it should; that the server is away is not an error but an answer.
    pub async fn health(&self) -> Result<LogHealth, LogError> {
        Err(stub())
    }
}
