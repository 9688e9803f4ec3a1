//! Let a user not sign in any more.

use events::UserEvent;
use events::user::Deactivated;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;
use crate::aggregate::Context;

/// Already deactivated: no events.
pub(super) fn decide(state: &UserState, context: &Context) -> Result<Vec<UserEvent>, UserRejection> {
    rules::the_user_exists(state)?;
    rules::nobody_deactivates_themself(context)?;
    if !state.is_active {
        return Ok(Vec::new());
    }
    Ok(vec![UserEvent::Deactivated(Deactivated {})])
}
