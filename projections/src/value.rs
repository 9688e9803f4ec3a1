//! How values stand in tables: times in microseconds, identifiers as text, and the way back.

use chrono::{DateTime, SecondsFormat, Utc};
use events::{Position, StreamVersion};
use sea_query::Value;

use crate::db::DbError;

/// A time as it stands in tables: microseconds since 1970.
#[must_use]
pub const fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// The time that stands in a table.
///
/// # Errors
/// When the number is beyond all times.
pub fn time(micros: i64, table: &'static str, column: &'static str) -> Result<DateTime<Utc>, DbError> {
    DateTime::from_timestamp_micros(micros).ok_or(DbError::Value { table, column })
}

/// The value that stands in a table, read as its type.
///
/// # Errors
/// When it is none.
pub fn parsed<T: TryFrom<String>>(text: String, table: &'static str, column: &'static str) -> Result<T, DbError> {
    T::try_from(text).map_err(|_| DbError::Value { table, column })
}

/// A position or version as it stands in tables. Both start at 0 and grow by one: they do not get near the end of `i64`.
pub fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The position that stands in a table.
#[must_use]
pub fn position(value: i64) -> Position {
    Position(version(value))
}

/// The version that stands in a table.
#[must_use]
pub fn version(value: i64) -> StreamVersion {
    u64::try_from(value).unwrap_or(0)
}

/// A text to be bound.
pub fn text(text: impl Into<String>) -> Value {
    Value::from(text.into())
}

/// A text without the one character that PostgreSQL cannot hold.
#[must_use]
pub fn storable(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

/// A time as every API writes it: RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The value of an enum that stands in a table under its name.
///
/// # Errors
/// When it names none.
pub fn named<T: std::str::FromStr>(text: &str, table: &'static str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Value { table, column })
}
