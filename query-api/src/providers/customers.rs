//! Customers of providers, now and then.

use events::RelationId;
use projections::bookings::{NAME, RELATION_SELECTED, RelationRow, StoredRelation};
use projections::db::Sql;
use projections::{Db, ReadModels};

use super::filter::RelationFilter;
use super::plan::{from_where, order_by};
use super::stats;
use crate::customers::Values;
use crate::customers::as_of::AsOf;
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of the customers that the filter lets through, with the exact count of all of them; `as_of`: as they were then.
///
/// # Errors
/// When the database does not answer.
pub async fn customers(
    models: &ReadModels,
    scope: &Scope,
    filter: &RelationFilter,
    as_of: Option<AsOf>,
    request: PageRequest,
) -> Result<Page<RelationRow>, QueryError> {
    let db = &models.of(NAME)?;
    let count = counted(db, scope, filter, as_of).await?;
    if request.offset() >= count {
        return Ok(Page { count, rows: Vec::new() });
    }
    let stored: Vec<StoredRelation> = db.fetch_all(page_sql(db, scope, filter, as_of, request)).await?;
    Ok(Page { count, rows: stored.into_iter().map(StoredRelation::row).collect::<Result<_, _>>()? })
}

/// What is between a provider and a customer; `None`: nothing that the tenant has.
///
/// # Errors
/// When the database does not answer.
pub async fn relation(models: &ReadModels, scope: &Scope, id: &RelationId) -> Result<Option<RelationRow>, QueryError> {
    let text = format!("SELECT {RELATION_SELECTED} FROM relations c WHERE c.tenant_id = $1 AND c.id = $2");
    let sql = Sql::composed(text, [scope.id().as_str().into(), id.as_str().into()]);
    let stored: Option<StoredRelation> = models.of(NAME)?.fetch_optional(sql).await?;
    Ok(stored.map(StoredRelation::row).transpose()?)
}

/// How many customers the filter lets through, exactly; `as_of`: then.
///
/// # Errors
/// When the database does not answer.
pub async fn count(models: &ReadModels, scope: &Scope, filter: &RelationFilter, as_of: Option<AsOf>) -> Result<u64, QueryError> {
    counted(&models.of(NAME)?, scope, filter, as_of).await
}

/// Kept counts, and for a search the rows that were found.
async fn counted(db: &Db, scope: &Scope, filter: &RelationFilter, as_of: Option<AsOf>) -> Result<u64, QueryError> {
    if filter.terms().is_empty() {
        let counts = stats::counts(db, scope, &filter.whose, as_of).await?;
        return Ok(filter.status.map_or(counts.total, |status| counts.with(status)));
    }
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, as_of, &mut values);
    let found: Option<(i64,)> = db.fetch_optional(Sql::composed(format!("SELECT COUNT(*) {from}"), values.0)).await?;
    Ok(found.map_or(0, |(count,)| count.unsigned_abs()))
}

/// The page is found in the index first; only its own rows are looked up.
pub(super) fn page_sql(db: &Db, scope: &Scope, filter: &RelationFilter, as_of: Option<AsOf>, request: PageRequest) -> Sql {
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, as_of, &mut values);
    let order = order_by(filter);
    let limit = values.bind(i64::try_from(request.page_size()).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(request.offset()).unwrap_or(i64::MAX));
    let (table, at, and_at) = match as_of {
        Some(_) => ("relation_versions", ", c.at AS at", " AND c.at = p.at"),
        // The index does not have it.
        None => ("relations", "", ""),
    };
    let text = format!(
        "SELECT {RELATION_SELECTED} FROM (SELECT c.no AS no{at} {from} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN {table} c WHERE c.no = p.no{and_at} ORDER BY {order}"
    );
    Sql::composed(text, values.0)
}
