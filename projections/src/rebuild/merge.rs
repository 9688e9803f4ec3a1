//! Going through two tables at once, without holding either of them in memory.

use std::cmp::Ordering;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::db::DbError;

/// Rows of a table, one after another.
pub(super) type Rows<'a, T> = BoxStream<'a, Result<T, DbError>>;

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    /// Yes.
    On,
    /// No.
    Stop,
}

/// What stands at a key: in the store that is read, in the one that was filled by the log, or in both.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pair<'a, T> {
    /// Only in the first.
    Stored(&'a T),
    /// Only in the second.
    ByLog(&'a T),
    /// In both; the first one first.
    Both(&'a T, &'a T),
}

/// Goes through rows of both stores, which both come in an order that tells rows apart. Answers how many pairs there were, and
/// whether it was told to stop.
pub(super) async fn merge<T>(
    (mut stored, mut by_log): (Rows<'_, T>, Rows<'_, T>),
    order: impl Fn(&T, &T) -> Ordering,
    mut meet: impl FnMut(Pair<'_, T>) -> Go,
) -> Result<(u64, Go), DbError> {
    let (mut left, mut right) = (stored.next().await.transpose()?, by_log.next().await.transpose()?);
    let mut met = 0;
    loop {
        let (pair, order) = match (&left, &right) {
            (None, None) => return Ok((met, Go::On)),
            (Some(left), None) => (Pair::Stored(left), Ordering::Less),
            (None, Some(right)) => (Pair::ByLog(right), Ordering::Greater),
            (Some(left), Some(right)) => match order(left, right) {
                Ordering::Less => (Pair::Stored(left), Ordering::Less),
                Ordering::Greater => (Pair::ByLog(right), Ordering::Greater),
                Ordering::Equal => (Pair::Both(left, right), Ordering::Equal),
            },
        };
        met += 1;
        if meet(pair) == Go::Stop {
            return Ok((met, Go::Stop));
        }
        if order.is_le() {
            left = stored.next().await.transpose()?;
        }
        if order.is_ge() {
            right = by_log.next().await.transpose()?;
        }
    }
}
