//! How tenants and users stand in their tables.

use events::tenant::EarningRule;
use events::{Amount, Role};
use sea_query::Value;

use super::row::{TenantRow, UserRow};
use crate::db::{DbError, Target};
use crate::value::{micros, number, parsed, position, text, time, version};

/// The table of tenants.
pub const TENANTS: Target = Target {
    table: "tenants",
    columns: &[
        "id",
        "version",
        "position",
        "name",
        "currency",
        "earning_points",
        "earning_per",
        "view_audit",
        "audit_retention_days",
        "created_at",
        "updated_at",
    ],
    key: &["id"],
};
/// The table of users.
pub const USERS: Target = Target {
    table: "users",
    columns: &[
        "tenant_id",
        "id",
        "version",
        "position",
        "email",
        "email_key",
        "name",
        "role",
        "is_active",
        "created_at",
        "updated_at",
    ],
    key: &["tenant_id", "id"],
};

/// A row of table `tenants` as it is read.
#[derive(sqlx::FromRow)]
pub struct StoredTenant {
    id: String,
    version: i64,
    position: i64,
    name: String,
    currency: String,
    earning_points: i64,
    earning_per: i64,
    view_audit: i64,
    audit_retention_days: i64,
    created_at: i64,
    updated_at: i64,
}

/// A row of table `users` as it is read.
#[derive(sqlx::FromRow)]
pub struct StoredUser {
    tenant_id: String,
    id: String,
    version: i64,
    position: i64,
    email: String,
    name: String,
    role: String,
    is_active: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<StoredTenant> for TenantRow {
    type Error = DbError;

    fn try_from(stored: StoredTenant) -> Result<Self, DbError> {
        let table = TENANTS.table;
        let per = Amount::from_minor(stored.earning_per).map_err(|_| DbError::Value { table, column: "earning_per" })?;
        let rule = EarningRule { points: stored.earning_points, per };
        Ok(Self {
            id: parsed(stored.id, table, "id")?,
            version: version(stored.version),
            position: position(stored.position),
            name: stored.name,
            currency: parsed(stored.currency, table, "currency")?,
            earning_rule: Some(rule).filter(|rule| (rule.points, rule.per) != (0, Amount::ZERO)),
            view_audit: stored.view_audit != 0,
            audit_retention_days: u32::try_from(stored.audit_retention_days).ok().filter(|days| *days > 0),
            created_at: time(stored.created_at, table, "created_at")?,
            updated_at: time(stored.updated_at, table, "updated_at")?,
        })
    }
}

impl TryFrom<StoredUser> for UserRow {
    type Error = DbError;

    fn try_from(stored: StoredUser) -> Result<Self, DbError> {
        let table = USERS.table;
        Ok(Self {
            tenant: parsed(stored.tenant_id, table, "tenant_id")?,
            id: parsed(stored.id, table, "id")?,
            version: version(stored.version),
            position: position(stored.position),
            email: stored.email,
            name: stored.name,
            role: stored.role.parse::<Role>().map_err(|_| DbError::Value { table, column: "role" })?,
            is_active: stored.is_active != 0,
            created_at: time(stored.created_at, table, "created_at")?,
            updated_at: time(stored.updated_at, table, "updated_at")?,
        })
    }
}

/// The values of a tenant.
pub fn tenant_values(row: &TenantRow) -> Vec<Value> {
    let rule = row.earning_rule.unwrap_or(EarningRule { points: 0, per: Amount::ZERO });
    vec![
        text(row.id.as_str()),
        number(row.version).into(),
        number(row.position.0).into(),
        text(&row.name),
        text(row.currency.as_str()),
        rule.points.into(),
        rule.per.minor().into(),
        i64::from(row.view_audit).into(),
        i64::from(row.audit_retention_days.unwrap_or(0)).into(),
        micros(row.created_at).into(),
        micros(row.updated_at).into(),
    ]
}

/// The values of a user.
pub fn user_values(row: &UserRow) -> Vec<Value> {
    vec![
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        number(row.version).into(),
        number(row.position.0).into(),
        text(&row.email),
        text(row.email_key()),
        text(&row.name),
        text(row.role.name()),
        i64::from(row.is_active).into(),
        micros(row.created_at).into(),
        micros(row.updated_at).into(),
    ]
}
