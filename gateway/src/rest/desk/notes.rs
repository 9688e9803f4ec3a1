//! What is noted about a conversation: what was read, how good the help was, how it stands, what it is called.

use commands::ConversationCommand;
use commands::conversation::{MarkRead, Rate, Retitle, SetPriority, SetStatus};
use events::MessageId;
use events::conversation::{Priority, Status};
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};

use super::names::{PriorityName, StatusName};
use super::objects::DeskCustomer;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};
use crate::rest::params::{Free, Text};

/// Notes.
pub struct NotesApi;

#[OpenApi(prefix_path = "/api/desk/customers", tag = "Tag::Desk")]
impl NotesApi {
    /// Note that a customer's messages were read
    #[oai(path = "/:id/read/", method = "post", operation_id = "markDeskCustomerRead")]
    async fn read(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        body: Body<ReadInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let up_to = body.input.up_to.map(|id| super::sent::message_id("up_to", &id)).transpose()?;
        let command = ConversationCommand::MarkRead(MarkRead { up_to });
        call.asked(&id, page_id.as_deref(), command, &body.digest).await
    }

    /// Note how good a customer found the help
    #[oai(path = "/:id/rating/", method = "post", operation_id = "rateDeskCustomer")]
    async fn rate(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        body: Body<RatingInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let RatingInput { score, comment } = body.input;
        let command = ConversationCommand::Rate(Rate { score, comment: comment.unwrap_or_default() });
        call.asked(&id, page_id.as_deref(), command, &body.digest).await
    }

    /// Say how soon a conversation wants a person
    #[oai(path = "/:id/priority/", method = "post", operation_id = "setDeskCustomerPriority")]
    async fn priority(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        body: Body<PriorityInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let command = ConversationCommand::SetPriority(SetPriority { priority: body.input.priority.into() });
        call.asked(&id, page_id.as_deref(), command, &body.digest).await
    }

    /// Say how a conversation stands
    ///
    /// `support_active` asks for a person; every other status ends a person's help.
    #[oai(path = "/:id/status/", method = "post", operation_id = "setDeskCustomerStatus")]
    async fn status(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        body: Body<StatusInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let (status, by) = (body.input.status.into(), call.authority());
        call.asked(&id, page_id.as_deref(), ConversationCommand::SetStatus(SetStatus { status, by }), &body.digest).await
    }

    /// Give a conversation another title
    #[oai(path = "/:id/title/", method = "post", operation_id = "retitleDeskCustomer")]
    async fn title(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        body: Body<TitleInput>,
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let command = ConversationCommand::Retitle(Retitle { title: body.input.title });
        call.asked(&id, page_id.as_deref(), command, &body.digest).await
    }
}

/// What was read.
#[derive(Debug, Clone, Object)]
pub struct ReadInput {
    /// The last message that was read; all of them when not given.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    pub up_to: Option<String>,
}

impl Input for ReadInput {
    fn read(fields: &mut Fields) -> Self {
        Self { up_to: fields.parsed::<MessageId>("up_to").map(String::from) }
    }
}

/// How good the help was.
#[derive(Debug, Clone, Object)]
pub struct RatingInput {
    /// From 1, bad, to 5, good.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    pub score: u8,
    /// In the customer's own words.
    #[oai(validator(max_length = 1000))]
    pub comment: Option<String>,
}

impl Input for RatingInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("score");
        // What no score can be is judged like one that is out of bounds.
        let score = fields.integer("score").map(|score| u8::try_from(score).unwrap_or(0));
        Self { score: score.unwrap_or_default(), comment: fields.text("comment") }
    }
}

/// How soon a conversation wants a person.
#[derive(Debug, Clone, Object)]
pub struct PriorityInput {
    /// The priority from now on.
    pub priority: PriorityName,
}

impl Input for PriorityInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("priority");
        Self { priority: fields.parsed::<Priority>("priority").unwrap_or_default().into() }
    }
}

/// How a conversation stands.
#[derive(Debug, Clone, Object)]
pub struct StatusInput {
    /// The status from now on.
    pub status: StatusName,
}

impl Input for StatusInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("status");
        Self { status: fields.parsed::<Status>("status").unwrap_or_default().into() }
    }
}

/// What a conversation is called.
#[derive(Debug, Clone, Object)]
pub struct TitleInput {
    /// The title from now on, on one line.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub title: String,
}

impl Input for TitleInput {
    fn read(fields: &mut Fields) -> Self {
        Self { title: fields.required_text("title") }
    }
}
