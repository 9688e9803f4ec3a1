//! Decide how far back audit views go.

use events::TenantEvent;
use events::tenant::AuditRetentionSet;
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Decide how far back audit views go from now on. The policy that holds already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetAuditRetention {
    /// For how many days audit views show what happened; `None`: for ever.
    pub days: Option<u32>,
}

pub(super) fn decide(state: &TenantState, command: &SetAuditRetention) -> Result<Vec<TenantEvent>, TenantRejection> {
    rules::the_tenant_exists(state)?;
    if let Some(days) = command.days {
        rules::the_retention_is_fit(days)?;
    }
    if state.audit_retention_days == command.days {
        return Ok(Vec::new());
    }
    Ok(vec![TenantEvent::AuditRetentionSet(AuditRetentionSet { days: command.days })])
}
