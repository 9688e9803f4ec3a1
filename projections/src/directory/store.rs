//! The tables of tenants and users.

use std::collections::{BTreeMap, BTreeSet};

use events::{TenantId, UserId};

use super::row::{TenantRow, UserRow, email_key};
use super::table::{StoredTenant, StoredUser, TENANTS, USERS, tenant_values, user_values};
use crate::db::{Db, DbError, Existing, Sql, Tx};
use crate::value::{number, text};

/// Tenants by id.
pub type Tenants = BTreeMap<TenantId, TenantRow>;
/// Users by tenant and id.
pub type Users = BTreeMap<(TenantId, UserId), UserRow>;

const USER: &str = "SELECT tenant_id, id, version, position, email, name, role, is_active, created_at, updated_at FROM users";
const TENANT: &str = "SELECT id, version, position, name, currency, earning_points, \
     earning_per, view_audit, audit_retention_days, created_at, updated_at FROM tenants";

/// These tenants, those that there are.
pub async fn load_tenants<'a>(tx: &mut Tx, ids: impl Iterator<Item = &'a TenantId>) -> Result<Tenants, DbError> {
    let keys = ids.map(|id| vec![text(id.as_str())]).collect();
    let stored: Vec<StoredTenant> = tx.lookup(&format!("{TENANT} WHERE id IN (SELECT v.column1 FROM {{keys}})"), keys).await?;
    let row = |stored| TenantRow::try_from(stored).map(|row| (row.id.clone(), row));
    stored.into_iter().map(row).collect()
}

/// These users, those that there are.
pub async fn load_users<'a>(tx: &mut Tx, keys: impl Iterator<Item = &'a (TenantId, UserId)>) -> Result<Users, DbError> {
    let keys = keys.map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    let select = format!("{USER} WHERE (tenant_id, id) IN (SELECT v.column1, v.column2 FROM {{keys}})");
    let stored: Vec<StoredUser> = tx.lookup(&select, keys).await?;
    let row = |stored| UserRow::try_from(stored).map(|row| ((row.tenant.clone(), row.id.clone()), row));
    stored.into_iter().map(row).collect()
}

/// Writes tenants and users.
pub async fn save(tx: &mut Tx, tenants: &Tenants, users: &Users) -> Result<(), DbError> {
    tx.insert(TENANTS, Existing::Replace, tenants.values().map(tenant_values).collect()).await?;
    tx.insert(USERS, Existing::Replace, users.values().map(user_values).collect()).await
}

/// A tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant(db: &Db, id: &TenantId) -> Result<Option<TenantRow>, DbError> {
    let select = Sql::composed(format!("{TENANT} WHERE id = $1"), [text(id.as_str())]);
    let stored: Option<StoredTenant> = db.fetch_optional(select).await?;
    stored.map(TenantRow::try_from).transpose()
}

/// Every tenant, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn tenants(db: &Db) -> Result<Vec<TenantRow>, DbError> {
    let stored: Vec<StoredTenant> = db.fetch_all(Sql::composed(format!("{TENANT} ORDER BY name, id"), [])).await?;
    stored.into_iter().map(TenantRow::try_from).collect()
}

/// A user of a tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn user(db: &Db, tenant: &TenantId, id: &UserId) -> Result<Option<UserRow>, DbError> {
    let key = [text(tenant.as_str()), text(id.as_str())];
    let select = Sql::composed(format!("{USER} WHERE tenant_id = $1 AND id = $2"), key);
    let stored: Option<StoredUser> = db.fetch_optional(select).await?;
    stored.map(UserRow::try_from).transpose()
}

/// The users of a tenant by email, behind `offset` others, and how many there are in all.
///
/// # Errors
/// When the database does not answer.
pub async fn users(db: &Db, tenant: &TenantId, size: u64, offset: u64) -> Result<(u64, Vec<UserRow>), DbError> {
    let count = Sql::fixed("SELECT COUNT(*) FROM users WHERE tenant_id = $1", [text(tenant.as_str())]);
    let (count,): (i64,) = db.fetch_optional(count).await?.unwrap_or_default();
    let select = Sql::composed(
        format!("{USER} WHERE tenant_id = $1 ORDER BY email_key, id LIMIT $2 OFFSET $3"),
        [text(tenant.as_str()), number(size).into(), number(offset).into()],
    );
    let stored: Vec<StoredUser> = db.fetch_all(select).await?;
    Ok((count.unsigned_abs(), stored.into_iter().map(UserRow::try_from).collect::<Result<_, _>>()?))
}

/// Every user with this address, in whichever tenant, without regard to case.
///
/// # Errors
/// When the database does not answer.
pub async fn users_by_email(db: &Db, email: &str) -> Result<Vec<UserRow>, DbError> {
    // A text with a zero is nobody's address, and PostgreSQL would not even take the question.
    if email.contains('\0') {
        return Ok(Vec::new());
    }
    let select = Sql::composed(format!("{USER} WHERE email_key = $1 ORDER BY tenant_id, id"), [text(email_key(email))]);
    let stored: Vec<StoredUser> = db.fetch_all(select).await?;
    stored.into_iter().map(UserRow::try_from).collect()
}

/// Those users of a tenant that have one of these ids.
///
/// # Errors
/// When the database does not answer.
pub async fn users_by_id(db: &Db, tenant: &TenantId, ids: &BTreeSet<&str>) -> Result<Vec<UserRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..ids.len() + 2).map(|place| format!("${place}")).collect();
    let values = std::iter::once(text(tenant.as_str())).chain(ids.iter().map(|id| text(*id)));
    let select = Sql::composed(format!("{USER} WHERE tenant_id = $1 AND id IN ({})", places.join(", ")), values);
    let stored: Vec<StoredUser> = db.fetch_all(select).await?;
    stored.into_iter().map(UserRow::try_from).collect()
}
