//! Why a command was not carried out.

use std::time::Duration;

use event_log::{AppendError, LogError};
use events::{CodecError, Position, StreamVersion};

use crate::aggregate::Rejection;

/// The commit that a command lost against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Winner {
    /// The type of its last event, such as `customer.points_updated`.
    pub event_type: &'static str,
    /// The name of who caused it.
    pub actor: String,
    /// Its place in the log.
    pub position: Position,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError<R: Rejection> {
    /// It breaks a rule.
    #[error("rejected as {}", .0.code())]
    Rejected(R),
    /// Others changed the same thing again and again while this was decided.
    #[error("others were faster every time")]
    Conflict {
        /// Who won last, where that is known.
        winner: Option<Winner>,
    },
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The stream has another version than the precondition asks for.
    #[error("the version is {found} and not {expected}")]
    VersionMismatch {
        /// The version asked for.
        expected: StreamVersion,
        /// The version it has.
        found: StreamVersion,
    },
    /// What was answered the first time has been erased since.
    #[error("the first answer to this request has been erased")]
    Erased,
    /// More than can be recorded in one piece.
    #[error("this takes {entries} entries and at most {most} can be recorded together")]
    TooLarge {
        /// How many entries it takes.
        entries: usize,
        /// How many there may be.
        most: usize,
    },
    /// The request makes no sense to the executor.
    #[error("the request cannot be carried out: {0}")]
    Malformed(&'static str),
    /// The log cannot take it now. Nothing was recorded.
    #[error("the log cannot take it now")]
    Unavailable(#[source] AppendError),
    /// It was sent, and whether it was recorded is not known; repeating it with an idempotency key is safe.
    #[error("whether it was recorded is not known after {0:?}")]
    Uncertain(Duration),
    /// The log cannot be read. Nothing was recorded by this attempt, except that an erasure may be unfinished: repeat it.
    #[error("the log cannot be read")]
    Log(#[from] LogError),
    /// What the executor keeps for itself cannot be written or read.
    #[error("the executor's own record does not fit: {0}")]
    Record(String),
    /// A claim cannot be written.
    #[error("a value cannot be written")]
    Codec(#[from] CodecError),
}

impl<R: Rejection> CommandError<R> {
    /// The stable code: the rule's own, or one of the executor's.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code(),
            Self::Conflict { .. } => "command.conflict",
            Self::IdempotencyKeyReused => "command.idempotency_key_reused",
            Self::VersionMismatch { .. } => "command.version_mismatch",
            Self::Erased => "command.erased",
            Self::TooLarge { .. } => "command.too_large",
            Self::Malformed(_) => "command.malformed",
            Self::Unavailable(_) | Self::Log(_) => "command.unavailable",
            Self::Uncertain(_) => "command.uncertain",
            Self::Record(_) | Self::Codec(_) => "command.internal",
        }
    }

    /// The same error of another aggregate's command.
    pub(super) fn with_rejection<Q: Rejection>(self, rejection: impl FnOnce(R) -> Q) -> CommandError<Q> {
        match self {
            Self::Rejected(own) => CommandError::Rejected(rejection(own)),
            Self::Conflict { winner } => CommandError::Conflict { winner },
            Self::IdempotencyKeyReused => CommandError::IdempotencyKeyReused,
            Self::VersionMismatch { expected, found } => CommandError::VersionMismatch { expected, found },
            Self::Erased => CommandError::Erased,
            Self::TooLarge { entries, most } => CommandError::TooLarge { entries, most },
            Self::Malformed(what) => CommandError::Malformed(what),
            Self::Unavailable(error) => CommandError::Unavailable(error),
            Self::Uncertain(after) => CommandError::Uncertain(after),
            Self::Log(error) => CommandError::Log(error),
            Self::Record(what) => CommandError::Record(what),
            Self::Codec(error) => CommandError::Codec(error),
        }
    }

    /// The error of an append that was not a conflict.
    pub(super) fn of_append(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Conflict { winner: None },
            AppendError::TooLarge { entries, most } => Self::TooLarge { entries, most },
            AppendError::Malformed(what) => Self::Malformed(what),
            AppendError::Uncertain(after) => Self::Uncertain(after),
            AppendError::Unwritable { .. } | AppendError::Unavailable(_) | AppendError::Torn(_) => Self::Unavailable(error),
        }
    }
}
