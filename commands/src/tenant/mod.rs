//! The tenant: a business whose data is kept apart. It has a name, a currency, a rule by which orders earn points, one by which
//! agents get customers, and policies of its audit views.
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `create`, `rename`, `set_earning_rule`, `set_view_audit`, `set_audit_retention`, `set_assignment_rule`: one file per command

mod create;
mod error;
mod rename;
mod rules;
mod set_assignment_rule;
mod set_audit_retention;
mod set_earning_rule;
mod set_view_audit;
mod state;

use events::{ClaimKey, StreamKind, StreamRef, TenantEvent};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use create::Create;
pub use error::TenantRejection;
pub use rename::Rename;
pub use rules::{MAX_NAME_CHARS, MAX_RETENTION_DAYS, MAX_RULE_POINTS};
pub use set_assignment_rule::SetAssignmentRule;
pub use set_audit_retention::SetAuditRetention;
pub use set_earning_rule::SetEarningRule;
pub use set_view_audit::SetViewAudit;
pub use state::TenantState;

/// What can be asked of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantCommand {
    /// Let it join the platform.
    Create(Create),
    /// Give it another name.
    Rename(Rename),
    /// Decide how orders earn points.
    SetEarningRule(SetEarningRule),
    /// Decide whether reading is audited.
    SetViewAudit(SetViewAudit),
    /// Decide how far back audit views go.
    SetAuditRetention(SetAuditRetention),
    /// Decide who chooses the agent of a customer who wants a person.
    SetAssignmentRule(SetAssignmentRule),
}

/// The tenant aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Tenant;

impl Aggregate for Tenant {
    type State = TenantState;
    type Command = TenantCommand;
    type Event = TenantEvent;
    type Rejection = TenantRejection;

    const KIND: StreamKind = StreamKind::Tenant;
    const SNAPSHOT_SCHEMA: u32 = 2;

    fn decide(state: &TenantState, command: &TenantCommand, _context: &Context) -> Result<Vec<TenantEvent>, TenantRejection> {
        match command {
            TenantCommand::Create(command) => create::decide(state, command),
            TenantCommand::Rename(command) => rename::decide(state, command),
            TenantCommand::SetEarningRule(command) => set_earning_rule::decide(state, command),
            TenantCommand::SetViewAudit(command) => set_view_audit::decide(state, command),
            TenantCommand::SetAuditRetention(command) => set_audit_retention::decide(state, command),
            TenantCommand::SetAssignmentRule(command) => set_assignment_rule::decide(state, command),
        }
    }

    fn evolve(state: TenantState, event: &TenantEvent, meta: &EventMeta) -> TenantState {
        state::evolve(state, event, meta)
    }

    /// A tenant holds no unique names: two businesses may be called the same.
    fn claims(_stream: &StreamRef, _before: &TenantState, _events: &[TenantEvent]) -> Vec<ClaimChange> {
        Vec::new()
    }

    fn taken(_key: &ClaimKey) -> TenantRejection {
        TenantRejection::AlreadyExists
    }

    fn traits(command: &TenantCommand) -> Traits {
        match command {
            TenantCommand::Create(_) => Traits::of("tenant.create").creating(),
            TenantCommand::Rename(_) => Traits::of("tenant.rename"),
            TenantCommand::SetEarningRule(_) => Traits::of("tenant.set_earning_rule"),
            TenantCommand::SetViewAudit(_) => Traits::of("tenant.set_view_audit"),
            TenantCommand::SetAuditRetention(_) => Traits::of("tenant.set_audit_retention"),
            TenantCommand::SetAssignmentRule(_) => Traits::of("tenant.set_assignment_rule"),
        }
    }

    fn weight(state: &TenantState) -> usize {
        std::mem::size_of::<TenantState>() + state.name.len()
    }
}
