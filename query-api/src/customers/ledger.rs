//! A customer's points ledger.

use events::CustomerId;
use projections::{ReadModels, points_ledger};

use super::LedgerRow;
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of a customer's points ledger, newest first. A customer that is not there has none.
///
/// # Errors
/// When the database does not answer.
pub async fn ledger(
    models: &ReadModels,
    scope: &Scope,
    id: &CustomerId,
    request: PageRequest,
) -> Result<Page<LedgerRow>, QueryError> {
    let db = &models.of(points_ledger::NAME)?;
    let (count, rows) = points_ledger::page(db, scope.id(), id, None, request.page_size(), request.offset()).await?;
    Ok(Page { count, rows })
}
