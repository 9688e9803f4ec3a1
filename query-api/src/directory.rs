//! Questions about tenants and users.

use events::{TenantId, UserId};
use projections::ReadModels;
use projections::directory::{self, NAME};
pub use projections::directory::{TenantRow, UserRow};

use crate::{Page, PageRequest, QueryError, Scope};

/// The tenant itself, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant(models: &ReadModels, scope: &Scope) -> Result<Option<TenantRow>, QueryError> {
    Ok(directory::tenant(&models.of(NAME)?, scope.id()).await?)
}

/// Every tenant by name. For operators and the command line only: it is the one list that looks across tenants.
///
/// # Errors
/// When the database does not answer.
pub async fn tenants(models: &ReadModels) -> Result<Vec<TenantRow>, QueryError> {
    Ok(directory::tenants(&models.of(NAME)?).await?)
}

/// A user of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn user(models: &ReadModels, scope: &Scope, id: &UserId) -> Result<Option<UserRow>, QueryError> {
    Ok(directory::user(&models.of(NAME)?, scope.id(), id).await?)
}

/// The tenant's users by email, a page of them.
///
/// # Errors
/// When the database does not answer.
pub async fn users(models: &ReadModels, scope: &Scope, request: PageRequest) -> Result<Page<UserRow>, QueryError> {
    let (count, rows) = directory::users(&models.of(NAME)?, scope.id(), request.page_size(), request.offset()).await?;
    Ok(Page { count, rows })
}

/// Every user with this address, in whichever tenant, without regard to case. For login only.
///
/// # Errors
/// When the database does not answer.
pub async fn users_by_email(models: &ReadModels, email: &str) -> Result<Vec<UserRow>, QueryError> {
    Ok(directory::users_by_email(&models.of(NAME)?, email).await?)
}

/// The names of tenants, for lists that show them; unknown ones are absent.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_name(models: &ReadModels, scope: &Scope) -> Result<Option<String>, QueryError> {
    Ok(tenant(models, scope).await?.map(|row| row.name))
}

/// Whether there is such a tenant: how an operator's choice is checked before it becomes a [`Scope`].
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_exists(models: &ReadModels, id: &TenantId) -> Result<bool, QueryError> {
    Ok(directory::tenant(&models.of(NAME)?, id).await?.is_some())
}
