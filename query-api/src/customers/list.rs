//! Lists of customers, and single ones.

use events::CustomerId;
use projections::Db;

use super::{CustomerFilter, CustomerRow};
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of the tenant's customers, with the exact count of all that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &Db,
    scope: &Scope,
    filter: &CustomerFilter,
    request: PageRequest,
) -> Result<Page<CustomerRow>, QueryError> {
    let _ = (db, scope, filter, request);
    Ok(Page { count: 0, rows: Vec::new() })
}

/// A customer of the tenant; `None` when there is none, and when it was deleted or forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn get(db: &Db, scope: &Scope, id: &CustomerId) -> Result<Option<CustomerRow>, QueryError> {
    let _ = (db, scope, id);
    Ok(None)
}
