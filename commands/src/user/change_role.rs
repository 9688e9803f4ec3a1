//! Give a user another role.

use events::user::RoleChanged;
use events::{Role, UserEvent};
use serde::Serialize;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;
use crate::aggregate::Context;

/// Give a user another role. The role that the user has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeRole {
    /// The role from now on.
    pub role: Role,
}

pub(super) fn decide(state: &UserState, command: &ChangeRole, context: &Context) -> Result<Vec<UserEvent>, UserRejection> {
    let role = rules::the_user_exists(state)?;
    if role == command.role {
        return Ok(Vec::new());
    }
    rules::operators_belong_to_the_platform(command.role, context)?;
    rules::nobody_changes_their_own_role(context)?;
    Ok(vec![UserEvent::RoleChanged(RoleChanged { role: command.role })])
}
