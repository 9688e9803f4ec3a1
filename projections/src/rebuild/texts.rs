//! Comparing the text indexes of two stores: by rows on PostgreSQL, and on SQLite, whose index has no rows, by terms. What sums up
//! the places of a term is compared first, and the places themselves only where that differs.

use std::collections::BTreeMap;

use super::compare::Tell;
use super::difference::{Difference, Since, What};
use super::merge::{Go, Pair, merge};
use super::rows::Cell;
use crate::db::{Backend, DbError, Texts, Tx};

/// A row of an index: its number, and what stands for its terms.
type Row = (i64, String);
/// A term: how many places it is at, and two sums that stand for these.
type Term = (String, i64, i64, i64);
/// A place of a term: in which row, and where there.
type Place = (i64, Option<i64>);

/// Compares a text index of a projection. Tells every row that is found otherwise, until told to stop; and where the index as it
/// is stored is broken in itself, only that.
pub(super) async fn compare_texts(
    (stored, by_log): (&mut Tx, &mut Tx),
    projection: &'static str,
    texts: Texts,
    tell: &mut Tell<'_>,
) -> Result<Go, DbError> {
    let difference = |key, what, since| Difference { projection, table: texts.name, key, what, since };
    let mut of_row = |no: i64, what| {
        let key = vec![("no", Cell::Number(no))];
        tell(difference(key, what, Since::Position(texts.position(no))))
    };
    match stored.backend() {
        Backend::Postgres => by_rows((stored, by_log), texts, &mut of_row).await,
        Backend::Sqlite => match stored.fault_of(texts).await? {
            Some(fault) => Ok(tell(difference(Vec::new(), What::Damaged(fault), Since::Untold { others: None }))),
            None => by_terms((stored, by_log), texts, &mut of_row).await,
        },
    }
}

/// Whom a row is told by its number.
type OfRow<'a> = dyn FnMut(i64, What) -> Go + Send + 'a;

async fn by_rows((stored, by_log): (&mut Tx, &mut Tx), texts: Texts, tell: &mut OfRow<'_>) -> Result<Go, DbError> {
    let both = (stored.stream::<Row>(texts.by_row()), by_log.stream(texts.by_row()));
    let order = |(left, _): &Row, (right, _): &Row| left.cmp(right);
    let (_, go) = merge(both, order, |pair| match pair {
        Pair::Stored((no, _)) => tell(*no, What::Needless),
        Pair::ByLog((no, _)) => tell(*no, What::Missing),
        Pair::Both(left, right) if left == right => Go::On,
        Pair::Both((no, left), (_, right)) => {
            tell(*no, What::Columns(vec![(texts.terms, Cell::Text(left.clone()), Cell::Text(right.clone()))]))
        }
    })
    .await?;
    Ok(go)
}

async fn by_terms((stored, by_log): (&mut Tx, &mut Tx), texts: Texts, tell: &mut OfRow<'_>) -> Result<Go, DbError> {
    stored.view_terms(texts).await?;
    by_log.view_terms(texts).await?;
    // Of each row: places that it lacks, and that it should not have.
    let mut rows: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for term in differing(stored, by_log, texts).await? {
        let both = (stored.stream::<Place>(texts.places(term.clone())), by_log.stream(texts.places(term)));
        merge(both, Place::cmp, |pair| {
            match pair {
                Pair::Both(..) => {}
                Pair::Stored((no, _)) => rows.entry(*no).or_default().1 += 1,
                Pair::ByLog((no, _)) => rows.entry(*no).or_default().0 += 1,
            }
            Go::On
        })
        .await?;
    }
    for (no, (missing, needless)) in rows {
        if tell(no, What::Terms { missing, needless }) == Go::Stop {
            return Ok(Go::Stop);
        }
    }
    Ok(Go::On)
}

/// The terms whose places are not the same.
async fn differing(stored: &mut Tx, by_log: &mut Tx, texts: Texts) -> Result<Vec<String>, DbError> {
    let mut terms = Vec::new();
    let both = (stored.stream::<Term>(texts.by_term()), by_log.stream(texts.by_term()));
    let order = |(left, ..): &Term, (right, ..): &Term| left.cmp(right);
    merge(both, order, |pair| {
        match pair {
            Pair::Both(left, right) if left == right => {}
            Pair::Stored((term, ..)) | Pair::ByLog((term, ..)) | Pair::Both((term, ..), _) => terms.push(term.clone()),
        }
        Go::On
    })
    .await?;
    Ok(terms)
}
