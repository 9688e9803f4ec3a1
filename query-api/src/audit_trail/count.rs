//! How many rows a filter lets through, and how many each way of finding them would look at.

use projections::Db;
use projections::db::Sql;

use super::filter::{AuditFilter, Values};
use super::kept::Kept;
use super::plan::{Way, from_where};
use crate::{QueryError, Scope};

/// How many rows there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Within the bounds.
    pub total: u64,
    /// Of the kind and the activities.
    pub what: u64,
    /// Of the actor.
    pub who: u64,
    /// That have the words; `None` without a search.
    pub found: Option<u64>,
    /// That the whole filter lets through.
    pub matching: u64,
    /// Fields that changed in those.
    pub fields: u64,
}

/// Counts of a day.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct OfDay {
    day: i64,
    total: i64,
    what: i64,
    who: i64,
    matching: i64,
    fields: i64,
}

impl Counts {
    fn add(&mut self, row: OfDay) {
        self.total += row.total.unsigned_abs();
        self.what += row.what.unsigned_abs();
        self.who += row.who.unsigned_abs();
        self.matching += row.matching.unsigned_abs();
        self.fields += row.fields.unsigned_abs();
    }
}

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Counts, QueryError> {
    if filter.cannot_match() {
        return Ok(Counts::default());
    }
    let mut counts = Counts::default();
    if filter.object_id.is_none() {
        of_days(db, scope, filter, false).await?.into_iter().for_each(|row| counts.add(row));
    }
    if filter.is_kept() {
        return Ok(counts);
    }
    if filter.words.is_some() {
        counts.found = Some(count_found(db, scope, filter).await?);
    }
    let way = if filter.object_id.is_some() { Way::Object } else { Way::Words };
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, way, &mut values);
    let text = format!("SELECT COUNT(*), CAST(COALESCE(SUM(e.fields), 0) AS BIGINT) {from}");
    let (matching, fields): (i64, i64) = db.fetch_optional(Sql::composed(text, values.0)).await?.unwrap_or_default();
    (counts.matching, counts.fields) = (matching.unsigned_abs(), fields.unsigned_abs());
    Ok(counts)
}

/// The counts of every day that has any row, oldest first; for a filter whose counts are kept.
pub async fn by_day(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Vec<(i64, Counts)>, QueryError> {
    let counts = |row: OfDay| {
        let mut counts = Counts::default();
        counts.add(row);
        (row.day, counts)
    };
    Ok(of_days(db, scope, filter, true).await?.into_iter().map(counts).collect())
}

async fn of_days(db: &Db, scope: &Scope, filter: &AuditFilter, by_day: bool) -> Result<Vec<OfDay>, QueryError> {
    let kept = Kept::within(db, scope, filter.bounds).await?;
    let mut values = Values::default();
    let cells = kept.cells(db, scope, by_day, &mut values);
    let (what, who) = (filter.what("c.", &mut values), filter.who("c.", &mut values));
    let sum = |column: &str, conditions: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN 0 = 0{conditions} THEN {column} ELSE 0 END), 0) AS BIGINT)")
    };
    let both = format!("{what}{who}");
    let (day, grouped) = if by_day { ("c.day", " GROUP BY 1 ORDER BY 1") } else { ("CAST(0 AS BIGINT)", "") };
    let text = format!(
        "SELECT {day} AS day, {} AS total, {} AS what, {} AS who, {} AS matching, {} AS fields FROM ({cells}) c{grouped}",
        sum("c.n", ""),
        sum("c.n", &what),
        sum("c.n", &who),
        sum("c.n", &both),
        sum("c.fields", &both),
    );
    Ok(db.fetch_all(Sql::composed(text, values.0)).await?)
}

async fn count_found(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<u64, QueryError> {
    let backend = db.backend();
    let text = format!("SELECT COUNT(*) FROM ({}) s", backend.having_terms(1));
    let terms = backend.all_terms(&filter.terms(scope)).into();
    let (found,): (i64,) = db.fetch_optional(Sql::composed(text, [terms])).await?.unwrap_or_default();
    Ok(found.unsigned_abs())
}
