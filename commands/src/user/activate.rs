//! Let a user sign in again.

use events::UserEvent;
use events::user::Activated;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;

/// Already active: no events.
pub(super) fn decide(state: &UserState) -> Result<Vec<UserEvent>, UserRejection> {
    rules::the_user_exists(state)?;
    if state.is_active {
        return Ok(Vec::new());
    }
    Ok(vec![UserEvent::Activated(Activated {})])
}
