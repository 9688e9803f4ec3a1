//! How many rows a filter lets through, and how many each way of finding them would look at.
//!
//! Counts are kept per day, so that a count is the sum of cells. Only what begins or ends within a day is counted in the index of
//! times, the rows of a record in the index of records, and the hits of a search in the text index.

use projections::Db;
use projections::audit_trail::counts::{ALL_DAYS, DAY_MICROS};
use projections::db::Sql;

use super::filter::{AuditFilter, Bounds, Values};
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

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Counts, QueryError> {
    if filter.cannot_match() {
        return Ok(Counts::default());
    }
    let is_kept = filter.object_id.is_none() && filter.bounds.up_to.is_none();
    let mut counts = if is_kept { count_kept(db, scope, filter).await? } else { Counts::default() };
    if !filter.words.is_empty() {
        counts.found = Some(count_found(db, scope, filter).await?);
    } else if is_kept {
        return Ok(counts);
    }
    let way = if filter.object_id.is_some() {
        Way::Object
    } else if filter.words.is_empty() {
        Way::Time
    } else {
        Way::Words
    };
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, way, &mut values);
    let text = format!("SELECT COUNT(*), CAST(COALESCE(SUM(e.fields), 0) AS BIGINT) {from}");
    let (matching, fields): (i64, i64) = db.fetch_optional(Sql::composed(text, values.0)).await?.unwrap_or_default();
    (counts.matching, counts.fields) = (matching.unsigned_abs(), fields.unsigned_abs());
    Ok(counts)
}

async fn count_found(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<u64, QueryError> {
    let backend = db.backend();
    let text = format!("SELECT COUNT(*) FROM ({}) s", backend.having_terms(1));
    let terms = backend.all_terms(&filter.terms(scope)).into();
    let (found,): (i64,) = db.fetch_optional(Sql::composed(text, [terms])).await?.unwrap_or_default();
    Ok(found.unsigned_abs())
}

async fn count_kept(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Counts, QueryError> {
    let mut values = Values::default();
    let cells = cells(db, scope, filter.bounds, false, &mut values);
    let sum = |column: &str, conditions: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN 0 = 0{conditions} THEN {column} ELSE 0 END), 0) AS BIGINT)")
    };
    let (what, who) = (filter.what("c.", &mut values), filter.who("c.", &mut values));
    let both = format!("{what}{who}");
    let text = format!(
        "SELECT {}, {}, {}, {}, {} FROM ({cells}) c",
        sum("c.n", ""),
        sum("c.n", &what),
        sum("c.n", &who),
        sum("c.n", &both),
        sum("c.fields", &both),
    );
    let row: Option<(i64, i64, i64, i64, i64)> = db.fetch_optional(Sql::composed(text, values.0)).await?;
    let (total, what, who, matching, fields) = row.unwrap_or_default();
    Ok(Counts {
        total: total.unsigned_abs(),
        what: what.unsigned_abs(),
        who: who.unsigned_abs(),
        found: None,
        matching: matching.unsigned_abs(),
        fields: fields.unsigned_abs(),
    })
}

/// A query for cells (`day`, `model`, `activity`, `actor_id`, `n`, `fields`) that add up to what is within bounds of time. Without
/// `by_day` the day of a cell means nothing.
pub fn cells(db: &Db, scope: &Scope, bounds: Bounds, by_day: bool, values: &mut Values) -> String {
    const COLUMNS: &str = "day, model, activity, actor_id, n, fields";
    let tenant = values.bind(scope.id().as_str());
    let days = WholeDays::within(bounds);
    let of_days = match (days.first, days.last) {
        (None, None) if !by_day => format!("day = {ALL_DAYS}"),
        (first, last) => {
            let first = values.bind(first.unwrap_or(0));
            let until = last.map(|last| format!(" AND day <= ${}", values.bind(last)));
            format!("day >= ${first}{}", until.unwrap_or_default())
        }
    };
    let mut text = format!("SELECT {COLUMNS} FROM audit_cells WHERE tenant_id = ${tenant} AND {of_days}");
    for (from, until) in days.rests {
        let index = db.backend().indexed_by("audit_events_by_time");
        let (from, until) = (values.bind(from), values.bind(until));
        text.push_str(&format!(
            " UNION ALL SELECT recorded_at / {DAY_MICROS} AS day, model, activity, actor_id, COUNT(*) AS n, \
             CAST(SUM(fields) AS BIGINT) AS fields FROM audit_events{index} WHERE tenant_id = ${tenant} \
             AND recorded_at >= ${from} AND recorded_at <= ${until} GROUP BY 1, 2, 3, 4"
        ));
    }
    text
}

/// Bounds of time as whole days, and what is left before and behind them.
#[derive(Debug, PartialEq, Eq)]
struct WholeDays {
    first: Option<i64>,
    last: Option<i64>,
    rests: Vec<(i64, i64)>,
}

impl WholeDays {
    fn within(bounds: Bounds) -> Self {
        let (from, until) = (bounds.from.map(|time| time.timestamp_micros()), bounds.until.map(|time| time.timestamp_micros()));
        let first = from.map(|from| from.div_euclid(DAY_MICROS) + i64::from(from.rem_euclid(DAY_MICROS) > 0));
        let last = until.map(|until| (until + 1).div_euclid(DAY_MICROS) - 1);
        let mut rests = Vec::new();
        match (first.zip(from), last.zip(until)) {
            // Both ends on one day, or around one midnight.
            (Some((first, from)), Some((last, until))) if first > last => {
                let (first, last) = (Some(first), Some(last));
                return Self { first, last, rests: if from <= until { vec![(from, until)] } else { Vec::new() } };
            }
            (start, end) => {
                rests.extend(start.map(|(first, from)| (from, first * DAY_MICROS - 1)).filter(|(from, until)| from <= until));
                rests.extend(end.map(|(last, until)| ((last + 1) * DAY_MICROS, until)).filter(|(from, until)| from <= until));
            }
        }
        Self { first, last, rests }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every moment within the bounds is in one whole day or one rest, and no other is.
        #[test]
        fn whole_days_and_rests_are_the_bounds(
            from in proptest::option::of(0..5 * DAY_MICROS),
            until in proptest::option::of(0..5 * DAY_MICROS),
            nudge in -2..2_i64,
            at in 0..5 * DAY_MICROS,
        ) {
            let round = |time: i64| time / (DAY_MICROS / 4) * (DAY_MICROS / 4);
            let (from, until) = (from.map(round), until.map(|until| (round(until) + nudge).max(0)));
            let moment = DateTime::from_timestamp_micros;
            let days = WholeDays::within(Bounds { from: from.and_then(moment), until: until.and_then(moment), up_to: None });
            for at in [at, round(at), round(at) - 1].into_iter().filter(|at| *at >= 0) {
                let day = at / DAY_MICROS;
                let in_days = days.first.is_none_or(|first| day >= first) && days.last.is_none_or(|last| day <= last);
                let in_rests = days.rests.iter().filter(|(from, until)| (*from..=*until).contains(&at)).count();
                let is_within = from.is_none_or(|from| at >= from) && until.is_none_or(|until| at <= until);
                prop_assert_eq!(usize::from(in_days) + in_rests, usize::from(is_within), "{} in {:?}", at, days);
            }
        }
    }
}
