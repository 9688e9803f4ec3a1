//! How many customers a filter lets through: exactly, and without looking at them where no words are searched.

use projections::Db;
use projections::customer::{search, tier_number};
use projections::customer_list::facets::Level;
use projections::db::{Backend, Sql, TextIndex};

use super::CustomerFilter;
use super::plan::{Counts, Values, Way, from_where, from_where_narrow, narrow_tells_all};
use crate::{QueryError, Scope};

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(db: &Db, scope: &Scope, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let terms = filter.terms();
    let found = async || count_found(db, scope, &terms).await;
    let by = async |way| count_by(db, scope, filter, way).await;
    count_facets(db, scope, filter).await?.searched(db.backend(), filter, found, by).await
}

impl Counts {
    /// The same with how many contain the words as well, where the filter has any. `found` counts them as far as the text index
    /// tells, `by` counts what the whole filter lets through, found this way: each is asked only where it has to be.
    ///
    /// # Errors
    /// Those of the two.
    pub async fn searched(
        mut self,
        backend: Backend,
        filter: &CustomerFilter,
        found: impl AsyncFnOnce() -> Result<u64, QueryError>,
        by: impl AsyncFnOnce(Way) -> Result<u64, QueryError>,
    ) -> Result<Self, QueryError> {
        if filter.terms().is_empty() || self.filtered == 0 {
            return Ok(self);
        }
        if self.filtered == self.total && backend.matching_is_exact() {
            self.matching = found().await?;
            self.found = Some(self.matching);
            return Ok(self);
        }
        if Way::only_search_counts(filter) {
            self.matching = by(Way::Search).await?;
            // If they are as often of the kind that is asked for as others are. That is enough to choose a way.
            self.found = Some(self.matching.saturating_mul(self.total) / self.filtered.max(1));
            return Ok(self);
        }
        let found = found().await?;
        self.found = Some(found);
        self.matching = self.filtered.min(found);
        // Every row that is found, or every row that the rest of the filter lets through: what is fewer.
        self.matching = by(Way::cheapest_to_count(backend, filter, &self)).await?;
        Ok(self)
    }
}

async fn count_by(db: &Db, scope: &Scope, filter: &CustomerFilter, way: Way) -> Result<u64, QueryError> {
    let (matching,): (i64,) = one(db, matching_sql(db, scope, filter, way)).await?;
    Ok(matching.unsigned_abs())
}

/// Counts what the filter lets through, found this way.
pub(super) fn matching_sql(db: &Db, scope: &Scope, filter: &CustomerFilter, way: Way) -> Sql {
    let mut values = Values::default();
    let from = if way == Way::Search && narrow_tells_all(db.backend(), filter) {
        from_where_narrow(db.backend(), scope, filter, &mut values)
    } else {
        from_where(db.backend(), scope, filter, way, &mut values)
    };
    Sql::composed(format!("SELECT COUNT(*) {from}"), values.0)
}

/// How many rows contain the words as far as the text index tells.
async fn count_found(db: &Db, scope: &Scope, terms: &[String]) -> Result<u64, QueryError> {
    let needles: Vec<search::Needle> = terms.iter().map(|term| search::needle(scope.id(), term)).collect();
    let backend = db.backend();
    let text = format!("SELECT COUNT(*) FROM ({}) s", backend.matching(TextIndex::Search, 1));
    let (found,): (i64,) = one(db, Sql::composed(text, [backend.needles(&needles).into()])).await?;
    Ok(found.unsigned_abs())
}

/// The counts that the facets hold: a few rows, whatever the filter and however many customers there are.
async fn count_facets(db: &Db, scope: &Scope, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let mut values = Values::default();
    let levels = [
        Some(Level::All),
        filter.city.as_ref().map(|_| Level::City),
        filter.province.as_ref().map(|_| Level::Province),
        filter.city.as_ref().and(filter.province.as_ref()).map(|_| Level::Both),
    ];
    let parts: Vec<String> = levels.into_iter().flatten().map(|level| level_counts(scope, filter, level, &mut values)).collect();
    let rows: Vec<(i64, i64, i64, i64)> = db.fetch_all(Sql::composed(parts.join(" UNION ALL "), values.0)).await?;
    let mut counts = Counts::default();
    let exact = Level::of(filter.city.is_some(), filter.province.is_some());
    for (number, all, tier, kind) in rows {
        let Some(level) = Level::ALL.into_iter().find(|level| level.number() == number) else { continue };
        match level {
            Level::All => (counts.total, counts.tier) = (all.unsigned_abs(), tier.unsigned_abs()),
            Level::City => counts.city = all.unsigned_abs(),
            Level::Province => counts.province = all.unsigned_abs(),
            Level::Both => {}
        }
        if level == exact {
            counts.filtered = kind.unsigned_abs();
        }
    }
    counts.matching = counts.filtered;
    Ok(counts)
}

/// One row: the level, all customers of it, those in the tier, and those that are in the tier and active or not as asked.
fn level_counts(scope: &Scope, filter: &CustomerFilter, level: Level, values: &mut Values) -> String {
    let tier = filter.loyalty_level.map(|tier| format!("tier = ${}", values.bind(tier_number(tier))));
    let active = filter.is_active.map(|active| format!("is_active = ${}", values.bind(i64::from(active))));
    let sum = |conditions: &[&Option<String>]| {
        let conditions: Vec<&str> = conditions.iter().filter_map(|one| one.as_deref()).collect();
        if conditions.is_empty() {
            return "CAST(COALESCE(SUM(n), 0) AS BIGINT)".to_owned();
        }
        format!("CAST(COALESCE(SUM(CASE WHEN {} THEN n ELSE 0 END), 0) AS BIGINT)", conditions.join(" AND "))
    };
    let (of_tier, of_kind) = (sum(&[&tier]), sum(&[&tier, &active]));
    let city = filter.city.as_deref().filter(|_| matches!(level, Level::City | Level::Both)).unwrap_or_default();
    let province = filter.province.as_deref().filter(|_| matches!(level, Level::Province | Level::Both)).unwrap_or_default();
    format!(
        "SELECT CAST({} AS BIGINT), CAST(COALESCE(SUM(n), 0) AS BIGINT), {of_tier}, {of_kind} FROM customer_facets \
         WHERE tenant_id = ${} AND level = {} AND city = ${} AND province = ${}",
        level.number(),
        values.bind(scope.id().as_str()),
        level.number(),
        values.bind(city),
        values.bind(province),
    )
}

/// The number of all that a filter without search, city and province lets through, as a query in brackets that goes into another.
pub fn inline(scope: &Scope, filter: &CustomerFilter, values: &mut Values) -> String {
    let mut conditions =
        format!("tenant_id = ${} AND level = 0 AND city = '' AND province = ''", values.bind(scope.id().as_str()));
    if let Some(active) = filter.is_active {
        conditions.push_str(&format!(" AND is_active = ${}", values.bind(i64::from(active))));
    }
    if let Some(tier) = filter.loyalty_level {
        conditions.push_str(&format!(" AND tier = ${}", values.bind(tier_number(tier))));
    }
    format!("(SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM customer_facets WHERE {conditions})")
}

async fn one<T: projections::db::FromRows + Default>(db: &Db, sql: Sql) -> Result<T, QueryError> {
    Ok(db.fetch_optional(sql).await?.unwrap_or_default())
}
