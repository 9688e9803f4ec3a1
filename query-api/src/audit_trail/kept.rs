//! Counts that are kept per day: which of them add up to what is within bounds, and what is left to be counted row by row.
//!
//! What is left are the parts of days: where the bounds begin or end within one, and the day that a position of the log is within.

use projections::Db;
use projections::audit_trail::counts::{ALL_DAYS, DAY_MICROS, FIRST_DAY};
use projections::db::Sql;

use super::filter::{Bounds, Values};
use crate::{QueryError, Scope};

/// What is within bounds: whole days, and parts of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    bounds: Bounds,
    first: Option<i64>,
    last: Option<i64>,
    /// Days that are not whole although they are between the first and the last.
    torn: Vec<i64>,
    /// From and until, in microseconds since 1970.
    parts: Vec<(i64, i64)>,
}

impl Kept {
    /// What is within these bounds.
    pub async fn within(db: &Db, scope: &Scope, bounds: Bounds) -> Result<Self, QueryError> {
        let mut kept = Self::of_times(bounds);
        let Some(last_no) = bounds.last_number() else { return Ok(kept) };
        let mut values = Values::default();
        let (tenant, position) = (values.bind(scope.id().as_str()), values.bind(last_no));
        let first = values.bind(kept.first.unwrap_or(FIRST_DAY));
        let until = kept.last.map(|last| format!(" AND day <= ${}", values.bind(last))).unwrap_or_default();
        let (begins, ends) = (Bounds::number("first_no"), Bounds::number("last_no"));
        let text = format!(
            "SELECT day FROM audit_days WHERE tenant_id = ${tenant} AND day >= ${first}{until} \
             AND {begins} <= ${position} AND {ends} > ${position}"
        );
        let torn: Vec<(i64,)> = db.fetch_all(Sql::composed(text, values.0)).await?;
        kept.torn = torn.into_iter().map(|(day,)| day).collect();
        kept.parts.extend(kept.torn.iter().map(|day| (day * DAY_MICROS, (day + 1) * DAY_MICROS - 1)));
        Ok(kept)
    }

    /// What is within bounds of time, whatever the position.
    fn of_times(bounds: Bounds) -> Self {
        let (from, until) = (bounds.from.map(|time| time.timestamp_micros()), bounds.until.map(|time| time.timestamp_micros()));
        let first = from.map(|from| from.div_euclid(DAY_MICROS) + i64::from(from.rem_euclid(DAY_MICROS) > 0));
        // Before the first day stand the counts of all days together.
        let first = first.map(|first| first.max(FIRST_DAY));
        let last = until.map(|until| (until + 1).div_euclid(DAY_MICROS) - 1);
        let mut parts = match (first.zip(from), last.zip(until)) {
            // Both ends on one day, or around one midnight.
            (Some((first, from)), Some((last, until))) if first > last => vec![(from, until)],
            (start, end) => {
                let start = start.map(|(first, from)| (from, first * DAY_MICROS - 1));
                start.into_iter().chain(end.map(|(last, until)| ((last + 1) * DAY_MICROS, until))).collect()
            }
        };
        parts.retain(|(from, until)| from <= until);
        Self { bounds, first, last, torn: Vec::new(), parts }
    }

    /// The condition on kept counts (a table `c` with `tenant_id` and `day`) that they are of whole days. Without `by_day` the
    /// counts of all days together will do.
    pub fn whole_days(&self, by_day: bool, values: &mut Values) -> String {
        if !by_day && self.first.is_none() && self.last.is_none() && self.bounds.up_to.is_none() {
            return format!("c.day = {ALL_DAYS}");
        }
        let mut text = format!("c.day >= ${}", values.bind(self.first.unwrap_or(FIRST_DAY)));
        if let Some(last) = self.last {
            text.push_str(&format!(" AND c.day <= ${}", values.bind(last)));
        }
        if let Some(last_no) = self.bounds.last_number() {
            // Days that end behind the position are torn, or not within at all.
            text.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM audit_days d WHERE d.tenant_id = c.tenant_id AND d.day = c.day AND {} <= ${})",
                Bounds::number("d.last_no"),
                values.bind(last_no)
            ));
        }
        text
    }

    /// Whether nothing is left to be counted row by row.
    pub const fn is_whole(&self) -> bool {
        self.parts.is_empty()
    }

    /// Queries for what is left, each beginning with ` UNION ALL `. `select` and `grouped` stand around the rows (a table `e`).
    pub fn parts(&self, db: &Db, scope: &Scope, values: &mut Values, (select, also, grouped): (&str, &str, &str)) -> String {
        // A value that is nowhere used is one too many for PostgreSQL.
        if self.parts.is_empty() {
            return String::new();
        }
        let index = db.backend().indexed_by("audit_events_by_time");
        let tenant = values.bind(scope.id().as_str());
        let position = Bounds { up_to: self.bounds.up_to, ..Bounds::default() }.conditions("e.", values);
        let mut text = String::new();
        for (from, until) in &self.parts {
            let (from, until) = (values.bind(*from), values.bind(*until));
            text.push_str(&format!(
                " UNION ALL {select} FROM audit_events e{index} WHERE e.tenant_id = ${tenant} AND e.recorded_at >= ${from} \
                 AND e.recorded_at <= ${until}{position}{also}{grouped}"
            ));
        }
        text
    }

    /// A query for cells (`day`, `model`, `activity`, `actor_id`, `n`, `fields`) that add up to what is within. Without `by_day`
    /// the day of a cell means nothing.
    pub fn cells(&self, db: &Db, scope: &Scope, by_day: bool, values: &mut Values) -> String {
        let tenant = values.bind(scope.id().as_str());
        let days = self.whole_days(by_day, values);
        let rows = format!(
            "SELECT e.recorded_at / {DAY_MICROS} AS day, e.model, e.activity, e.actor_id, COUNT(*) AS n, \
             CAST(SUM(e.fields) AS BIGINT) AS fields"
        );
        let parts = self.parts(db, scope, values, (&rows, "", " GROUP BY 1, 2, 3, 4"));
        format!(
            "SELECT c.day, c.model, c.activity, c.actor_id, c.n, c.fields FROM audit_cells c \
             WHERE c.tenant_id = ${tenant} AND {days}{parts}"
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every moment within the bounds is in one whole day or one part, and no other is.
        #[test]
        fn whole_days_and_parts_are_the_bounds(
            from in proptest::option::of(-3 * DAY_MICROS..5 * DAY_MICROS),
            until in proptest::option::of(-3 * DAY_MICROS..5 * DAY_MICROS),
            nudge in -2..2_i64,
            at in 0..5 * DAY_MICROS,
        ) {
            let round = |time: i64| time / (DAY_MICROS / 4) * (DAY_MICROS / 4);
            let (from, until) = (from.map(round), until.map(|until| round(until) + nudge));
            let moment = DateTime::from_timestamp_micros;
            let kept = Kept::of_times(Bounds { from: from.and_then(moment), until: until.and_then(moment), up_to: None });
            prop_assert!(kept.first.is_none_or(|first| first > ALL_DAYS), "all days together are no day: {:?}", kept);
            for at in [at, round(at), round(at) - 1].into_iter().filter(|at| *at >= 0) {
                let day = at / DAY_MICROS;
                let in_days = kept.first.is_none_or(|first| day >= first) && kept.last.is_none_or(|last| day <= last);
                let in_parts = kept.parts.iter().filter(|(from, until)| (*from..=*until).contains(&at)).count();
                let is_within = from.is_none_or(|from| at >= from) && until.is_none_or(|until| at <= until);
                prop_assert_eq!(usize::from(in_days) + in_parts, usize::from(is_within), "{} in {:?}", at, kept);
            }
        }
    }
}
