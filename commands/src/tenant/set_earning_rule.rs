//! Decide how orders earn points.

use events::TenantEvent;
use events::tenant::{EarningRule, EarningRuleSet};
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Decide how orders earn points from now on. The rule that holds already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetEarningRule {
    /// The rule; `None`: orders earn no points.
    pub rule: Option<EarningRule>,
}

pub(super) fn decide(state: &TenantState, command: &SetEarningRule) -> Result<Vec<TenantEvent>, TenantRejection> {
    rules::the_tenant_exists(state)?;
    if let Some(rule) = &command.rule {
        rules::the_earning_rule_is_sound(rule)?;
    }
    if state.earning_rule == command.rule {
        return Ok(Vec::new());
    }
    Ok(vec![TenantEvent::EarningRuleSet(EarningRuleSet { rule: command.rule })])
}
