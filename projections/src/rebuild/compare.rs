//! Comparing two stores row by row.

use super::difference::{Difference, Since, What};
use super::merge::{Go, Pair, merge};
use super::rows::{Cell, Cells, columns};
use super::texts::compare_texts;
use crate::db::{DbError, Tx};
use crate::projection::{Projection, Table};

/// The columns that tell when a row came about or last changed, the nearest first: positions, or moments, whose low bits are a
/// position.
const TELLING: [&str; 6] = ["position", "valid_from", "moment", "started", "at", "no"];
/// The bits of a moment that are the position.
const POSITION: u64 = (1 << 48) - 1;

/// Whom differences are told, and who says whether to go on.
pub(super) type Tell<'a> = dyn FnMut(Difference) -> Go + Send + 'a;

/// Compares the stores of a projection: the one that is read with one that was filled just now up to the same position. Tells
/// every difference, until told to stop, and answers how many rows of tables it looked at.
pub(super) async fn compare(
    (stored, by_log): (&mut Tx, &mut Tx),
    projection: &dyn Projection,
    tell: &mut Tell<'_>,
) -> Result<u64, DbError> {
    let (mut looked_at, mut first) = (0, None);
    let mut tell = |difference: Difference| tell(difference.beside(&mut first));
    for table in projection.tables() {
        let (more, go) = compare_table((stored, by_log), projection, table, &mut tell).await?;
        looked_at += more;
        if go == Go::Stop {
            return Ok(looked_at);
        }
    }
    for texts in projection.texts(stored.backend()) {
        if compare_texts((stored, by_log), projection.name(), *texts, &mut tell).await? == Go::Stop {
            return Ok(looked_at);
        }
    }
    Ok(looked_at)
}

/// A table of a projection.
#[derive(Clone, Copy)]
struct Of {
    projection: &'static str,
    table: &'static Table,
}

async fn compare_table(
    (stored, by_log): (&mut Tx, &mut Tx),
    projection: &dyn Projection,
    table: &'static Table,
    tell: &mut Tell<'_>,
) -> Result<(u64, Go), DbError> {
    let of = Of { projection: projection.name(), table };
    merge(
        (projection.rows(stored, table), projection.rows(by_log, table)),
        |left: &Cells, right| left.compare(right, table.key.len()),
        |pair| {
            let difference = match pair {
                Pair::Stored(row) => Some(of.difference(row, What::Needless)),
                Pair::ByLog(row) => Some(of.difference(row, What::Missing)),
                Pair::Both(stored, by_log) => of.changed(stored, by_log),
            };
            difference.map_or(Go::On, &mut *tell)
        },
    )
    .await
}

impl Of {
    fn changed(self, stored: &Cells, by_log: &Cells) -> Option<Difference> {
        let names = columns(self.table);
        let cells = names.iter().zip(stored.0.iter().zip(&by_log.0)).filter(|(_, (left, right))| left != right);
        let changed: Vec<_> = cells.map(|(name, (left, right))| (*name, left.clone(), right.clone())).collect();
        if changed.is_empty() {
            return None;
        }
        let first = self.position(stored).into_iter().chain(self.position(by_log)).min();
        Some(Difference { since: since(first), ..self.difference(stored, What::Columns(changed)) })
    }

    fn difference(self, row: &Cells, what: What) -> Difference {
        let key = self.table.key.iter().copied().zip(row.0.iter().cloned()).collect();
        Difference { projection: self.projection, table: self.table.name, key, what, since: since(self.position(row)) }
    }

    /// The position that a row tells.
    fn position(self, row: &Cells) -> Option<u64> {
        let names = columns(self.table);
        let at = TELLING.iter().find_map(|telling| names.iter().position(|name| name == telling))?;
        match row.0.get(at)? {
            Cell::Number(number) => Some(number.cast_unsigned() & POSITION),
            Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

fn since(position: Option<u64>) -> Since {
    position.map_or(Since::Untold { others: None }, Since::Position)
}
