//! Questions about the timeline: what happened, newest first, page by page without end. It is the audit trail, read like a story.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use projections::audit_trail::NAME;
use projections::audit_trail::table::SELECTED;
use projections::db::Sql;
use projections::{Db, ReadModels};

use crate::audit_trail::{AuditFilter, AuditRow, Bounds, Order, Plan, Unit, Values, count, from_where, rows};
use crate::{QueryError, Scope};

/// A place in the timeline: behind the row with this time and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    no: i64,
}

/// Why a text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is a next_cursor of an earlier answer")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.at, self.no)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (at, no) = text.split_once('-').ok_or(CursorError)?;
        let number = |digits: &str| i64::from_str_radix(digits, 16).map_err(|_| CursorError);
        Ok(Self { at: number(at)?, no: number(no)? })
    }
}

/// A part of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// How many rows the filter lets through in all, exactly.
    pub count: u64,
    /// The rows of this part, newest first.
    pub rows: Vec<AuditRow>,
    /// Where it goes on; `None` at the end.
    pub next: Option<Cursor>,
}

/// A part of the timeline: at most `limit` rows behind a cursor. However deep, it costs what the first part costs.
///
/// # Errors
/// When the database does not answer.
pub async fn part(
    models: &ReadModels,
    scope: &Scope,
    filter: &AuditFilter,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Part, QueryError> {
    let db = &models.of(NAME)?;
    let filter = &AuditFilter { order: Order::NewestFirst, ..filter.clone() };
    let counts = count(db, scope, filter).await?;
    if counts.matching == 0 {
        return Ok(Part { count: 0, rows: Vec::new(), next: None });
    }
    // One more than asked for tells whether it goes on.
    let most = limit.saturating_add(1);
    let Plan { filter, way, .. } = match after {
        None => Plan::of(db, scope, filter, &counts, (Unit::Row, 0, most)).await?,
        Some(Cursor { at, .. }) => behind(db, scope, filter, at, most).await?,
    };
    let mut values = Values::default();
    let mut from = from_where(db.backend(), scope, &filter, way, &mut values);
    if let Some(Cursor { at, no }) = after {
        let (at, no) = (values.bind(at), values.bind(no));
        from.push_str(&format!(" AND (e.recorded_at, e.no) < (${at}, ${no})"));
    }
    let most = values.bind(i64::try_from(most).unwrap_or(i64::MAX));
    let order = "ORDER BY e.recorded_at DESC, e.no DESC";
    let text = format!(
        "SELECT {SELECTED} FROM (SELECT e.no AS no {from} {order} LIMIT ${most}) p CROSS JOIN audit_events e \
         WHERE e.no = p.no {order}"
    );
    let mut rows = rows(db, Sql::composed(text, values.0)).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().map(|row| Cursor { at: row.recorded_at.timestamp_micros(), no: row.no });
    Ok(Part { count: counts.matching, rows, next: last.filter(|_| goes_on) })
}

/// How to find what stands behind a time. What was recorded at the very time is found as well; the cursor tells it apart.
async fn behind(db: &Db, scope: &Scope, filter: &AuditFilter, at: i64, most: u64) -> Result<Plan, QueryError> {
    let time = |micros: i64| DateTime::<Utc>::from_timestamp_micros(micros);
    let earlier = |micros: i64| {
        let until = filter.bounds.until.into_iter().chain(time(micros)).min();
        AuditFilter { bounds: Bounds { until, ..filter.bounds }, ..filter.clone() }
    };
    let before = earlier(at.saturating_sub(1));
    let counts = count(db, scope, &before).await?;
    let plan = Plan::of(db, scope, &before, &counts, (Unit::Row, 0, most)).await?;
    let bounds = Bounds { until: earlier(at).bounds.until, ..plan.filter.bounds };
    Ok(Plan { filter: AuditFilter { bounds, ..plan.filter }, ..plan })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor { at: 1_705_761_900_000_000, no: (3 << 48) | 77 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "-", "12", "x-y", "1-2-3", "99999999999999999-1", "1.5-2"] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text:?}");
        }
    }
}
