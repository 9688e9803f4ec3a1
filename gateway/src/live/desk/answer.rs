//! What the desk does for an agent who asks over the socket, and what it answers.

use commands::ConversationCommand;
use commands::conversation::{Assign, Authority, SetPriority, Unassign};
use events::conversation::AssignmentCause;
use events::{Position, StreamKind};
use poem_openapi::types::ToJSON;
use query_api::desk::{Assigned, ConversationFilter, ConversationOrder, Window};
use serde::Serialize;
use serde_json::{Map, Value};

use super::request::{Request, Whom};
use super::{Desk, DeskCall};
use crate::problem::{FieldErrors, Kind, Problem};
use crate::rest::desk::sent::Outgoing;

/// An answer.
#[derive(Serialize)]
pub(super) struct Answer {
    #[serde(rename = "type")]
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Value>,
    position: Position,
    data: Value,
}

/// A refusal. The sentence is that of spec 001 where it has one.
#[derive(Serialize)]
pub(super) struct ErrorFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Value>,
    message: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "FieldErrors::is_empty")]
    errors: &'a FieldErrors,
}

impl<'a> ErrorFrame<'a> {
    pub fn of(problem: &'a Problem, request_id: Option<Value>) -> Self {
        let (message, code, errors) = (problem.sentence(), problem.kind().code(), problem.errors());
        Self { name: "error", request_id, message, code, errors }
    }
}

impl Answer {
    /// Marked as its request was.
    pub fn to(self, request_id: Option<Value>) -> Self {
        Self { request_id, ..self }
    }

    /// What was missed comes next, from behind this position.
    fn resumed(after: Position) -> Self {
        Self::of("resumed", after, "after", &after.0)
    }

    fn new(name: &'static str, position: Position, data: &impl ToJSON) -> Self {
        Self { name, request_id: None, position, data: data.to_json().unwrap_or_default() }
    }

    /// With one member.
    fn of(name: &'static str, position: Position, member: &str, value: &impl ToJSON) -> Self {
        let data = Map::from_iter([(member.to_owned(), value.to_json().unwrap_or_default())]);
        Self { name, request_id: None, position, data: Value::Object(data) }
    }
}

impl Desk {
    /// Does what an agent asks for.
    pub(super) async fn answer(&mut self, request: Request) -> Result<Answer, Problem> {
        // The socket stays open while the tenant's rules change.
        if let Some(tenant) = self.call.app.tenant(&self.call.tenant.id).await? {
            self.call.tenant = tenant;
        }
        let call = &self.call;
        match request {
            Request::GetStopped { page, is_assigned, window } => stopped(call, page.as_deref(), is_assigned, window).await,
            Request::GetConversation { whom, before, limit } => {
                let position = call.read_position();
                let row = call.seen(None, &whom.customer, whom.page.as_deref()).await?;
                let messages = call.messages(&row, None, before, limit).await?;
                call.viewed(StreamKind::Conversation, row.id.as_str());
                Ok(Answer::new("conversation", position, &messages))
            }
            Request::Assign(whom) => {
                let command = Assign { agent: call.agent(), cause: AssignmentCause::Taken };
                change(call, "agent_assigned", &whom, ConversationCommand::Assign(command)).await
            }
            Request::Unassign { whom, is_helped } => {
                // Spec 001: only the assigned agent can let go; managers have an endpoint for others.
                let command = Unassign { by: Authority::Agent(call.session.user.clone()), is_helped };
                change(call, "agent_unassigned", &whom, ConversationCommand::Unassign(command)).await
            }
            Request::SetPriority { whom, priority } => {
                let command = ConversationCommand::SetPriority(SetPriority { priority });
                change(call, "priority_set", &whom, command).await
            }
            Request::Send { whom, message } => send(call, &whom, message).await,
            Request::SetAvailability { is_available } => {
                writable(call)?;
                let (agent, position) = call.set_availability(call.session.user.clone(), is_available, &[]).await?;
                let _in_time = call.app.wait_for(&call.tenant.id, position).await;
                Ok(Answer::of("availability_set", position, "agent", &agent))
            }
            Request::Resume { after, index } => self.resume(after, index).await.map(Answer::resumed),
        }
    }
}

async fn stopped(call: &DeskCall, page: Option<&str>, is_assigned: Option<bool>, window: Window) -> Result<Answer, Problem> {
    let page = match page {
        Some(page) => Some(call.page(page).await?),
        None => None,
    };
    let assigned = match is_assigned {
        None => Assigned::Anyone,
        Some(true) => Assigned::Somebody,
        Some(false) => Assigned::Nobody,
    };
    let filter = ConversationFilter {
        page,
        stopped: Some(true),
        assigned,
        order: ConversationOrder::LongestWaiting,
        ..ConversationFilter::default()
    };
    let position = call.read_position();
    let now = (None, call.now().await?);
    Ok(Answer::new("stopped_customers", position, &call.desk_customers(now, &filter, window).await?))
}

async fn change(call: &DeskCall, name: &'static str, whom: &Whom, command: ConversationCommand) -> Result<Answer, Problem> {
    writable(call)?;
    let talk = call.talk(&whom.customer, whom.page.as_deref()).await?;
    let done = call.ask(&talk, command, &[]).await?;
    let customer = call.shown(&talk, &done).await?;
    Ok(Answer::of(name, done.position, "customer", &customer))
}

async fn send(call: &DeskCall, whom: &Whom, message: Outgoing) -> Result<Answer, Problem> {
    writable(call)?;
    let talk = call.talk(&whom.customer, whom.page.as_deref()).await?;
    let done = call.ask(&talk, message.by_agent(call), &[]).await?;
    let sent = call.shown(&talk, &done).await?.map(|customer| message.sent(&done, customer));
    Ok(Answer::new("message_sent", done.position, &sent))
}

/// A past moment takes no writes.
fn writable(call: &DeskCall) -> Result<(), Problem> {
    if call.app.is_read_only() {
        let sentence = "This shows the platform as it was at an earlier moment: nothing can be changed here.";
        return Err(Problem::new(Kind::ReadOnly, sentence));
    }
    Ok(())
}
