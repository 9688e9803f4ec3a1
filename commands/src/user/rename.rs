//! Give a user another name.

use events::UserEvent;
use events::user::Renamed;
use serde::Serialize;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;
use crate::fields::{FieldErrors, check_name};

/// Give a user another name. The name that the user has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rename {
    /// The name from now on.
    pub name: String,
}

pub(super) fn decide(state: &UserState, command: &Rename) -> Result<Vec<UserEvent>, UserRejection> {
    rules::the_user_exists(state)?;
    let name = command.name.trim();
    let mut errors = FieldErrors::default();
    check_name(&mut errors, "name", name, rules::MAX_NAME_CHARS);
    errors.into_result().map_err(UserRejection::Invalid)?;
    if state.name == name {
        return Ok(Vec::new());
    }
    Ok(vec![UserEvent::Renamed(Renamed { name: name.to_owned() })])
}
