//! Questions about tenants and users.

use events::{TenantId, UserId};
use projections::Db;
use projections::directory;
pub use projections::directory::{TenantRow, UserRow};

use crate::{Page, PageRequest, QueryError, Scope};

/// The tenant itself, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant(db: &Db, scope: &Scope) -> Result<Option<TenantRow>, QueryError> {
    Ok(directory::tenant(db, scope.id()).await?)
}

/// Every tenant by name. For operators and the command line only: it is the one list that looks across tenants.
///
/// # Errors
/// When the database does not answer.
pub async fn tenants(db: &Db) -> Result<Vec<TenantRow>, QueryError> {
    Ok(directory::tenants(db).await?)
}

/// A user of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn user(db: &Db, scope: &Scope, id: &UserId) -> Result<Option<UserRow>, QueryError> {
    Ok(directory::user(db, scope.id(), id).await?)
}

/// The tenant's users by email, a page of them.
///
/// # Errors
/// When the database does not answer.
pub async fn users(db: &Db, scope: &Scope, request: PageRequest) -> Result<Page<UserRow>, QueryError> {
    let (count, rows) = directory::users(db, scope.id(), request.page_size(), request.offset()).await?;
    Ok(Page { count, rows })
}

/// Every user with this address, in whichever tenant, without regard to case. For login only.
///
/// # Errors
/// When the database does not answer.
pub async fn users_by_email(db: &Db, email: &str) -> Result<Vec<UserRow>, QueryError> {
    Ok(directory::users_by_email(db, email).await?)
}

/// The names of tenants, for lists that show them; unknown ones are absent.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_name(db: &Db, scope: &Scope) -> Result<Option<String>, QueryError> {
    Ok(tenant(db, scope).await?.map(|row| row.name))
}

/// Whether there is such a tenant: how an operator's choice is checked before it becomes a [`Scope`].
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_exists(db: &Db, id: &TenantId) -> Result<bool, QueryError> {
    Ok(directory::tenant(db, id).await?.is_some())
}
