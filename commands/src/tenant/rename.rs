//! Give a tenant another name.

use events::TenantEvent;
use events::tenant::Renamed;
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Give a tenant another name. The name that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rename {
    /// The name from now on.
    pub name: String,
}

pub(super) fn decide(state: &TenantState, command: &Rename) -> Result<Vec<TenantEvent>, TenantRejection> {
    rules::the_tenant_exists(state)?;
    let name = rules::the_name_is_fit(&command.name)?;
    if state.name == name {
        return Ok(Vec::new());
    }
    Ok(vec![TenantEvent::Renamed(Renamed { name })])
}
