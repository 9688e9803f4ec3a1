//! Comparing two stores row by row, without holding either of them in memory.

use std::cmp::Ordering;

use futures_util::StreamExt as _;

use super::rows::{Cell, Cells, columns, rows};
use crate::db::{DbError, Tx};
use crate::projection::{Projection, Table};

/// A row that is not the same in the two stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The projection.
    pub projection: &'static str,
    /// The table.
    pub table: &'static str,
    /// The key of the row: columns with their values.
    pub key: Vec<(&'static str, Cell)>,
    /// What is not the same.
    pub what: What,
    /// The first position of the log that is concerned, where the table tells.
    pub position: Option<u64>,
}

/// What is not the same about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is not stored, and by the log it should be.
    Missing,
    /// It is stored, and by the log it should not be.
    Needless,
    /// Columns hold something else: their names, what is stored, and what should be by the log.
    Columns(Vec<(&'static str, Cell, Cell)>),
}

/// Compares the stores of a projection: the one that is read with one that was filled just now up to the same position. Tells
/// every difference, until told to stop, and answers how many rows it looked at.
pub(super) async fn compare(
    (stored, by_log): (&mut Tx, &mut Tx),
    projection: &dyn Projection,
    tell: &mut (dyn FnMut(Difference) -> Go + Send),
) -> Result<u64, DbError> {
    let mut looked_at = 0;
    for table in projection.tables() {
        let of = Of { projection: projection.name(), table };
        let (more, go) = compare_table((stored, by_log), of, tell).await?;
        looked_at += more;
        if go == Go::Stop {
            break;
        }
    }
    Ok(looked_at)
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    /// Yes.
    On,
    /// No.
    Stop,
}

/// A table of a projection.
#[derive(Clone, Copy)]
struct Of {
    projection: &'static str,
    table: &'static Table,
}

async fn compare_table(
    (stored, by_log): (&mut Tx, &mut Tx),
    of: Of,
    tell: &mut (dyn FnMut(Difference) -> Go + Send),
) -> Result<(u64, Go), DbError> {
    let width = of.table.key.len();
    let (mut lefts, mut rights) = (rows(stored, of.table), rows(by_log, of.table));
    let (mut left, mut right) = (lefts.next().await.transpose()?, rights.next().await.transpose()?);
    let mut looked_at = 0;
    loop {
        looked_at += 1;
        let order = match (&left, &right) {
            (None, None) => return Ok((looked_at - 1, Go::On)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => left.compare(right, width),
        };
        let difference = match order {
            Ordering::Less => left.as_ref().map(|row| of.difference(row, What::Needless)),
            Ordering::Greater => right.as_ref().map(|row| of.difference(row, What::Missing)),
            Ordering::Equal => left.as_ref().zip(right.as_ref()).and_then(|(left, right)| of.changed(left, right)),
        };
        if let Some(difference) = difference
            && tell(difference) == Go::Stop
        {
            return Ok((looked_at, Go::Stop));
        }
        if order.is_le() {
            left = lefts.next().await.transpose()?;
        }
        if order.is_ge() {
            right = rights.next().await.transpose()?;
        }
    }
}

impl Of {
    fn changed(self, left: &Cells, right: &Cells) -> Option<Difference> {
        let names = columns(self.table);
        let cells = names.iter().zip(left.0.iter().zip(&right.0)).filter(|(_, (left, right))| left != right);
        let changed: Vec<_> = cells.map(|(name, (left, right))| (*name, left.clone(), right.clone())).collect();
        if changed.is_empty() {
            return None;
        }
        let position = self.position(left).into_iter().chain(self.position(right)).min();
        Some(Difference { position, ..self.difference(left, What::Columns(changed)) })
    }

    fn difference(self, row: &Cells, what: What) -> Difference {
        let key = self.table.key.iter().copied().zip(row.0.iter().cloned()).collect();
        Difference { projection: self.projection, table: self.table.name, key, what, position: self.position(row) }
    }

    /// The position that a row names.
    fn position(self, row: &Cells) -> Option<u64> {
        let named = |name: &str| columns(self.table).iter().position(|column| *column == name);
        match row.0.get(named("position").or_else(|| named("valid_from"))?)? {
            Cell::Number(number) => u64::try_from(*number).ok(),
            Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}
