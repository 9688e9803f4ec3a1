//! What a user's events add up to.

use chrono::{DateTime, Utc};
use events::{Role, UserEvent};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// A user as the events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UserState {
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// What the user may do; `None`: there is no such user.
    pub role: Option<Role>,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// Whether the user said that customers may be given to them.
    pub said_available: bool,
    /// When the user was added.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When the password was last changed.
    pub password_changed_at: Option<DateTime<Utc>>,
}

impl UserState {
    /// Whether there is such a user.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.role.is_some()
    }

    /// Whether customers may be given to the user: they said so, and may sign in.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.said_available && self.is_active
    }
}

/// The state after an event.
pub(super) fn evolve(state: UserState, event: &UserEvent, meta: &EventMeta) -> UserState {
    let state = UserState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        UserEvent::Added(added) => UserState {
            email: added.email.clone(),
            name: added.name.clone(),
            role: Some(added.role),
            is_active: true,
            created_at: Some(meta.recorded_at),
            ..state
        },
        UserEvent::Renamed(renamed) => UserState { name: renamed.name.clone(), ..state },
        UserEvent::RoleChanged(changed) => UserState { role: Some(changed.role), ..state },
        UserEvent::PasswordChanged(_) => UserState { password_changed_at: Some(meta.recorded_at), ..state },
        UserEvent::Deactivated(_) => UserState { is_active: false, ..state },
        UserEvent::Activated(_) => UserState { is_active: true, ..state },
        UserEvent::AvailabilitySet(set) => UserState { said_available: set.available, ..state },
    }
}
