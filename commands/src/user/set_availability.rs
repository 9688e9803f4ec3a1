//! Say whether customers may be given to a user.

use events::UserEvent;
use events::user::AvailabilitySet;
use serde::Serialize;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;

/// Say whether customers may be given to a user. As it is already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetAvailability {
    /// Whether they may.
    pub available: bool,
}

pub(super) fn decide(state: &UserState, command: &SetAvailability) -> Result<Vec<UserEvent>, UserRejection> {
    rules::the_user_exists(state)?;
    if state.said_available == command.available {
        return Ok(Vec::new());
    }
    Ok(vec![UserEvent::AvailabilitySet(AvailabilitySet { available: command.available })])
}
