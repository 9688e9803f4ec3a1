//! What can go wrong with the log.

use std::time::Duration;

use events::{CodecError, Position};

/// Why something could not be read from the log or done to it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The server cannot be reached, or did not answer in time.
    #[error("the log is not reachable: {0}")]
    Unavailable(String),
    /// The server said no.
    #[error("the log refused a request: {description} ({code})")]
    Refused {
        /// The server's error code.
        code: u64,
        /// The server's words.
        description: String,
    },
    /// The server's answer makes no sense to this program.
    #[error("the log answered something unexpected: {0}")]
    Unexpected(String),
    /// The server cannot do what the log needs.
    #[error("nats-server {found} is too old, {least} or newer is needed")]
    TooOld {
        /// The version that it is.
        found: String,
        /// The least version that does.
        least: &'static str,
    },
    /// The stream exists with settings that the log cannot work with.
    #[error("stream {stream} is not set up for this log: {what}")]
    Misconfigured {
        /// The name of the JetStream stream.
        stream: String,
        /// What is wrong.
        what: String,
    },
    /// What stands in the log cannot be read.
    #[error("the entry at position {position} cannot be read")]
    Unreadable {
        /// Its place.
        position: Position,
        /// What is wrong with it.
        source: CodecError,
    },
    /// The log ends before a position that was read from it: it lost data.
    #[error("the log ends at position {head}, but was read up to position {read} before")]
    Shortened {
        /// Up to where it was read.
        read: Position,
        /// Where it ends now.
        head: Position,
    },
    /// There is no such partition.
    #[error("there is no partition {0}")]
    NoPartition(u16),
    /// The monitor did not answer as it should.
    #[error("the monitor of the log does not answer: {0}")]
    Monitor(String),
}

/// Why an append was not recorded.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// An expectation did not hold: somebody else was faster. Nothing was written; load and decide again.
    #[error("a stream or claim is at another position than expected")]
    Conflict {
        /// The first entry whose expectation did not hold, where that is known.
        index: Option<usize>,
    },
    /// More entries than the server takes at once. Nothing was written.
    #[error("{entries} entries are more than the {most} that can be recorded together")]
    TooLarge {
        /// How many there were.
        entries: usize,
        /// How many there may be.
        most: usize,
    },
    /// The append makes no sense. Nothing was written.
    #[error("the append is malformed: {0}")]
    Malformed(&'static str),
    /// An entry cannot be written, or is bigger than the server takes. Nothing was written.
    #[error("entry {index} cannot be written: {what}")]
    Unwritable {
        /// The entry.
        index: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The server cannot be reached, or cannot take it now. Nothing was written.
    #[error("the log cannot take it now: {0}")]
    Unavailable(String),
    /// The log ends in a batch of which a part is missing. Nothing was written, and nothing will be until that is repaired.
    #[error("the log is torn at position {0}")]
    Torn(Position),
    /// It was sent, and whether it was recorded could not be found out in this time.
    #[error("whether it was recorded is not known after {0:?}")]
    Uncertain(Duration),
}

/// Why a secret could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The secret is at another revision than expected. Nothing was written.
    #[error("the secret was changed by somebody else")]
    Conflict,
    /// The key is not 1 to 200 letters, digits, '-', '_', '.' or '='.
    #[error("not a key of a secret")]
    Key,
    /// The log did not do it.
    #[error("the secret store failed")]
    Log(#[from] LogError),
}
