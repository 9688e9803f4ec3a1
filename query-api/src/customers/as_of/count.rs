//! How many customers a filter let through at a moment: exactly. Each count is the last marks before the moment's block and the
//! changes in it.

use events::customer::LoyaltyTier;
use projections::Db;
use projections::customer::tier_number;
use projections::customer_history::Moment;
use projections::customer_list::facets::Level;
use projections::db::{FromRows, Sql, TextIndex};

use super::super::plan::{Counts, Values, Way};
use super::super::{CustomerFilter, CustomerStats};
use super::plan::{matching, source};
use crate::{QueryError, Scope};

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(db: &Db, scope: &Scope, moment: Moment, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let mut counts = count_facets(db, scope, moment, filter).await?;
    let terms = filter.terms();
    if terms.is_empty() || counts.filtered == 0 {
        return Ok(counts);
    }
    let found = count_found(db, scope, moment, &terms).await?;
    counts.found = Some(found);
    if counts.filtered == counts.total && db.backend().matching_is_exact() {
        counts.matching = found;
        return Ok(counts);
    }
    counts.matching = counts.filtered.min(found);
    // Every row that is found, or every row that the rest of the filter lets through: what is fewer.
    let way = Way::cheapest(filter, &counts, counts.matching);
    let mut values = Values::default();
    let source = source(db.backend(), scope, moment, filter, way, &mut values);
    let (matching,): (i64,) = one(db, Sql::composed(format!("SELECT COUNT(*) {}", source.from), values.0)).await?;
    counts.matching = matching.unsigned_abs();
    Ok(counts)
}

/// How many rows contained the words as far as the text index tells: those that began less those that ended. Where the index
/// knows of no ends, it is at least as many as there were.
async fn count_found(db: &Db, scope: &Scope, moment: Moment, terms: &[String]) -> Result<u64, QueryError> {
    let mut values = Values::default();
    let at = values.bind(moment.0);
    let backend = db.backend();
    let mut of = |index| format!("(SELECT COUNT(*) FROM ({}) s)", matching(backend, index, scope, terms, at, &mut values));
    let mut text = format!("SELECT {}", of(TextIndex::Search));
    if backend.matching_is_exact() {
        text.push_str(&format!(" - {}", of(TextIndex::Ended)));
    }
    let (found,): (i64,) = one(db, Sql::composed(text, values.0)).await?;
    Ok(found.unsigned_abs())
}

/// The counts that marks and changes give.
async fn count_facets(db: &Db, scope: &Scope, moment: Moment, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let (city, province) = (filter.city.as_deref(), filter.province.as_deref());
    let mut levels = vec![Level::All];
    levels.extend(city.map(|_| Level::City));
    levels.extend(province.map(|_| Level::Province));
    levels.extend(city.and(province).map(|_| Level::Both));
    let mut values = Values::default();
    let parts: Vec<String> =
        levels.into_iter().map(|level| kinds(scope, moment, Facets { level, city, province }, &ALL_KINDS, &mut values)).collect();
    let rows: Vec<(i64, i64, i64, i64, i64)> = db.fetch_all(Sql::composed(parts.join(" UNION ALL "), values.0)).await?;
    let exact = Level::of(city.is_some(), province.is_some());
    let mut counts = Counts::default();
    for (level, is_active, tier, n, _) in rows {
        let (n, in_tier) = (n.unsigned_abs(), filter.loyalty_level.is_none_or(|wanted| tier_number(wanted) == tier));
        match Level::ALL.into_iter().find(|known| known.number() == level) {
            Some(Level::All) => {
                counts.total += n;
                counts.tier += if in_tier { n } else { 0 };
            }
            Some(Level::City) => counts.city += n,
            Some(Level::Province) => counts.province += n,
            Some(Level::Both) | None => {}
        }
        if level == exact.number() && in_tier && filter.is_active.is_none_or(|wanted| i64::from(wanted) == is_active) {
            counts.filtered += n;
        }
    }
    counts.matching = counts.filtered;
    Ok(counts)
}

/// The number of all that a filter without search, city and province lets through, as a query in brackets that goes into another.
pub fn inline(scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> String {
    let lets_through = |(is_active, tier): &(bool, LoyaltyTier)| {
        filter.is_active.is_none_or(|wanted| wanted == *is_active) && filter.loyalty_level.is_none_or(|wanted| wanted == *tier)
    };
    let wanted: Vec<(bool, LoyaltyTier)> = ALL_KINDS.into_iter().filter(lets_through).collect();
    let all = Facets { level: Level::All, city: None, province: None };
    format!("(SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM ({}) f)", kinds(scope, moment, all, &wanted, values))
}

/// The statistics as of a moment.
pub async fn stats(db: &Db, scope: &Scope, moment: Moment) -> Result<CustomerStats, QueryError> {
    let mut values = Values::default();
    let all = Facets { level: Level::All, city: None, province: None };
    let text = kinds(scope, moment, all, &ALL_KINDS, &mut values);
    let rows: Vec<(i64, i64, i64, i64, i64)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let mut stats = CustomerStats::default();
    for (_, is_active, tier, n, points) in rows {
        stats.total += n;
        stats.active += if is_active == 0 { 0 } else { n };
        stats.points = stats.points.saturating_add(points);
        if let Some(of_tier) = usize::try_from(tier).ok().and_then(|tier| stats.by_tier.get_mut(tier)) {
            *of_tier += n;
        }
    }
    Ok(stats)
}

/// Facets that differ in activity and tier only.
#[derive(Clone, Copy)]
struct Facets<'a> {
    level: Level,
    city: Option<&'a str>,
    province: Option<&'a str>,
}

const ALL_KINDS: [(bool, LoyaltyTier); 8] = [
    (false, LoyaltyTier::Bronze),
    (false, LoyaltyTier::Silver),
    (false, LoyaltyTier::Gold),
    (false, LoyaltyTier::Platinum),
    (true, LoyaltyTier::Bronze),
    (true, LoyaltyTier::Silver),
    (true, LoyaltyTier::Gold),
    (true, LoyaltyTier::Platinum),
];

/// Rows of level, activity, tier, customers and points; several with the same activity and tier are to be added up.
fn kinds(scope: &Scope, moment: Moment, facets: Facets<'_>, wanted: &[(bool, LoyaltyTier)], values: &mut Values) -> String {
    let Facets { level, city, province } = facets;
    let (with_city, with_province) = (matches!(level, Level::City | Level::Both), matches!(level, Level::Province | Level::Both));
    let tenant = values.bind(scope.id().as_str());
    let mark_city = values.bind(city.filter(|_| with_city).unwrap_or_default());
    let mark_province = values.bind(province.filter(|_| with_province).unwrap_or_default());
    let (block, start, end) = (values.bind(moment.block()), values.bind(moment.block_start().0), values.bind(moment.0));
    let number = level.number();
    let list = |pairs: &[(bool, LoyaltyTier)]| {
        let pairs: Vec<String> =
            pairs.iter().map(|(active, tier)| format!("({}, {})", i64::from(*active), tier_number(*tier))).collect();
        pairs.join(", ")
    };
    let mark = |m: char| {
        format!(
            "{m}.tenant_id = ${tenant} AND {m}.level = {number} AND {m}.city = ${mark_city} AND {m}.province = ${mark_province} \
             AND {m}.is_active = k.column1 AND {m}.tier = k.column2"
        )
    };
    let mut changed = format!("h.tenant_id = ${tenant} AND h.at >= ${start} AND h.at <= ${end}");
    if with_city {
        changed.push_str(&format!(" AND h.city = ${mark_city}"));
    }
    if with_province {
        changed.push_str(&format!(" AND h.province = ${mark_province}"));
    }
    if wanted.len() < ALL_KINDS.len() {
        changed.push_str(&format!(" AND (h.is_active, h.tier) IN (VALUES {})", list(wanted)));
    }
    format!(
        "SELECT CAST({number} AS BIGINT) AS level, CAST(k.column1 AS BIGINT) AS is_active, CAST(k.column2 AS BIGINT) AS tier, \
         m.n AS n, m.points AS points FROM (VALUES {}) k CROSS JOIN customer_marks m WHERE {} \
         AND m.block = (SELECT MAX(l.block) FROM customer_marks l WHERE {} AND l.block < ${block}) \
         UNION ALL SELECT CAST({number} AS BIGINT), h.is_active, h.tier, CAST(SUM(h.n) AS BIGINT), CAST(SUM(h.points) AS BIGINT) \
         FROM customer_changes h WHERE {changed} GROUP BY h.is_active, h.tier",
        list(wanted),
        mark('m'),
        mark('l'),
    )
}

async fn one<T: FromRows + Default>(db: &Db, sql: Sql) -> Result<T, QueryError> {
    Ok(db.fetch_optional(sql).await?.unwrap_or_default())
}
