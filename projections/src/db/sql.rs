//! A statement with its values, and the rows that it yields on either database.

use std::borrow::Cow;

use sea_query::{Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::SqlSafeStr as _;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, SqlStr};

/// What can be read from a row of either database.
pub trait FromRows: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> FromRows for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement with its values. Values are always bound and never part of the text.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    values: Values,
}

impl Sql {
    /// A statement that stands in the program, with `$1`, `$2`, … for its values: both databases read them.
    #[must_use]
    pub fn fixed(text: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: Cow::Borrowed(text), values: Values(values.into_iter().collect()) }
    }

    /// A statement put together from parts that stand in the program. No text from outside may be in it.
    #[must_use]
    pub fn composed(text: String, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: Cow::Owned(text), values: Values(values.into_iter().collect()) }
    }

    /// The text, with places for the values.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same statement behind a prefix such as `EXPLAIN QUERY PLAN`.
    #[must_use]
    pub fn prefixed(self, prefix: &'static str) -> Self {
        Self { text: Cow::Owned(format!("{prefix} {}", self.text)), values: self.values }
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        self.values.0.len()
    }

    /// Whether its places have numbers.
    pub(super) fn is_numbered(&self) -> bool {
        self.text.contains('$')
    }

    /// This statement and another one behind it. Neither is numbered.
    pub(super) fn then(self, next: Self) -> Self {
        let (mut text, mut values) = (self.text.into_owned(), self.values);
        text.push(';');
        text.push_str(&next.text);
        values.0.extend(next.values.0);
        Self { text: Cow::Owned(text), values }
    }

    fn into_parts(self) -> (SqlStr, SqlxValues) {
        let text = match self.text {
            Cow::Borrowed(text) => text.into_sql_str(),
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        };
        (text, SqlxValues(self.values))
    }

    pub(super) fn rows_sqlite<T: FromRows>(self) -> QueryAs<'static, Sqlite, T, SqlxValues> {
        let (text, values) = self.into_parts();
        sqlx::query_as_with(text, values)
    }

    pub(super) fn rows_postgres<T: FromRows>(self) -> QueryAs<'static, Postgres, T, SqlxValues> {
        let (text, values) = self.into_parts();
        sqlx::query_as_with(text, values)
    }

    pub(super) fn run_sqlite(self) -> Query<'static, Sqlite, SqlxValues> {
        let (text, values) = self.into_parts();
        sqlx::query_with(text, values)
    }

    pub(super) fn run_postgres(self) -> Query<'static, Postgres, SqlxValues> {
        let (text, values) = self.into_parts();
        sqlx::query_with(text, values)
    }
}
