//! Lists and statistics as of a moment.

use projections::customer::StoredCustomer;
use projections::customer_history::{self, Moment, SELECTED};
use projections::db::Sql;
use projections::{Db, ReadModels};

use super::super::list::{Counted, cannot_match, is_plain};
use super::super::plan::{Values, Way};
use super::super::{CustomerFilter, CustomerRow, CustomerStats};
use super::AsOf;
use super::count::{count, inline};
use super::plan::{row_column, source, versions_of};
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of the tenant's customers as the list was then, with the exact count of all that the filter let through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    models: &ReadModels,
    scope: &Scope,
    as_of: AsOf,
    filter: &CustomerFilter,
    request: PageRequest,
) -> Result<Page<CustomerRow>, QueryError> {
    if cannot_match(filter) {
        return Ok(Page { count: 0, rows: Vec::new() });
    }
    let (db, moment) = (&models.of(customer_history::NAME)?, as_of.moment);
    if is_plain(filter) {
        let mut values = Values::default();
        let matching = format!(", {} AS matching", inline(scope, moment, filter, &mut values));
        let text = page_text(db, scope, moment, (filter, request, Way::Ordered), &matching, &mut values);
        let stored: Vec<Counted> = db.fetch_all(Sql::composed(text, values.0)).await?;
        if !stored.is_empty() {
            return Counted::page(stored);
        }
    }
    let counts = count(db, scope, moment, filter).await?;
    if request.offset() >= counts.matching {
        return Ok(Page { count: counts.matching, rows: Vec::new() });
    }
    let way = Way::cheapest(filter, &counts, (request.offset() + request.page_size()).min(counts.matching));
    let mut values = Values::default();
    let text = page_text(db, scope, moment, (filter, request, way), "", &mut values);
    let stored: Vec<StoredCustomer> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let rows = stored.into_iter().map(CustomerRow::try_from).collect::<Result<_, _>>()?;
    Ok(Page { count: counts.matching, rows })
}

/// The statistics of a tenant's customers as they were then.
///
/// # Errors
/// When the database does not answer.
pub async fn stats(models: &ReadModels, scope: &Scope, as_of: AsOf) -> Result<CustomerStats, QueryError> {
    super::count::stats(&models.of(customer_history::NAME)?, scope, as_of.moment).await
}

/// The page is found in a list first; only its own rows are looked up.
pub(super) fn page_text(
    db: &Db,
    scope: &Scope,
    moment: Moment,
    (filter, request, way): (&CustomerFilter, PageRequest, Way),
    more_columns: &str,
    values: &mut Values,
) -> String {
    let source = source(db.backend(), scope, moment, filter, way, values);
    let direction = filter.ordering.direction();
    let limit = values.bind(i64::try_from(request.page_size()).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(request.offset()).unwrap_or(i64::MAX));
    let (versions, condition) = versions_of(db.backend(), "q.no", values.bind(moment.0));
    format!(
        "SELECT {SELECTED}{more_columns} FROM (SELECT {no} AS no {from} {order} \
         LIMIT ${limit} OFFSET ${offset}) q{versions} WHERE {condition} ORDER BY {column} {direction}, c.no {direction}",
        no = source.no,
        from = source.from,
        order = source.order,
        column = row_column(filter.ordering.field),
    )
}
