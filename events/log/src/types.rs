//! What goes into the log and what comes out of it.

use std::time::Duration;

use events::{ClaimKey, ClaimRecord, Commit, Position, StreamVersion, TenantId};

/// The most entries that one append may have on a server with default limits; see [`crate::Log::max_entries`].
pub const MAX_ENTRIES: usize = 1_000;

/// Entries of one tenant that are recorded together: all of them, next to each other, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// Whose entries they are.
    pub tenant: TenantId,
    /// The entries in the order in which they are to stand in the log; at least one, at most [`crate::Log::max_entries`],
    /// and no stream or claim twice.
    pub entries: Vec<Entry>,
}

/// One message of an append.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// What a command puts on a stream.
    Commit {
        /// The events.
        commit: Commit,
        /// The position of the stream's last commit as the caller knows it; [`Position::START`] for a new stream.
        expected: Position,
    },
    /// A change of a claim.
    Claim {
        /// The name that is claimed or set free.
        key: ClaimKey,
        /// What is said about it from now on.
        record: ClaimRecord,
        /// The position of the claim's last record as the caller knows it; [`Position::START`] where there is none.
        expected: Position,
        /// After how long the record goes away by itself; whole seconds, at least one. `None` keeps it.
        ttl: Option<Duration>,
    },
}

impl Entry {
    /// The position that the entry's stream or claim must have.
    #[must_use]
    pub const fn expected(&self) -> Position {
        match self {
            Self::Commit { expected, .. } | Self::Claim { expected, .. } => *expected,
        }
    }
}

/// Where an append stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// One position per entry, each one more than the one before.
    pub positions: Vec<Position>,
}

impl Appended {
    /// The position of the last entry.
    #[must_use]
    pub fn last(&self) -> Position {
        self.positions.last().copied().unwrap_or_default()
    }
}

/// A commit with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its place.
    pub position: Position,
    /// The events.
    pub commit: Commit,
}

/// The last record of a claim with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClaim {
    /// Its place.
    pub position: Position,
    /// What it says.
    pub record: ClaimRecord,
}

/// What a tail yields.
#[derive(Debug, Clone, PartialEq)]
pub struct Tailed {
    /// The place in the log up to which the reader has now seen everything.
    pub position: Position,
    /// The commit at this place; `None` for a claim, and for the marker that says "nothing more at the moment".
    pub commit: Option<Commit>,
    /// Belongs to an atomic batch of which more follows at once: a reader must not end its transaction here.
    pub more: bool,
    /// Messages behind it when it was sent; 0 = this is the head of the log.
    pub pending: u64,
}

/// The folded state of a stream up to one of its commits, so that a load need not start at the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The layout of `data`; a snapshot with another schema than the reader's is of no use.
    pub schema: u32,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The position of that event's commit.
    pub position: Position,
    /// The state in the caller's own form.
    pub data: Vec<u8>,
}

/// How sure an acknowledged append is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// On disk before it is acknowledged.
    #[default]
    Always,
    /// In the memory of the operating system; a power failure may lose up to two minutes. For bulk loads and benchmarks.
    Relaxed,
}

/// How the log is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHealth {
    /// There is a connection and the server answers.
    pub connected: bool,
    /// Whether the server writes to disk before it acknowledges; `None` when there is no monitor to ask.
    pub sync_always: Option<bool>,
    /// The last position of a batch that is only there in part: the server lost data, and appends are refused.
    pub torn: Option<Position>,
    /// The server's version; empty before the first connection.
    pub server_version: String,
}
