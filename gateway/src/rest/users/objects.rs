//! Users as JSON: what clients send and what they get.

use commands::UserState;
use events::{Role, UserId};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use query_api::directory::UserRow;

use crate::rest::call::Call;
use crate::rest::fields::{Fields, Input};
use crate::rest::moment::Moment;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Role", rename_all = "snake_case")]
pub enum RoleName {
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

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Operator => Self::Operator,
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Agent => Self::Agent,
            Role::Provider => Self::Provider,
            Role::Viewer => Self::Viewer,
        }
    }
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Operator => Self::Operator,
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Agent => Self::Agent,
            RoleName::Provider => Self::Provider,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

/// What clients send back with a user although it is not theirs to change.
const READ_ONLY: &[&str] = &["id", "tenant", "created_at", "updated_at"];

/// A new user.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct UserInput {
    /// The address to sign in with; unique in the tenant.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
    /// What the user may do.
    pub role: RoleName,
    /// The password.
    #[oai(validator(min_length = 8, max_length = 256))]
    pub password: String,
}

impl Input for UserInput {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        let email = fields.text("email").unwrap_or_default();
        let name = fields.text("name").unwrap_or_default();
        fields.require("role");
        let role: Option<Role> = fields.parsed("role");
        Self { email, name, role: role.unwrap_or(Role::Viewer).into(), password: fields.required_text("password") }
    }
}

impl Example for UserInput {
    fn example() -> Self {
        let (email, name) = ("sari@example.com".to_owned(), "Sari Dewi".to_owned());
        Self { email, name, role: RoleName::Agent, password: "correct horse battery".to_owned() }
    }
}

/// Parts of a user; what is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct UserPatch {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// What the user may do.
    pub role: Option<RoleName>,
    /// Whether the user may sign in.
    pub is_active: Option<bool>,
    /// A new password.
    #[oai(validator(min_length = 8, max_length = 256))]
    pub password: Option<String>,
}

impl Input for UserPatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        fields.ignore(&["email"]);
        let role: Option<Role> = fields.parsed("role");
        Self {
            name: fields.text("name"),
            role: role.map(RoleName::from),
            is_active: fields.flag("is_active"),
            password: fields.text("password"),
        }
    }
}

impl Example for UserPatch {
    fn example() -> Self {
        Self { name: None, role: Some(RoleName::Admin), is_active: None, password: None }
    }
}

/// A user.
#[derive(Debug, Clone, Object)]
#[oai(rename = "User")]
pub struct UserObject {
    /// Names the user.
    id: String,
    /// Names the tenant that the user works for.
    tenant: String,
    /// The address to sign in with.
    email: String,
    /// The name to show.
    name: String,
    /// What the user may do.
    role: RoleName,
    /// Whether the user may sign in.
    is_active: bool,
    /// When the user was added.
    created_at: Moment,
    /// When anything about the user last changed.
    updated_at: Moment,
}

impl From<UserRow> for UserObject {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.into(),
            tenant: row.tenant.into(),
            email: row.email,
            name: row.name,
            role: row.role.into(),
            is_active: row.is_active,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl UserObject {
    /// A user as commands left it.
    #[must_use]
    pub fn of_state<O>(call: &Call<O>, id: &UserId, state: &UserState) -> Self {
        Self {
            id: id.to_string(),
            tenant: call.tenant.id.to_string(),
            email: state.email.clone(),
            name: state.name.clone(),
            role: state.role.unwrap_or(Role::Viewer).into(),
            is_active: state.is_active,
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}

/// A page of users.
#[derive(Debug, Clone, Object)]
pub struct UserPage {
    /// How many users the tenant has.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The users of this page.
    pub results: Vec<UserObject>,
}
