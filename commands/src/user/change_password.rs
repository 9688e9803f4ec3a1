//! Note that a user has a new password.

use events::UserEvent;
use events::user::PasswordChanged;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;

/// Each change is a fact of its own, so this command is the exception: repeating it yields an event again.
pub(super) fn decide(state: &UserState) -> Result<Vec<UserEvent>, UserRejection> {
    rules::the_user_exists(state)?;
    Ok(vec![UserEvent::PasswordChanged(PasswordChanged {})])
}
