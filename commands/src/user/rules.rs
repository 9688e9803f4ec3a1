//! What must hold for a user, one function per sentence.

use events::{ActorKind, Role};

use super::error::UserRejection;
use super::state::UserState;
use crate::aggregate::Context;

/// The most characters of a user's name.
pub const MAX_NAME_CHARS: usize = 200;

/// The user must have been added. Gives the role.
pub(super) fn the_user_exists(state: &UserState) -> Result<Role, UserRejection> {
    state.role.ok_or(UserRejection::NotFound)
}

/// Operators run the platform, so the role is given in the platform's own tenant only.
pub(super) fn operators_belong_to_the_platform(role: Role, context: &Context) -> Result<(), UserRejection> {
    let is_operator = role == Role::Operator;
    if is_operator && !context.stream.tenant.is_platform() { Err(UserRejection::OperatorOutsidePlatform) } else { Ok(()) }
}

/// Nobody changes their own role: neither down, which could lock the tenant out, nor up.
pub(super) fn nobody_changes_their_own_role(context: &Context) -> Result<(), UserRejection> {
    if is_oneself(context) { Err(UserRejection::OwnRole) } else { Ok(()) }
}

/// Nobody deactivates themself.
pub(super) fn nobody_deactivates_themself(context: &Context) -> Result<(), UserRejection> {
    if is_oneself(context) { Err(UserRejection::OwnDeactivation) } else { Ok(()) }
}

fn is_oneself(context: &Context) -> bool {
    context.actor.kind == ActorKind::User && context.actor.id == context.stream.id()
}
