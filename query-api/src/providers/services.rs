//! Services of providers.

use events::ServiceId;
use projections::ReadModels;
use projections::bookings::{NAME, SERVICE_SELECTED, ServiceRow, StoredService};
use projections::db::Sql;

use super::filter::Whose;
use crate::customers::Values;
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of services, the oldest first; `is_active`: only those that are offered now, or are not.
///
/// # Errors
/// When the database does not answer.
pub async fn services(
    models: &ReadModels,
    scope: &Scope,
    whose: &Whose,
    is_active: Option<bool>,
    request: PageRequest,
) -> Result<Page<ServiceRow>, QueryError> {
    let db = models.of(NAME)?;
    let mut values = Values::default();
    let mut condition = whose.condition("c", scope, &mut values);
    if let Some(is_active) = is_active {
        condition.push_str(&format!(" AND c.is_active = ${}", values.bind(i64::from(is_active))));
    }
    let counted = Sql::composed(format!("SELECT COUNT(*) FROM services c WHERE {condition}"), values.0.clone());
    let (count,): (i64,) = db.fetch_optional(counted).await?.unwrap_or_default();
    let (limit, offset) = (request.page_size(), request.offset());
    let limit = values.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(offset).unwrap_or(i64::MAX));
    let text =
        format!("SELECT {SERVICE_SELECTED} FROM services c WHERE {condition} ORDER BY c.no LIMIT ${limit} OFFSET ${offset}");
    let stored: Vec<StoredService> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let rows = stored.into_iter().map(StoredService::row).collect::<Result<_, _>>()?;
    Ok(Page { count: count.unsigned_abs(), rows })
}

/// A service; `None`: none that the tenant has.
///
/// # Errors
/// When the database does not answer.
pub async fn service(models: &ReadModels, scope: &Scope, id: &ServiceId) -> Result<Option<ServiceRow>, QueryError> {
    let text = format!("SELECT {SERVICE_SELECTED} FROM services c WHERE c.tenant_id = $1 AND c.id = $2");
    let sql = Sql::composed(text, [scope.id().as_str().into(), id.as_str().into()]);
    let stored: Option<StoredService> = models.of(NAME)?.fetch_optional(sql).await?;
    Ok(stored.map(StoredService::row).transpose()?)
}
