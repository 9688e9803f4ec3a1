//! Let a user sign in.

use events::user::Added;
use events::{Role, UserEvent};
use serde::Serialize;

use super::error::UserRejection;
use super::rules;
use super::state::UserState;
use crate::aggregate::Context;
use crate::fields::{FieldErrors, check_email, check_name};

/// Let a user sign in. Again with the email, name and role that the user has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Add {
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// What the user may do.
    pub role: Role,
}

pub(super) fn decide(state: &UserState, command: &Add, context: &Context) -> Result<Vec<UserEvent>, UserRejection> {
    let (email, name, role) = (command.email.trim(), command.name.trim(), command.role);
    let mut errors = FieldErrors::default();
    check_email(&mut errors, "email", email);
    check_name(&mut errors, "name", name, rules::MAX_NAME_CHARS);
    errors.into_result().map_err(UserRejection::Invalid)?;
    rules::operators_belong_to_the_platform(role, context)?;
    if !state.exists() {
        return Ok(vec![UserEvent::Added(Added { email: email.to_owned(), name: name.to_owned(), role })]);
    }
    if state.email == email && state.name == name && state.role == Some(role) {
        return Ok(Vec::new());
    }
    Err(UserRejection::AlreadyExists)
}
