//! Metrics and the one log line per command. Neither holds personal data.

use std::time::Instant;

use events::{StreamKind, StreamVersion};

use super::error::CommandError;
use super::request::Meta;
use crate::aggregate::Rejection;

/// Commands by name and outcome; `kith_command_seconds` beside it.
const COMMANDS: &str = "kith_commands_total";
const COMMAND_SECONDS: &str = "kith_command_seconds";
const APPEND_SECONDS: &str = "kith_append_seconds";
const APPEND_ENTRIES: &str = "kith_append_entries_total";
const CONFLICTS: &str = "kith_command_conflicts_total";
const RETRIES: &str = "kith_command_retries_total";
const IMPORTED: &str = "kith_imported_rows_total";

/// What a command came to.
pub(super) struct Done {
    pub outcome: &'static str,
    pub version: StreamVersion,
    pub items: usize,
}

/// Notes a command that is finished.
pub(super) fn command<T, R: Rejection>(
    name: &'static str,
    kind: StreamKind,
    meta: &Meta,
    started: Instant,
    result: &Result<T, CommandError<R>>,
    done: impl FnOnce(&T) -> Done,
) {
    let elapsed = started.elapsed();
    let (outcome, version, items) = match result {
        Ok(value) => {
            let Done { outcome, version, items } = done(value);
            (outcome, version, items)
        }
        Err(error) => (error.code(), 0, 0),
    };
    metrics::counter!(COMMANDS, "command" => name, "outcome" => outcome).increment(1);
    metrics::histogram!(COMMAND_SECONDS, "command" => name).record(elapsed.as_secs_f64());
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let (kind, correlation_id) = (kind.name(), meta.correlation_id.as_str());
    match result {
        Ok(_) => tracing::debug!(command = name, kind, correlation_id, outcome, version, items, micros, "command"),
        Err(CommandError::Rejected(_)) => {
            tracing::info!(command = name, kind, correlation_id, outcome, micros, "command rejected")
        }
        Err(error) => tracing::warn!(command = name, kind, correlation_id, outcome, micros, %error, "command failed"),
    }
}

/// Notes an append.
pub(super) fn append(started: Instant, entries: usize) {
    metrics::histogram!(APPEND_SECONDS).record(started.elapsed().as_secs_f64());
    metrics::counter!(APPEND_ENTRIES).increment(entries as u64);
}

/// Notes that somebody else was faster.
pub(super) fn conflict(kind: StreamKind) {
    metrics::counter!(CONFLICTS, "kind" => kind.name()).increment(1);
}

/// Notes that a command is decided again.
pub(super) fn retry(kind: StreamKind) {
    metrics::counter!(RETRIES, "kind" => kind.name()).increment(1);
}

/// Notes rows of an import.
pub(super) fn imported(rows: usize) {
    metrics::counter!(IMPORTED).increment(rows as u64);
}
