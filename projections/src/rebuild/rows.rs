//! Rows of any table of either database, one after another.

use std::cmp::Ordering;

use futures_util::stream::BoxStream;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, FromRow, Row, TypeInfo as _, ValueRef as _};

use crate::db::{DbError, Sql, Tx};
use crate::projection::Table;

/// A value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// None.
    Null,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row: the key's columns, then all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells(pub Vec<Cell>);

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => f.write_str(&hex::encode(bytes)),
        }
    }
}

impl Cell {
    /// The order in which both databases give rows: numbers by size, texts by their bytes.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (a, b) => a.kind().cmp(&b.kind()),
        }
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
            Self::Bytes(_) => 3,
        }
    }
}

impl Cells {
    /// Which of two rows comes first by the first columns, which are so many.
    pub fn compare(&self, other: &Self, key: usize) -> Ordering {
        let both = self.0.iter().zip(&other.0).take(key);
        both.map(|(a, b)| a.compare(b)).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// The columns of a table as its rows are read: the key first.
pub fn columns(table: &Table) -> Vec<&'static str> {
    let rest = table.columns.iter().filter(|column| !table.key.contains(column));
    table.key.iter().chain(rest).copied().collect()
}

/// The rows of a table in the order of its key.
pub fn rows<'a>(tx: &'a mut Tx, table: &Table) -> BoxStream<'a, Result<Cells, DbError>> {
    let select = format!("SELECT {} FROM {} ORDER BY {}", columns(table).join(", "), table.name, table.key.join(", "));
    tx.stream(Sql::composed(select, []))
}

impl FromRow<'_, SqliteRow> for Cells {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        cells(row, |row, at| {
            let value = row.try_get_raw(at)?;
            // The type would be the column's.
            if value.is_null() {
                return Ok(Cell::Null);
            }
            match value.type_info().name() {
                "TEXT" => row.try_get(at).map(Cell::Text),
                "BLOB" => row.try_get(at).map(Cell::Bytes),
                _ => row.try_get(at).map(Cell::Number),
            }
        })
    }
}

impl FromRow<'_, PgRow> for Cells {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        cells(row, |row, at| {
            let value = row.try_get_raw(at)?;
            if value.is_null() {
                return Ok(Cell::Null);
            }
            match row.column(at).type_info().name() {
                "TEXT" | "VARCHAR" => row.try_get(at).map(Cell::Text),
                "BYTEA" => row.try_get(at).map(Cell::Bytes),
                "BOOL" => row.try_get::<bool, _>(at).map(|yes| Cell::Number(i64::from(yes))),
                "INT4" => row.try_get::<i32, _>(at).map(|number| Cell::Number(i64::from(number))),
                _ => row.try_get(at).map(Cell::Number),
            }
        })
    }
}

fn cells<R: Row>(row: &R, cell: impl Fn(&R, usize) -> sqlx::Result<Cell>) -> sqlx::Result<Cells> {
    (0..row.len()).map(|at| cell(row, at)).collect::<sqlx::Result<_>>().map(Cells)
}
