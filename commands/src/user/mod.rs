//! The user: a person or a program that signs in to work for a tenant. Passwords are secrets and not here; that one changed is.
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `add`, `rename`, `change_role`, `change_password`, `deactivate`, `activate`, `set_availability`: one file per command

mod activate;
mod add;
mod change_password;
mod change_role;
mod deactivate;
mod error;
mod rename;
mod rules;
mod set_availability;
mod state;

use events::{ClaimKey, ClaimName, StreamKind, StreamRef, UserEvent};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, ClaimMove, Context, EventMeta, Traits};

pub use add::Add;
pub use change_role::ChangeRole;
pub use error::UserRejection;
pub use rename::Rename;
pub use rules::MAX_NAME_CHARS;
pub use set_availability::SetAvailability;
pub use state::UserState;

/// What can be asked of a user.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UserCommand {
    /// Let them sign in.
    Add(Add),
    /// Give them another name.
    Rename(Rename),
    /// Give them another role.
    ChangeRole(ChangeRole),
    /// Note that they have a new password.
    ChangePassword,
    /// Let them not sign in any more.
    Deactivate,
    /// Let them sign in again.
    Activate,
    /// Say whether customers may be given to them.
    SetAvailability(SetAvailability),
}

/// The user aggregate.
#[derive(Debug, Clone, Copy)]
pub struct User;

impl Aggregate for User {
    type State = UserState;
    type Command = UserCommand;
    type Event = UserEvent;
    type Rejection = UserRejection;

    const KIND: StreamKind = StreamKind::User;
    const SNAPSHOT_SCHEMA: u32 = 2;

    fn decide(state: &UserState, command: &UserCommand, context: &Context) -> Result<Vec<UserEvent>, UserRejection> {
        match command {
            UserCommand::Add(command) => add::decide(state, command, context),
            UserCommand::Rename(command) => rename::decide(state, command),
            UserCommand::ChangeRole(command) => change_role::decide(state, command, context),
            UserCommand::ChangePassword => change_password::decide(state),
            UserCommand::Deactivate => deactivate::decide(state, context),
            UserCommand::Activate => activate::decide(state),
            UserCommand::SetAvailability(command) => set_availability::decide(state, command),
        }
    }

    fn evolve(state: UserState, event: &UserEvent, meta: &EventMeta) -> UserState {
        state::evolve(state, event, meta)
    }

    /// An email address is one user's in the tenant, also while the user is deactivated.
    fn claims(stream: &StreamRef, _before: &UserState, events: &[UserEvent]) -> Vec<ClaimChange> {
        let acquired = |event: &UserEvent| match event {
            UserEvent::Added(added) => Some(ClaimKey::email(&stream.tenant, ClaimName::UserEmail, &added.email)),
            UserEvent::Renamed(_)
            | UserEvent::RoleChanged(_)
            | UserEvent::PasswordChanged(_)
            | UserEvent::Deactivated(_)
            | UserEvent::Activated(_)
            | UserEvent::AvailabilitySet(_) => None,
        };
        events.iter().filter_map(acquired).map(|key| ClaimChange { key, change: ClaimMove::Acquire }).collect()
    }

    fn taken(_key: &ClaimKey) -> UserRejection {
        UserRejection::EmailTaken
    }

    fn traits(command: &UserCommand) -> Traits {
        match command {
            UserCommand::Add(_) => Traits::of("user.add").creating().claiming(1),
            UserCommand::Rename(_) => Traits::of("user.rename"),
            UserCommand::ChangeRole(_) => Traits::of("user.change_role"),
            UserCommand::ChangePassword => Traits::of("user.change_password"),
            UserCommand::Deactivate => Traits::of("user.deactivate"),
            UserCommand::Activate => Traits::of("user.activate"),
            UserCommand::SetAvailability(_) => Traits::of("user.set_availability"),
        }
    }

    fn weight(state: &UserState) -> usize {
        std::mem::size_of::<UserState>() + state.email.len() + state.name.len()
    }
}
