//! Single customers as of a moment.

use events::CustomerId;
use projections::customer::StoredCustomer;
use projections::customer_history::{self, SELECTED};
use projections::db::Sql;
use projections::{ReadModels, points_ledger};

use super::super::{CustomerRow, LedgerRow};
use super::AsOf;
use super::plan::versions_of;
use super::versions::{Past, unknown};
use crate::{Page, PageRequest, QueryError, Scope};

/// A customer of the tenant as it was then; nothing where it was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn get(models: &ReadModels, scope: &Scope, as_of: AsOf, id: &CustomerId) -> Result<Past<CustomerRow>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let (versions, condition) = versions_of(db.backend(), "q.no", 3);
    let text = format!(
        "SELECT {SELECTED} FROM (SELECT k.no AS no FROM customer_profiles k WHERE k.tenant_id = $1 AND k.id = $2 LIMIT 1) q\
         {versions} WHERE {condition} AND c.state = 0"
    );
    let key = [scope.id().as_str().into(), id.as_str().into()];
    let values = key.into_iter().chain([as_of.moment.0.into()]);
    let stored: Option<StoredCustomer> = db.fetch_optional(Sql::composed(text, values)).await?;
    if let Some(stored) = stored {
        return Ok(Past::Known(CustomerRow::try_from(stored)?));
    }
    unknown(db, scope, id).await
}

/// A page of a customer's points ledger as it was then, newest first. A customer that is not there has none.
///
/// # Errors
/// When the database does not answer.
pub async fn ledger(
    models: &ReadModels,
    scope: &Scope,
    as_of: AsOf,
    id: &CustomerId,
    request: PageRequest,
) -> Result<Page<LedgerRow>, QueryError> {
    let (db, up_to) = (&models.of(points_ledger::NAME)?, Some(as_of.position));
    let (count, rows) = points_ledger::page(db, scope.id(), id, up_to, request.page_size(), request.offset()).await?;
    Ok(Page { count, rows })
}
