//! How many customers a filter of the live list lets through: exactly, and mostly without looking at them.

use projections::contact_list::facets::ALL;
use projections::db::{DbError, FromRows, Sql, Tx};

use super::plan::{Asked, Counts, Way};
use crate::customers::Values;

/// Counts everything that is needed to choose a way and to say how long the list is.
pub async fn count(tx: &mut Tx, asked: Asked<'_>) -> Result<Counts, DbError> {
    let sets = asked.filter.tag_sets(asked.names);
    let mut counts = Counts::default();
    let (total, of_kind) = facet(tx, asked, ALL).await?;
    counts.total = total;
    counts.matching = of_kind;
    if let Some(first) = sets.first() {
        let mut tagged = (0, 0);
        for tag in first {
            let (all, of_kind) = facet(tx, asked, tag.as_str()).await?;
            tagged = (tagged.0 + all, tagged.1 + of_kind);
        }
        counts.tagged = Some(tagged.0);
        counts.matching = tagged.1;
    }
    if counts.matching == 0 {
        return Ok(counts);
    }
    if !asked.filter.terms().is_empty() {
        let mut values = Values::default();
        let found = asked.found(&mut values);
        counts.found = Some(one(tx, Sql::composed(format!("SELECT COUNT(*) FROM ({found}) s"), values.0)).await?);
    }
    let dated = !asked.filter.created.is_open() || !asked.filter.active.is_open();
    let facets_tell = !dated && counts.found.is_none() && sets.len() <= 1 && sets.iter().all(|tags| tags.len() <= 1);
    if !facets_tell {
        let way = Way::to_count(asked.filter, &counts);
        let mut values = Values::default();
        let from = asked.rows(way, &mut values);
        counts.matching = one(tx, Sql::composed(format!("SELECT COUNT(*) {from}"), values.0)).await?;
    }
    Ok(counts)
}

/// How many live customers have a tag (or are there at all), and how many of them are of the kind that the filter asks for.
async fn facet(tx: &mut Tx, asked: Asked<'_>, tag: &str) -> Result<(u64, u64), DbError> {
    let wanted = asked.filter.wanted();
    let mut values = Values::default();
    let (mask, value) = (values.bind(wanted.mask), values.bind(wanted.value));
    let (tenant, tag) = (values.bind(asked.scope.id().as_str()), values.bind(tag));
    let select = format!(
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN (kind & ${mask}) = ${value} THEN n ELSE 0 END), 0) AS BIGINT) \
         FROM contact_facets WHERE tenant_id = ${tenant} AND tag_id = ${tag}"
    );
    let rows: Vec<(i64, i64)> = tx.fetch_all(Sql::composed(select, values.0)).await?;
    let (all, of_kind) = rows.first().copied().unwrap_or_default();
    Ok((all.unsigned_abs(), of_kind.unsigned_abs()))
}

async fn one(tx: &mut Tx, sql: Sql) -> Result<u64, DbError>
where
    (i64,): FromRows,
{
    let rows: Vec<(i64,)> = tx.fetch_all(sql).await?;
    Ok(rows.first().map_or(0, |(n,)| n.unsigned_abs()))
}
