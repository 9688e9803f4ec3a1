//! Decide who chooses the agent of a customer who wants a person.

use events::TenantEvent;
use events::tenant::{AssignmentRule, AssignmentRuleSet};
use serde::Serialize;

use super::error::TenantRejection;
use super::rules;
use super::state::TenantState;

/// Decide who chooses the agent of a customer who wants a person. The rule that holds already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetAssignmentRule {
    /// The rule from now on.
    pub rule: AssignmentRule,
}

pub(super) fn decide(state: &TenantState, command: &SetAssignmentRule) -> Result<Vec<TenantEvent>, TenantRejection> {
    rules::the_tenant_exists(state)?;
    if state.assignment_rule == command.rule {
        return Ok(Vec::new());
    }
    Ok(vec![TenantEvent::AssignmentRuleSet(AssignmentRuleSet { rule: command.rule })])
}
