//! Decide whether reading is audited.

use events::TenantEvent;
use events::tenant::ViewAuditSet;
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Decide whether it is noted from now on who looked at which record. As it is already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetViewAudit {
    /// Whether it is.
    pub on: bool,
}

pub(super) fn decide(state: &TenantState, command: &SetViewAudit) -> Result<Vec<TenantEvent>, TenantRejection> {
    rules::the_tenant_exists(state)?;
    if state.view_audit == command.on {
        return Ok(Vec::new());
    }
    Ok(vec![TenantEvent::ViewAuditSet(ViewAuditSet { on: command.on })])
}
