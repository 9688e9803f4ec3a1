//! To whom customers may be given: who is available, and how many customers everybody handles.

use commands::user::SetAvailability;
use commands::{User, UserCommand};
use events::{Position, StreamRef, UserId};
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use query_api::desk::{self, AgentRow};

use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::{Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};
use crate::rest::users::RoleName;
use crate::rest::{Tag, unreadable};

/// Availability.
pub struct AvailabilityApi;

#[OpenApi(prefix_path = "/api/desk/availability", tag = "Tag::Desk")]
impl AvailabilityApi {
    /// See who is available
    ///
    /// Everybody of the tenant who works at the desk, by name.
    #[oai(path = "/", method = "get", operation_id = "listDeskAgents")]
    async fn get(&self, call: Call<op::DeskRead>) -> Result<Read<AgentList>, Problem> {
        let position = call.read_position();
        let rows = desk::agents(&call.app.models, &call.scope()).await.map_err(unreadable)?;
        let agents = rows.into_iter().map(|row| AgentObject::of(row, &call.session.user)).collect();
        Ok(Read::new(AgentList { agents }, position))
    }

    /// Say who is available
    ///
    /// Customers who want a person may be given to an agent who is. Agents speak for themselves, admins and owners for others, too.
    #[oai(path = "/", method = "put", operation_id = "setDeskAvailability")]
    async fn put(&self, call: Call<op::DeskWork>, body: Body<AvailabilityInput>) -> Result<Written<AgentObject, 200>, Problem> {
        let AvailabilityInput { is_available, agent_id } = body.input;
        let user = agent_id.map(|id| id.parse::<UserId>().map_err(|_| no_agent())).transpose()?;
        let user = user.unwrap_or_else(|| call.session.user.clone());
        if user != call.session.user && !call.is_manager() {
            let sentence = "An agent may speak for themselves only; it takes owner, admin or operator.";
            return Err(Problem::field(Kind::Forbidden, "agent_id", sentence));
        }
        let (agent, position) = call.set_availability(user, is_available, &body.digest).await?;
        Ok(Written::settle(&call, Some(agent), position).await)
    }
}

/// The 400 problem: nobody of that id works at the desk of this tenant.
fn no_agent() -> Problem {
    Problem::field(Kind::Invalid, "agent_id", "There is no such agent.")
}

impl<O> Call<O> {
    /// Says whether customers may be given to an agent; gives the agent as they are then.
    ///
    /// # Errors
    /// The 400 problem when nobody of that id works at the desk, and when it cannot be recorded.
    pub async fn set_availability(
        &self,
        user: UserId,
        is_available: bool,
        digest: &[u8],
    ) -> Result<(AgentObject, Position), Problem> {
        let row = desk::agent(&self.app.models, &self.scope(), &user).await.map_err(unreadable)?.ok_or_else(no_agent)?;
        let stream = StreamRef::user(&self.tenant.id, &user);
        let command = UserCommand::SetAvailability(SetAvailability { available: is_available });
        let done = self.execute::<User>(&stream, command, digest).await?;
        let state = &done.state;
        let row = AgentRow { available: state.is_available(), is_active: state.is_active, name: state.name.clone(), ..row };
        Ok((AgentObject::of(row, &self.session.user), done.position))
    }
}

/// Somebody who works at the desk.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskAgent")]
pub struct AgentObject {
    /// Names the user.
    agent_id: String,
    /// The name.
    agent_name: String,
    /// The address.
    agent_email: String,
    /// What the user may do.
    role: RoleName,
    /// Whether customers may be given to them: they said so, and may sign in.
    is_available: bool,
    /// How many customers they handle.
    conversations: u64,
    /// Whether that is who asks.
    is_me: bool,
}

impl AgentObject {
    /// An agent as a user sees them.
    #[must_use]
    pub fn of(row: AgentRow, me: &UserId) -> Self {
        Self {
            is_me: row.id == *me,
            agent_id: row.id.into(),
            agent_name: row.name,
            agent_email: row.email,
            role: row.role.into(),
            is_available: row.available,
            conversations: row.conversations,
        }
    }
}

/// Everybody who works at the desk.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskAgents")]
pub struct AgentList {
    /// By name.
    agents: Vec<AgentObject>,
}

/// Whether somebody is available.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct AvailabilityInput {
    /// Whether customers may be given to them.
    pub is_available: bool,
    /// Who; oneself when not given.
    #[oai(validator(max_length = 64))]
    pub agent_id: Option<String>,
}

impl Input for AvailabilityInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("is_available");
        Self { is_available: fields.flag("is_available").unwrap_or_default(), agent_id: fields.text("agent_id") }
    }
}

impl Example for AvailabilityInput {
    fn example() -> Self {
        Self { is_available: true, agent_id: None }
    }
}
