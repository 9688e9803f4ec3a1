//! What a tenant's events add up to.

use chrono::{DateTime, Utc};
use events::tenant::{AssignmentRule, EarningRule};
use events::{Currency, TenantEvent};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// A tenant as its events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TenantState {
    /// Whether it joined.
    pub exists: bool,
    /// The name to show.
    pub name: String,
    /// What all its amounts of money are in.
    pub currency: Currency,
    /// How orders earn points; `None`: they earn none.
    pub earning_rule: Option<EarningRule>,
    /// Whether it is noted who looked at which record.
    pub view_audit: bool,
    /// For how many days audit views show what happened; `None`: for ever.
    pub audit_retention_days: Option<u32>,
    /// Who chooses the agent of a customer who wants a person.
    pub assignment_rule: AssignmentRule,
    /// When it joined.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// The state after an event.
pub(super) fn evolve(state: TenantState, event: &TenantEvent, meta: &EventMeta) -> TenantState {
    let state = TenantState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        TenantEvent::Created(created) => TenantState {
            exists: true,
            name: created.name.clone(),
            currency: created.currency.clone(),
            created_at: Some(meta.recorded_at),
            ..state
        },
        TenantEvent::Renamed(renamed) => TenantState { name: renamed.name.clone(), ..state },
        TenantEvent::EarningRuleSet(set) => TenantState { earning_rule: set.rule, ..state },
        TenantEvent::ViewAuditSet(set) => TenantState { view_audit: set.on, ..state },
        TenantEvent::AuditRetentionSet(set) => TenantState { audit_retention_days: set.days, ..state },
        TenantEvent::AssignmentRuleSet(set) => TenantState { assignment_rule: set.rule, ..state },
    }
}
