//! `/api/users/`: the people who sign in.

use commands::user::{Add, ChangeRole, Rename};
use commands::{User, UserCommand, UserState};
use events::{Role, StreamRef, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use query_api::directory::{self, UserRow};

use super::answer::{Read, Written};
use super::call::Call;
use super::fields::{Body, Fields, Input};
use super::moment::Moment;
use super::paging::{ListUrl, page_request};
use super::params::{PageNumber, PageSize};
use super::{Tag, unreadable};
use crate::auth::{op, password, permission};
use crate::problem::{Kind, Problem};

/// Users.
pub struct UsersApi;

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Users")]
impl UsersApi {
    /// List users
    #[oai(path = "/", method = "get", operation_id = "listUsers")]
    async fn list(
        &self,
        call: Call<op::UsersList>,
        url: ListUrl,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many users a page has.
        page_size: Query<PageSize>,
    ) -> Result<Read<UserPage>, Problem> {
        let request = page_request(page.0, page_size.0)?;
        let position = call.read_position();
        let page = directory::users(&call.app.db, &call.scope(), request).await.map_err(unreadable)?;
        let (next, previous) = url.neighbours(&page, request)?;
        let results = page.rows.into_iter().map(UserObject::from).collect();
        Ok(Read::new(UserPage { count: page.count, next, previous, results }, position))
    }

    /// Add a user
    ///
    /// Only owners (and the platform's operators) add owners.
    #[oai(path = "/", method = "post", operation_id = "createUser")]
    async fn create(&self, call: Call<op::UsersCreate>, body: Body<UserInput>) -> Result<Written<UserObject, 201>, Problem> {
        let UserInput { email, name, role, password } = body.input;
        let role = Role::from(role);
        may_manage(call.session.role, role)?;
        password::check(&password)?;
        let stream = StreamRef::user(&call.tenant.id, &UserId::generate());
        let digest = call.app.auth.seal(&body.digest);
        let done = call.execute::<User>(&stream, UserCommand::Add(Add { email, name, role }), &digest).await?;
        let id = user_id(done.stream.id())?;
        // A repeat sets the same password again: the first attempt may have ended before it came to that.
        call.app.auth.set_password(&call.tenant.id, &id, &password).await?;
        let user = UserObject::of_state(&call, &id, &done.state);
        let written = Written::settle(&call, Some(user), done.position).await;
        Ok(written.version(done.version).location(format!("/api/users/{id}/")))
    }

    /// Get a user
    #[oai(path = "/:id/", method = "get", operation_id = "getUser")]
    async fn get(
        &self,
        call: Call<op::UsersRead>,
        /// The user.
        id: Path<String>,
    ) -> Result<Read<UserObject>, Problem> {
        let id = user_id(&id)?;
        let position = call.read_position();
        let row = directory::user(&call.app.db, &call.scope(), &id).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        let version = row.version;
        Ok(Read::versioned(&call, row.into(), position, version))
    }

    /// Change a user
    ///
    /// What is not given stays. A change of role, a deactivation and a new password take effect within two seconds, and a new
    /// password ends all tokens of the user.
    #[oai(path = "/:id/", method = "patch", operation_id = "changeUser")]
    async fn change(
        &self,
        call: Call<op::UsersChange>,
        /// The user.
        id: Path<String>,
        body: Body<UserPatch>,
    ) -> Result<Written<UserObject, 200>, Problem> {
        let id = user_id(&id)?;
        let stream = StreamRef::user(&call.tenant.id, &id);
        let UserPatch { name, role, is_active, password } = body.input;
        let present = call.present::<User>(&stream).await?;
        let subject = present.state.role.ok_or_else(Problem::not_found)?;
        may_manage(call.session.role, subject)?;
        let role = role.map(Role::from);
        if let Some(role) = role {
            may_manage(call.session.role, role)?;
        }
        password.as_deref().map(password::check).transpose()?;
        let activity = is_active.map(|active| if active { UserCommand::Activate } else { UserCommand::Deactivate });
        let commands: Vec<UserCommand> = [
            name.map(|name| UserCommand::Rename(Rename { name })),
            role.map(|role| UserCommand::ChangeRole(ChangeRole { role })),
            activity,
            password.as_ref().map(|_| UserCommand::ChangePassword),
        ]
        .into_iter()
        .flatten()
        .collect();
        let digest = call.app.auth.seal(&body.digest);
        let done = call.execute_all::<User>(&stream, commands, &digest).await?;
        if let Some(password) = password {
            call.app.auth.set_password(&call.tenant.id, &id, &password).await?;
        }
        let user = UserObject::of_state(&call, &id, &done.state);
        let written = Written::settle(&call, Some(user), done.position).await.version(done.version);
        call.app.auth.look_again();
        Ok(written)
    }
}

fn user_id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn may_manage(actor: Role, subject: Role) -> Result<(), Problem> {
    if permission::may_manage(actor, subject) {
        return Ok(());
    }
    Err(Problem::field(
        Kind::Forbidden,
        "role",
        format!("A {} may not make or change a user who is {}.", actor.name(), subject.name()),
    ))
}

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
    fn of_state<O>(call: &Call<O>, id: &UserId, state: &UserState) -> Self {
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
    count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    previous: Option<String>,
    /// The users of this page.
    results: Vec<UserObject>,
}
