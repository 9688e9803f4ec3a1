//! The rules of tenants.

use commands::tenant::{Create, Rename, SetAssignmentRule, SetAuditRetention, SetEarningRule, SetViewAudit};
use commands::testing::{given, noon};
use commands::{FieldErrors, Tenant, TenantCommand, TenantRejection};
use events::TenantEvent;
use events::tenant::{
    AssignmentRule, AssignmentRuleSet, AuditRetentionSet, Created, EarningRule, EarningRuleSet, Renamed, ViewAuditSet,
};

fn created() -> TenantEvent {
    TenantEvent::Created(Created { name: "My Restaurant".into(), currency: "IDR".parse().unwrap() })
}

fn create(name: &str) -> TenantCommand {
    TenantCommand::Create(Create { name: name.into(), currency: "IDR".parse().unwrap() })
}

fn rule(points: i64, per: &str) -> Option<EarningRule> {
    Some(EarningRule { points, per: per.parse().unwrap() })
}

#[test]
fn a_tenant_is_created_once() {
    let state = given::<Tenant>([]).when(create(" My Restaurant ")).then([created()]);
    assert_eq!((state.exists, state.created_at), (true, Some(noon())));
    given::<Tenant>([created()]).when(create("My Restaurant")).then_nothing();
    given::<Tenant>([created()]).when(create("Another")).then_rejected(TenantRejection::AlreadyExists);
}

#[test]
fn a_tenant_has_a_name() {
    let invalid = TenantRejection::Invalid(FieldErrors::of("name", "Name is required"));
    given::<Tenant>([]).when(create("  ")).then_rejected(invalid.clone());
    let nameless = TenantCommand::Rename(Rename { name: String::new() });
    given::<Tenant>([created()]).when(nameless).then_rejected(invalid);
}

#[test]
fn only_a_tenant_who_joined_is_renamed() {
    let rename = |name: &str| TenantCommand::Rename(Rename { name: name.into() });
    given::<Tenant>([]).when(rename("X")).then_rejected(TenantRejection::NotFound);
    let _ = given::<Tenant>([created()]).when(rename("X")).then([TenantEvent::Renamed(Renamed { name: "X".into() })]);
    given::<Tenant>([created()]).when(rename("My Restaurant")).then_nothing();
}

#[test]
fn an_earning_rule_gives_points_for_an_amount() {
    let set = |rule| TenantCommand::SetEarningRule(SetEarningRule { rule });
    let event = TenantEvent::EarningRuleSet(EarningRuleSet { rule: rule(1, "10000") });
    let _ = given::<Tenant>([created()]).when(set(rule(1, "10000"))).then([event.clone()]);
    given::<Tenant>([created(), event]).when(set(rule(1, "10000"))).then_nothing();
    given::<Tenant>([created()]).when(set(None)).then_nothing();
    let mut errors = FieldErrors::default();
    errors.add("points", "Ensure this value is from 1 to 1000000");
    errors.add("per", "Ensure this value is greater than 0");
    given::<Tenant>([created()]).when(set(rule(0, "0"))).then_rejected(TenantRejection::Invalid(errors));
}

#[test]
fn reading_is_audited_when_the_tenant_says_so() {
    let set = |on| TenantCommand::SetViewAudit(SetViewAudit { on });
    let event = |on| TenantEvent::ViewAuditSet(ViewAuditSet { on });
    given::<Tenant>([]).when(set(true)).then_rejected(TenantRejection::NotFound);
    given::<Tenant>([created()]).when(set(false)).then_nothing();
    assert!(given::<Tenant>([created()]).when(set(true)).then([event(true)]).view_audit);
    given::<Tenant>([created(), event(true)]).when(set(true)).then_nothing();
    assert!(!given::<Tenant>([created(), event(true)]).when(set(false)).then([event(false)]).view_audit);
}

#[test]
fn audit_views_go_back_for_ever_or_so_many_days() {
    let set = |days| TenantCommand::SetAuditRetention(SetAuditRetention { days });
    let event = |days| TenantEvent::AuditRetentionSet(AuditRetentionSet { days });
    given::<Tenant>([]).when(set(Some(30))).then_rejected(TenantRejection::NotFound);
    given::<Tenant>([created()]).when(set(None)).then_nothing();
    let state = given::<Tenant>([created()]).when(set(Some(30))).then([event(Some(30))]);
    assert_eq!(state.audit_retention_days, Some(30));
    given::<Tenant>([created(), event(Some(30))]).when(set(Some(30))).then_nothing();
    let state = given::<Tenant>([created(), event(Some(30))]).when(set(None)).then([event(None)]);
    assert_eq!(state.audit_retention_days, None);
    for days in [0, 36_501] {
        let invalid = FieldErrors::of("audit_retention_days", "Ensure this value is from 1 to 36500");
        given::<Tenant>([created()]).when(set(Some(days))).then_rejected(TenantRejection::Invalid(invalid));
    }
}

#[test]
fn who_chooses_agents_is_decided() {
    let set = |rule| TenantCommand::SetAssignmentRule(SetAssignmentRule { rule });
    let event = TenantEvent::AssignmentRuleSet(AssignmentRuleSet { rule: AssignmentRule::LeastBusy });
    let _ = given::<Tenant>([created()]).when(set(AssignmentRule::LeastBusy)).then([event.clone()]);
    given::<Tenant>([created(), event]).when(set(AssignmentRule::LeastBusy)).then_nothing();
    given::<Tenant>([created()]).when(set(AssignmentRule::Manual)).then_nothing();
    given::<Tenant>([]).when(set(AssignmentRule::LeastBusy)).then_rejected(TenantRejection::NotFound);
}
