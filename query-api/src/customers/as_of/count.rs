//! How many customers a filter let through at a moment: exactly, and without looking at them where no words are searched.

use events::customer::LoyaltyTier;
use projections::Db;
use projections::customer::tier_number;
use projections::customer_history::{Moment, TOTALS};
use projections::customer_list::facets::Level;
use projections::db::{FromRows, Sql, TextIndex};

use super::super::plan::{Counts, Values, Way};
use super::super::{CustomerFilter, CustomerStats};
use super::plan::source_to_count;
use super::search::{kinds, matching};
use crate::{QueryError, Scope};

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(db: &Db, scope: &Scope, moment: Moment, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let terms = filter.terms();
    let found = async || count_found(db, scope, moment, &terms).await;
    let by = async |way| count_by(db, scope, moment, filter, way).await;
    count_facets(db, scope, moment, filter).await?.searched(db.backend(), filter, found, by).await
}

async fn count_by(db: &Db, scope: &Scope, moment: Moment, filter: &CustomerFilter, way: Way) -> Result<u64, QueryError> {
    let mut values = Values::default();
    let from = source_to_count(db.backend(), scope, moment, filter, way, &mut values);
    let (matching,): (i64,) = one(db, Sql::composed(format!("SELECT COUNT(*) {from}"), values.0)).await?;
    Ok(matching.unsigned_abs())
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

/// The counts that totals, marks and changes give.
async fn count_facets(db: &Db, scope: &Scope, moment: Moment, filter: &CustomerFilter) -> Result<Counts, QueryError> {
    let (city, province) = (filter.city.as_deref(), filter.province.as_deref());
    let mut values = Values::default();
    let mut parts = vec![all_counts(scope, moment, filter, &mut values)];
    let narrow = [
        city.map(|city| (Level::City, Some(city), None)),
        province.map(|province| (Level::Province, None, Some(province))),
        city.zip(province).map(|(city, province)| (Level::Both, Some(city), Some(province))),
    ];
    let narrow = narrow.into_iter().flatten();
    parts.extend(
        narrow.map(|(level, city, province)| level_counts(scope, moment, filter, &Facets { level, city, province }, &mut values)),
    );
    let rows: Vec<(i64, i64, i64, i64)> = db.fetch_all(Sql::composed(parts.join(" UNION ALL "), values.0)).await?;
    let exact = Level::of(city.is_some(), province.is_some());
    let mut counts = Counts::default();
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

/// The number of all that a filter without search, city and province lets through, as a query in brackets that goes into another.
pub fn inline(scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> String {
    let columns = format!("{} AS n", columns_of(filter.is_active, filter.loyalty_level));
    format!("(SELECT {} FROM ({}) f)", sum("n"), totals(scope, moment, &columns, values))
}

/// The statistics as of a moment.
pub async fn stats(db: &Db, scope: &Scope, moment: Moment) -> Result<CustomerStats, QueryError> {
    let mut values = Values::default();
    let tiers = LoyaltyTier::ALL.map(|tier| columns_of(None, Some(tier)));
    let columns = [columns_of(Some(true), None), "points".to_owned()].into_iter().chain(tiers).collect::<Vec<_>>().join(", ");
    let text = totals(scope, moment, &columns, &mut values);
    let rows: Vec<(i64, i64, i64, i64, i64, i64)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let mut stats = CustomerStats::default();
    for (active, points, bronze, silver, gold, platinum) in rows {
        stats.active += active;
        stats.points = stats.points.saturating_add(points);
        for (tier, more) in stats.by_tier.iter_mut().zip([bronze, silver, gold, platinum]) {
            *tier += more;
            stats.total += more;
        }
    }
    Ok(stats)
}

/// The columns of totals in which customers of an activity and a tier are counted, added up.
fn columns_of(is_active: Option<bool>, tier: Option<LoyaltyTier>) -> String {
    kinds(is_active, tier).map(|kind| TOTALS[kind]).collect::<Vec<_>>().join(" + ")
}

/// Two rows that are to be added up: what all changes before the block of the moment came to, and what those in it did.
fn totals(scope: &Scope, moment: Moment, columns: &str, values: &mut Values) -> String {
    let tenant = values.bind(scope.id().as_str());
    let (block, start, end) = (values.bind(moment.block()), values.bind(moment.block_start().0), values.bind(moment.0));
    format!(
        "SELECT {columns} FROM (SELECT * FROM customer_block_totals t WHERE t.tenant_id = ${tenant} AND t.block < ${block} \
         ORDER BY t.block DESC LIMIT 1) b UNION ALL SELECT {columns} FROM (SELECT * FROM customer_totals t \
         WHERE t.tenant_id = ${tenant} AND t.at >= ${start} AND t.at <= ${end} ORDER BY t.at DESC LIMIT 1) r"
    )
}

fn sum(of: &str) -> String {
    format!("CAST(COALESCE(SUM({of}), 0) AS BIGINT)")
}

/// One row: level [`Level::All`], all customers, those in the tier, and those that are in the tier and active or not as asked.
fn all_counts(scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> String {
    let (all, tier) = (columns_of(None, None), columns_of(None, filter.loyalty_level));
    let kind = columns_of(filter.is_active, filter.loyalty_level);
    let rows = totals(scope, moment, &format!("{all} AS n, {tier} AS in_tier, {kind} AS of_kind"), values);
    format!("SELECT CAST(0 AS BIGINT), {}, {}, {} FROM ({rows}) f", sum("n"), sum("in_tier"), sum("of_kind"))
}

/// Facets that differ in activity and tier only.
struct Facets<'a> {
    level: Level,
    city: Option<&'a str>,
    province: Option<&'a str>,
}

/// The same for another level: the last marks before the block of the moment, and the changes in it.
fn level_counts(scope: &Scope, moment: Moment, filter: &CustomerFilter, facets: &Facets<'_>, values: &mut Values) -> String {
    let (level, tenant) = (facets.level.number(), values.bind(scope.id().as_str()));
    let (block, start, end) = (values.bind(moment.block()), values.bind(moment.block_start().0), values.bind(moment.0));
    let city = facets.city.map(|city| values.bind(city));
    let province = facets.province.map(|province| values.bind(province));
    let place = |value: Option<usize>| value.map_or("''".to_owned(), |place| format!("${place}"));
    let mark = |m: char| {
        format!(
            "{m}.tenant_id = ${tenant} AND {m}.level = {level} AND {m}.city = {} AND {m}.province = {} \
             AND {m}.is_active = k.column1 AND {m}.tier = k.column2",
            place(city),
            place(province)
        )
    };
    let changed: String = [("city", city), ("province", province)]
        .into_iter()
        .filter_map(|(column, place)| Some(format!(" AND h.{column} = ${}", place?)))
        .collect();
    let tier = filter.loyalty_level.map_or("0 = 0".to_owned(), |tier| format!("tier = {}", tier_number(tier)));
    let active = filter.is_active.map_or("0 = 0".to_owned(), |active| format!("is_active = {}", i64::from(active)));
    format!(
        "SELECT CAST({level} AS BIGINT), {}, {}, {} FROM (\
         SELECT m.is_active AS is_active, m.tier AS tier, m.n AS n FROM ({KINDS}) k CROSS JOIN customer_marks m WHERE {} \
         AND m.block = (SELECT MAX(l.block) FROM customer_marks l WHERE {} AND l.block < ${block}) \
         UNION ALL SELECT h.is_active, h.tier, h.n FROM customer_changes h \
         WHERE h.tenant_id = ${tenant} AND h.at >= ${start} AND h.at <= ${end}{changed}) f",
        sum("n"),
        sum(&format!("CASE WHEN {tier} THEN n ELSE 0 END")),
        sum(&format!("CASE WHEN {tier} AND {active} THEN n ELSE 0 END")),
        mark('m'),
        mark('l'),
    )
}

/// Every activity with every tier.
const KINDS: &str = "VALUES (0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3)";

async fn one<T: FromRows + Default>(db: &Db, sql: Sql) -> Result<T, QueryError> {
    Ok(db.fetch_optional(sql).await?.unwrap_or_default())
}
