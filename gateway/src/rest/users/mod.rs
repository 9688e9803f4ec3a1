//! `/api/users/`: the people who sign in.

mod objects;

use commands::user::{Add, ChangeRole, Rename};
use commands::{User, UserCommand};
use events::{Role, StreamKind, StreamRef, UserId};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::directory;

use super::answer::{Read, Written};
use super::call::Call;
use super::fields::Body;
use super::paging::{ListUrl, page_request};
use super::params::{PageNumber, PageSize};
use super::{Tag, unreadable};
use crate::auth::{op, password, permission};
use crate::problem::{Kind, Problem};

pub use objects::{RoleName, UserInput, UserObject, UserPage, UserPatch};

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
        let page = directory::users(&call.app.models, &call.scope(), request).await.map_err(unreadable)?;
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
        let row = directory::user(&call.app.models, &call.scope(), &id).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        call.viewed(StreamKind::User, id.as_str());
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
        let done = call.execute_all::<User>(&stream, &commands, &digest).await?;
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
