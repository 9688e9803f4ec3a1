//! What an event does to a tenant or a user. Pure.

use events::{Recorded, TenantEvent, TenantId, UserEvent, UserId};

use super::row::{TenantRow, UserRow};
use crate::projection::ApplyError;
use crate::value::storable;

/// The tenant after an event.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn tenant(old: Option<TenantRow>, recorded: &Recorded, event: &TenantEvent) -> Result<TenantRow, ApplyError> {
    let Some(old) = old else {
        let TenantEvent::Created(data) = event else {
            return Err(ApplyError::event(recorded, "there is no such tenant"));
        };
        return Ok(TenantRow {
            id: recorded.envelope.stream.tenant.clone(),
            version: recorded.version,
            position: recorded.position,
            name: storable(&data.name),
            currency: data.currency.clone(),
            earning_rule: None,
            view_audit: false,
            audit_retention_days: None,
            created_at: recorded.envelope.recorded_at,
            updated_at: recorded.envelope.recorded_at,
        });
    };
    if recorded.version <= old.version {
        return Ok(old);
    }
    follows(recorded, old.version)?;
    let (version, position, updated_at) = (recorded.version, recorded.position, recorded.envelope.recorded_at);
    let row = TenantRow { version, position, updated_at, ..old };
    match event {
        TenantEvent::Created(_) => Err(ApplyError::event(recorded, "the tenant is there already")),
        TenantEvent::Renamed(data) => Ok(TenantRow { name: storable(&data.name), ..row }),
        TenantEvent::EarningRuleSet(data) => Ok(TenantRow { earning_rule: data.rule, ..row }),
        TenantEvent::ViewAuditSet(data) => Ok(TenantRow { view_audit: data.on, ..row }),
        TenantEvent::AuditRetentionSet(data) => Ok(TenantRow { audit_retention_days: data.days, ..row }),
        TenantEvent::AssignmentRuleSet(_) => Ok(row),
    }
}

/// The user after an event.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn user(old: Option<UserRow>, recorded: &Recorded, event: &UserEvent) -> Result<UserRow, ApplyError> {
    let Some(old) = old else {
        let UserEvent::Added(data) = event else {
            return Err(ApplyError::event(recorded, "there is no such user"));
        };
        let (tenant, id) = user_key(recorded)?;
        return Ok(UserRow {
            tenant,
            id,
            version: recorded.version,
            position: recorded.position,
            email: storable(&data.email),
            name: storable(&data.name),
            role: data.role,
            is_active: true,
            created_at: recorded.envelope.recorded_at,
            updated_at: recorded.envelope.recorded_at,
        });
    };
    if recorded.version <= old.version {
        return Ok(old);
    }
    follows(recorded, old.version)?;
    let (version, position, updated_at) = (recorded.version, recorded.position, recorded.envelope.recorded_at);
    let row = UserRow { version, position, updated_at, ..old };
    match event {
        UserEvent::Added(_) => Err(ApplyError::event(recorded, "the user is there already")),
        UserEvent::Renamed(data) => Ok(UserRow { name: storable(&data.name), ..row }),
        UserEvent::RoleChanged(data) => Ok(UserRow { role: data.role, ..row }),
        UserEvent::PasswordChanged(_) | UserEvent::AvailabilitySet(_) => Ok(row),
        UserEvent::Deactivated(_) => Ok(UserRow { is_active: false, ..row }),
        UserEvent::Activated(_) => Ok(UserRow { is_active: true, ..row }),
    }
}

/// The user that an event is of.
///
/// # Errors
/// When the stream's id is no user's.
pub fn user_key(recorded: &Recorded) -> Result<(TenantId, UserId), ApplyError> {
    let stream = &recorded.envelope.stream;
    let id = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no user"))?;
    Ok((stream.tenant.clone(), id))
}

fn follows(recorded: &Recorded, version: u64) -> Result<(), ApplyError> {
    if recorded.version == version + 1 {
        return Ok(());
    }
    Err(ApplyError::event(recorded, format!("version {} follows version {version}", recorded.version)))
}

#[cfg(test)]
mod tests;
