//! `/api/dashboard/customers`: the customers of the agent desk (spec 001, "REST API").

mod input;

use commands::ConversationCommand;
use commands::conversation::{Assign, ClearStop, Reassign, RequestAgent, ToggleStop, Unassign};
use events::StreamKind;
use events::conversation::{AssignmentCause, RequestCause};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::desk::{ConversationFilter, ConversationOrder, Window};

use super::Tag;
use super::answer::{Read, Written};
use super::as_of::AsOfParam;
use super::call::Call;
use super::desk::lists::{DeskCustomers, Limit, PriorityForm, Skip, StatusForm, assigned};
use super::desk::objects::DeskCustomer;
use super::desk::sent::{MessageInput, MessageSent, Outgoing};
use super::desk::talk::page_meant;
use super::fields::Body;
use super::params::{Flag, Free, Text, named};
use crate::auth::op;
use crate::problem::Problem;
use input::{AgentInput, StopInput};

/// The dashboard.
pub struct DashboardApi;

#[OpenApi(prefix_path = "/api/dashboard/customers", tag = "Tag::Desk")]
impl DashboardApi {
    /// List the customers of the desk
    ///
    /// One entry per customer and page, the one in which something was written last first; exactly counted. Every filter that is
    /// given must hold. With `as_of` as they were then.
    #[oai(path = "/", method = "get", operation_id = "listDeskCustomers")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::DeskRead>,
        /// Only customers of this page.
        page_id: Query<Text<Free>>,
        /// Only customers who want a person, or only those who do not.
        stop: Query<Text<Flag>>,
        /// Only customers whom an agent handles, or only those whom nobody does.
        is_assigned: Query<Text<Flag>>,
        /// Only customers whom this agent handles.
        agent_id: Query<Text<Free>>,
        /// Only conversations that stand so.
        status: Query<Text<StatusForm>>,
        /// Only conversations of this priority.
        priority: Query<Text<PriorityForm>>,
        /// Words to look for in the customer's name, without regard to case.
        search: Query<Text<Free>>,
        /// How many customers the answer has.
        limit: Query<Limit>,
        /// How many customers before them are left out.
        skip: Query<Skip>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<DeskCustomers>, Problem> {
        let page = call.page_if_named(&page_id).await?;
        let filter = ConversationFilter {
            page,
            stopped: stop.is("stop")?,
            assigned: assigned(agent_id.as_deref(), is_assigned.is("is_assigned")?)?,
            status: named("status", status.as_deref())?,
            priority: named("priority", priority.as_deref())?,
            search: search.as_deref().unwrap_or_default().to_owned(),
            order: ConversationOrder::NewestActivity,
        };
        let (moment, position) = call.then_or_now(&as_of).await?;
        let then = (moment, call.time_of(moment, &as_of).await?);
        let list = call.desk_customers(then, &filter, Window { skip: skip.0.0, limit: limit.0.0 }).await?;
        Ok(Read::new(list, position))
    }

    /// Get a customer of the desk
    ///
    /// With `as_of` as they were then, without an entity tag; of a customer who was forgotten nothing is left at any time.
    #[oai(path = "/:id/", method = "get", operation_id = "getDeskCustomer")]
    async fn get(
        &self,
        call: Call<op::DeskRead>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<DeskCustomer>, Problem> {
        let (moment, position) = call.then_or_now(&as_of).await?;
        let row = call.seen(moment, &id, page_id.as_deref()).await?;
        call.viewed(StreamKind::Conversation, row.id.as_str());
        let version = row.version;
        let time = call.time_of(moment, &as_of).await?;
        let customer = DeskCustomer::of(row, &call.tenant, &call.session.user, time);
        Ok(match moment {
            Some(_) => Read::new(customer, position),
            None => Read::versioned(&call, customer, position, version),
        })
    }

    /// Say whether a customer wants a person
    ///
    /// `stop` keeps the bot still; without it the bot answers again, and whoever handles the customer is released: agents release
    /// themselves alone, admins and owners anybody.
    #[oai(path = "/:id/stop/", method = "put", operation_id = "setDeskCustomerStop")]
    async fn stop(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page, where the body names none.
        page_id: Query<Text<Free>>,
        body: Body<StopInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let command = if body.input.stop {
            ConversationCommand::RequestAgent(RequestAgent::by(RequestCause::Agent))
        } else {
            ConversationCommand::ClearStop(ClearStop { by: call.authority() })
        };
        call.asked(&id, page_meant(body.input.page_id.as_deref(), &page_id), command, &body.digest).await
    }

    /// Turn a customer's stop flag over
    ///
    /// Repeating it turns it back; with an idempotency key a repeated request is safe.
    #[oai(path = "/:id/toggle-stop/", method = "post", operation_id = "toggleDeskCustomerStop")]
    async fn toggle_stop(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let command = ConversationCommand::ToggleStop(ToggleStop { by: call.authority() });
        call.asked(&id, page_id.as_deref(), command, &[]).await
    }

    /// Say who handles a customer
    ///
    /// `agent_id` or `agent_name` names a user of the tenant who works at the desk; `null` lets go of the customer. An agent who
    /// handles the customer already stays, unless an admin or an owner says otherwise.
    #[oai(path = "/:id/agent/", method = "put", operation_id = "setDeskCustomerAgent")]
    async fn agent(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page, where the body names none.
        page_id: Query<Text<Free>>,
        body: Body<AgentInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let talk = call.talk(&id, page_meant(body.input.page_id.as_deref(), &page_id)).await?;
        let Some(wanted) = body.input.wanted()? else {
            let (by, is_helped) = (call.authority(), body.input.helped.unwrap_or(true));
            return call.asked_of(&talk, ConversationCommand::Unassign(Unassign { by, is_helped }), &body.digest).await;
        };
        let agent = wanted.find(&call).await?;
        let cause = if agent.id == call.session.user { AssignmentCause::Taken } else { AssignmentCause::Given };
        let assign = ConversationCommand::Assign(Assign { agent: agent.clone(), cause });
        match call.asked_of(&talk, assign, &body.digest).await {
            Err(problem) if problem.kind().code() == "conversation.already_assigned" && call.is_manager() => {
                call.asked_of(&talk, ConversationCommand::Reassign(Reassign { agent }), &body.digest).await
            }
            answer => answer,
        }
    }

    /// Send a message to a customer
    ///
    /// Whoever sends it handles the customer from now on, unless somebody else does: then it is refused.
    #[oai(path = "/:id/message/", method = "post", operation_id = "sendDeskMessage")]
    async fn message(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page, where the body names none.
        page_id: Query<Text<Free>>,
        body: Body<MessageInput>,
    ) -> Result<Written<MessageSent, 200>, Problem> {
        let MessageInput { message, page_id: given, message_id } = body.input;
        let message = Outgoing::new(&message, message_id.as_deref())?;
        let command = message.by_agent(&call);
        call.send(&id, page_meant(given.as_deref(), &page_id), message, command, &body.digest).await
    }
}
