//! Lists of customers, and single ones.

use events::CustomerId;
use projections::customer::{SELECTED, StoredCustomer};
use projections::db::Sql;
use projections::{Db, ReadModels, customer_list};

use super::count::{count, inline};
use super::plan::{Counts, Values, Way, from_where, order_by};
use super::{CustomerFilter, CustomerRow, OrderField};
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of the tenant's customers, with the exact count of all that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    models: &ReadModels,
    scope: &Scope,
    filter: &CustomerFilter,
    request: PageRequest,
) -> Result<Page<CustomerRow>, QueryError> {
    if cannot_match(filter) {
        return Ok(Page { count: 0, rows: Vec::new() });
    }
    let db = &models.of(customer_list::NAME)?;
    if is_plain(filter) {
        let page = plain_page(db, scope, filter, request).await?;
        if !page.rows.is_empty() {
            return Ok(page);
        }
    }
    let counts = count(db, scope, filter).await?;
    if request.offset() >= counts.matching {
        return Ok(Page { count: counts.matching, rows: Vec::new() });
    }
    let sql = page_sql(db, scope, filter, request, &counts);
    let stored: Vec<StoredCustomer> = db.fetch_all(sql).await?;
    let rows = stored.into_iter().map(CustomerRow::try_from).collect::<Result<_, _>>()?;
    Ok(Page { count: counts.matching, rows })
}

/// A customer of the tenant; `None` when there is none, and when it was deleted or forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn get(models: &ReadModels, scope: &Scope, id: &CustomerId) -> Result<Option<CustomerRow>, QueryError> {
    let key = [scope.id().as_str().into(), id.as_str().into()];
    let sql =
        Sql::composed(format!("SELECT {SELECTED} FROM customers c WHERE c.tenant_id = $1 AND c.id = $2 AND c.state = 0"), key);
    let stored: Option<StoredCustomer> = models.of(customer_list::NAME)?.fetch_optional(sql).await?;
    Ok(stored.map(CustomerRow::try_from).transpose()?)
}

/// A row and the count of the whole list, in one answer.
#[derive(sqlx::FromRow)]
pub(super) struct Counted {
    #[sqlx(flatten)]
    row: StoredCustomer,
    matching: i64,
}

impl Counted {
    /// The page that these rows make.
    pub(super) fn page(stored: Vec<Self>) -> Result<Page<CustomerRow>, QueryError> {
        let count = stored.first().map_or(0, |row| row.matching.unsigned_abs());
        let rows = stored.into_iter().map(|counted| CustomerRow::try_from(counted.row)).collect::<Result<_, _>>()?;
        Ok(Page { count, rows })
    }
}

/// Whether one way is best whatever the counts: then count and page are asked for together.
pub(super) fn is_plain(filter: &CustomerFilter) -> bool {
    let by_points = filter.ordering.field == OrderField::LoyaltyPoints;
    filter.city.is_none()
        && filter.province.is_none()
        && filter.terms().is_empty()
        && (filter.loyalty_level.is_none() || by_points)
}

/// Texts that no row holds, and that PostgreSQL would not even take.
pub(super) fn cannot_match(filter: &CustomerFilter) -> bool {
    [&filter.city, &filter.province].into_iter().flatten().any(|text| text.contains('\0'))
}

async fn plain_page(
    db: &Db,
    scope: &Scope,
    filter: &CustomerFilter,
    request: PageRequest,
) -> Result<Page<CustomerRow>, QueryError> {
    let mut values = Values::default();
    let matching = inline(scope, filter, &mut values);
    let text = page_text(db, scope, filter, request, Way::Ordered, &format!(", {matching} AS matching"), &mut values);
    let stored: Vec<Counted> = db.fetch_all(Sql::composed(text, values.0)).await?;
    Counted::page(stored)
}

/// The statement for a page, once the counts are known.
pub(super) fn page_sql(db: &Db, scope: &Scope, filter: &CustomerFilter, request: PageRequest, counts: &Counts) -> Sql {
    let wanted = (request.offset() + request.page_size()).min(counts.matching);
    let way = Way::cheapest(filter, counts, wanted);
    let mut values = Values::default();
    let text = page_text(db, scope, filter, request, way, "", &mut values);
    Sql::composed(text, values.0)
}

/// The page is found in the index first; only its own rows are looked up.
pub(super) fn page_text(
    db: &Db,
    scope: &Scope,
    filter: &CustomerFilter,
    request: PageRequest,
    way: Way,
    more_columns: &str,
    values: &mut Values,
) -> String {
    let from = from_where(db.backend(), scope, filter, way, values);
    let order = order_by(filter);
    let limit = values.bind(i64::try_from(request.page_size()).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(request.offset()).unwrap_or(i64::MAX));
    format!(
        "SELECT {SELECTED}{more_columns} FROM (SELECT c.no AS no {from} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN customers c WHERE c.no = p.no ORDER BY {order}"
    )
}
