//! Let a tenant join the platform.

use events::tenant::Created;
use events::{Currency, TenantEvent};
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Let a tenant join the platform. Again with the name and currency that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Create {
    /// The name to show.
    pub name: String,
    /// What all its amounts of money are in, for ever.
    pub currency: Currency,
}

pub(super) fn decide(state: &TenantState, command: &Create) -> Result<Vec<TenantEvent>, TenantRejection> {
    let name = rules::the_name_is_fit(&command.name)?;
    if !state.exists {
        return Ok(vec![TenantEvent::Created(Created { name, currency: command.currency.clone() })]);
    }
    if state.name == name && state.currency == command.currency {
        return Ok(Vec::new());
    }
    Err(TenantRejection::AlreadyExists)
}
