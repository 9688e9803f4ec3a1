//! The statistics of a tenant's customers.

use projections::{ReadModels, customer_list};

use super::CustomerStats;
use crate::{QueryError, Scope};

/// The statistics of a tenant's customers: sums of a few maintained rows.
///
/// # Errors
/// When the database does not answer.
pub async fn stats(models: &ReadModels, scope: &Scope) -> Result<CustomerStats, QueryError> {
    Ok(customer_list::stats::of_tenant(&models.of(customer_list::NAME)?, scope.id()).await?)
}
