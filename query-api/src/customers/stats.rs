//! The statistics of a tenant's customers.

use projections::{Db, customer_stats};

use super::CustomerStats;
use crate::{QueryError, Scope};

/// The statistics of a tenant's customers: one maintained row.
///
/// # Errors
/// When the database does not answer.
pub async fn stats(db: &Db, scope: &Scope) -> Result<CustomerStats, QueryError> {
    Ok(customer_stats::of_tenant(db, scope.id()).await?)
}
