//! The words of tenants.

use events::subject::Partition;
use events::tenant::{AssignmentRule, EarningRule};
use events::{Currency, Event, Recorded, StreamKind, TenantEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::{days, money, points};
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::directory::{TenantRow, fold_tenant};
use crate::projection::ApplyError;

/// Tenants.
pub struct Tenants;

/// A tenant: the row of the directory, and what the directory does not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tenant {
    row: TenantRow,
    assignment_rule: AssignmentRule,
}

impl Wording for Tenants {
    const KIND: StreamKind = StreamKind::Tenant;
    const ACTIVITIES: &'static [Activity] = &[
        activity("tenant.created", "created", Action::Create),
        activity("tenant.renamed", "renamed", Action::Update),
        activity("tenant.earning_rule_set", "earning_rule_set", Action::Update),
        activity("tenant.view_audit_set", "view_audit_set", Action::Update),
        activity("tenant.audit_retention_set", "audit_retention_set", Action::Update),
        activity("tenant.assignment_rule_set", "assignment_rule_set", Action::Update),
    ];
    const FIELDS: &'static [Field] = &[
        field("name", "Name", Shown::Text),
        field("currency", "Currency", Shown::Text),
        field("earning_rule", "Earning rule", Shown::Sentence),
        field("view_audit", "Reading is audited", Shown::YesNo),
        field("audit_retention_days", "Audit views go back", Shown::Days),
        field("assignment_rule", "Who chooses agents", Shown::Word),
    ];
    type Event = TenantEvent;
    type Row = Tenant;

    fn event(event: &Event) -> Option<&TenantEvent> {
        if let Event::Tenant(event) = event { Some(event) } else { None }
    }

    fn fold(
        _: Partition,
        before: Option<Tenant>,
        recorded: &Recorded,
        event: &TenantEvent,
    ) -> Result<Option<Tenant>, ApplyError> {
        let (row, rule) = before.map_or_else(Default::default, |tenant| (Some(tenant.row), tenant.assignment_rule));
        let row = fold_tenant(row, recorded, event)?;
        let assignment_rule = if let TenantEvent::AssignmentRuleSet(data) = event { data.rule } else { rule };
        Ok(Some(Tenant { row, assignment_rule }))
    }

    fn values(Tenant { row, assignment_rule }: &Tenant) -> Vec<Json> {
        vec![
            row.name.as_str().into(),
            row.currency.as_str().into(),
            row.earning_rule.map(|rule| rule_text(rule, &row.currency)).into(),
            row.view_audit.into(),
            row.audit_retention_days.into(),
            assignment_rule.name().into(),
        ]
    }

    fn name(tenant: &Tenant) -> String {
        tenant.row.name.clone()
    }

    fn sentence(event: &TenantEvent, tenant: &Tenant, _changes: &[&'static str]) -> String {
        match event {
            TenantEvent::Created(_) => "Created the tenant".to_owned(),
            TenantEvent::Renamed(data) => format!("Renamed the tenant to {}", data.name),
            TenantEvent::EarningRuleSet(data) => match data.rule {
                Some(rule) => format!("Orders earn {}", rule_text(rule, &tenant.row.currency)),
                None => "Orders earn no points".to_owned(),
            },
            TenantEvent::ViewAuditSet(data) if data.on => "Reading is audited from now on".to_owned(),
            TenantEvent::ViewAuditSet(_) => "Reading is not audited any more".to_owned(),
            TenantEvent::AuditRetentionSet(data) => match data.days {
                Some(number) => format!("Audit views go back {}", days(&number.to_string())),
                None => "Audit views go back for ever".to_owned(),
            },
            TenantEvent::AssignmentRuleSet(data) => match data.rule {
                AssignmentRule::Manual => "Agents choose their customers".to_owned(),
                AssignmentRule::LeastBusy => "Customers go to the least busy agent".to_owned(),
            },
        }
    }
}

fn rule_text(rule: EarningRule, currency: &Currency) -> String {
    format!("{} for every {}", points(rule.points.unsigned_abs()), money(&rule.per.to_string(), currency))
}
