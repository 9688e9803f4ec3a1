//! What must hold for a tenant, one function per sentence.

use events::tenant::EarningRule;

use super::error::TenantRejection;
use super::state::TenantState;
use crate::fields::{FieldErrors, check_name};

/// The most characters of a tenant's name.
pub const MAX_NAME_CHARS: usize = 200;
/// The most points that one full amount may earn.
pub const MAX_RULE_POINTS: i64 = 1_000_000;

/// The most days that audit views can be told to go back: 100 years.
pub const MAX_RETENTION_DAYS: u32 = 36_500;

/// The tenant must have joined.
pub(super) fn the_tenant_exists(state: &TenantState) -> Result<(), TenantRejection> {
    if state.exists { Ok(()) } else { Err(TenantRejection::NotFound) }
}

/// A name is there, on one line, and not too long. Gives the name without blanks around it.
pub(super) fn the_name_is_fit(name: &str) -> Result<String, TenantRejection> {
    let name = name.trim();
    let mut errors = FieldErrors::default();
    check_name(&mut errors, "name", name, MAX_NAME_CHARS);
    errors.into_result().map_err(TenantRejection::Invalid)?;
    Ok(name.to_owned())
}

/// An earning rule gives points for an amount above nothing.
pub(super) fn the_earning_rule_is_sound(rule: &EarningRule) -> Result<(), TenantRejection> {
    let mut errors = FieldErrors::default();
    if !(1..=MAX_RULE_POINTS).contains(&rule.points) {
        errors.add("points", format!("Ensure this value is from 1 to {MAX_RULE_POINTS}"));
    }
    if rule.per.minor() <= 0 {
        errors.add("per", "Ensure this value is greater than 0");
    }
    errors.into_result().map_err(TenantRejection::Invalid)
}

/// Audit views go back at least one day.
pub(super) fn the_retention_is_fit(days: u32) -> Result<(), TenantRejection> {
    if (1..=MAX_RETENTION_DAYS).contains(&days) {
        return Ok(());
    }
    let sentence = format!("Ensure this value is from 1 to {MAX_RETENTION_DAYS}");
    Err(TenantRejection::Invalid(FieldErrors::of("audit_retention_days", sentence)))
}
