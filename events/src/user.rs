//! What happens to a user. Passwords and tokens are secrets, not events: they are kept elsewhere.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::define::define_events;

define_events! {
    /// The events of a user.
    UserEvent {
        /// The user may sign in from now on.
        Added(Added) = "user.added" v 1,
        /// The user took another name.
        Renamed(Renamed) = "user.renamed" v 1,
        /// The user was given another role.
        RoleChanged(RoleChanged) = "user.role_changed" v 1,
        /// The user has a new password.
        PasswordChanged(PasswordChanged) = "user.password_changed" v 1,
        /// The user may not sign in any more.
        Deactivated(Deactivated) = "user.deactivated" v 1,
        /// The user may sign in again.
        Activated(Activated) = "user.activated" v 1,
        /// The user said whether customers may be given to them.
        AvailabilitySet(AvailabilitySet) = "user.availability_set" v 1,
    }
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the platform and picks the tenant to work for.
    Operator,
    /// Owns the tenant.
    Owner,
    /// Manages the tenant's users and data.
    Admin,
    /// Works with customers.
    Agent,
    /// Serves customers of their own.
    Provider,
    /// Looks and changes nothing.
    Viewer,
}

/// Why a text is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is operator, owner, admin, agent, provider or viewer")]
pub struct RoleError;

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 6] = [Self::Operator, Self::Owner, Self::Admin, Self::Agent, Self::Provider, Self::Viewer];

    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::Provider => "provider",
            Self::Viewer => "viewer",
        }
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(RoleError)
    }
}

/// The user may sign in from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Added {
    /// The address to sign in with, trimmed, as it was given.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// What the user may do.
    pub role: Role,
}

/// The user took another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Renamed {
    /// The name from now on.
    pub name: String,
}

/// The user was given another role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleChanged {
    /// The role from now on.
    pub role: Role,
}

/// The user has a new password. The password is not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PasswordChanged {}

/// The user may not sign in any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deactivated {}

/// The user may sign in again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activated {}

/// The user said whether customers may be given to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AvailabilitySet {
    /// Whether they may.
    pub available: bool,
}
