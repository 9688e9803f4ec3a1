//! Tenants and users as they are looked up.

use chrono::{DateTime, Utc};
use events::tenant::EarningRule;
use events::{Currency, Position, Role, StreamVersion, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TenantRow {
    /// The tenant.
    pub id: TenantId,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The position of the commit with that event.
    pub position: Position,
    /// The name to show.
    pub name: String,
    /// What its amounts are in.
    pub currency: Currency,
    /// How orders earn points; `None`: not at all.
    pub earning_rule: Option<EarningRule>,
    /// Whether it is noted who looked at which record.
    pub view_audit: bool,
    /// For how many days audit views show what happened; `None`: for ever.
    pub audit_retention_days: Option<u32>,
    /// When it joined.
    pub created_at: DateTime<Utc>,
    /// When anything about it changed last.
    pub updated_at: DateTime<Utc>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserRow {
    /// The tenant that the user works for.
    pub tenant: TenantId,
    /// The user.
    pub id: UserId,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The position of the commit with that event.
    pub position: Position,
    /// The address to sign in with, as it was given.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// When the user was added.
    pub created_at: DateTime<Utc>,
    /// When anything about the user changed last.
    pub updated_at: DateTime<Utc>,
}

impl UserRow {
    /// The address without regard to case and surrounding blanks: what a login is looked up by.
    #[must_use]
    pub fn email_key(&self) -> String {
        email_key(&self.email)
    }
}

/// An address without regard to case and surrounding blanks.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}
