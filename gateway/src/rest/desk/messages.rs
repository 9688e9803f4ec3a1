//! What was written in a conversation.

use events::StreamKind;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use query_api::customers::as_of::AsOf;
use query_api::desk::{self, ConversationRow};

use super::objects::MessageObject;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Free, Text, Whole};
use crate::rest::{Tag, unreadable};

/// How many messages a part has: 50, at most 200.
pub type MessageLimit = Whole<1, { super::lists::MOST }, { super::lists::DEFAULT }>;
/// The number of a message; 0: behind the last one.
pub type Before = Whole<0, { u32::MAX as u64 }, 0>;

/// Messages.
pub struct MessagesApi;

#[OpenApi(prefix_path = "/api/desk/customers", tag = "Tag::Desk")]
impl MessagesApi {
    /// List what was written
    ///
    /// Newest first. `next` is the `before` of the part before this one. With `as_of` as it was then; of a customer who was
    /// forgotten nothing is left at any time.
    #[oai(path = "/:id/messages/", method = "get", operation_id = "listDeskMessages")]
    async fn list(
        &self,
        call: Call<op::DeskRead>,
        /// The customer.
        id: Path<String>,
        /// The page; the one of the customer's last conversation when not given.
        page_id: Query<Text<Free>>,
        /// Only messages before the one with this number; from the last one on when not given.
        before: Query<Before>,
        /// How many messages the answer has.
        limit: Query<MessageLimit>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<MessageList>, Problem> {
        let (moment, position) = call.then_or_now(&as_of).await?;
        let row = call.seen(moment, &id, page_id.as_deref()).await?;
        let list = call.messages(&row, moment, (before.0.0 > 0).then_some(before.0.0), limit.0.0).await?;
        call.viewed(StreamKind::Conversation, row.id.as_str());
        Ok(Read::new(list, position))
    }
}

/// A part of what was written.
#[derive(Debug, Clone, Object)]
pub struct MessageList {
    /// Names the customer.
    pub customer_id: String,
    /// Names the page.
    pub page_id: String,
    /// How many messages the conversation has, exactly.
    pub count: u64,
    /// The messages, newest first.
    pub messages: Vec<MessageObject>,
    /// What to ask for as `before` to get those before them; `null`: there are none.
    #[oai(nullable)]
    pub next: Option<u64>,
}

impl<O> Call<O> {
    /// A part of what was written in a conversation.
    ///
    /// # Errors
    /// When the read models do not answer.
    pub async fn messages(
        &self,
        row: &ConversationRow,
        moment: Option<AsOf>,
        before: Option<u64>,
        limit: u64,
    ) -> Result<MessageList, Problem> {
        let part = desk::messages(&self.app.models, &self.scope(), moment, &row.id, before, limit).await.map_err(unreadable)?;
        Ok(MessageList {
            customer_id: row.customer.to_string(),
            page_id: row.page.to_string(),
            count: part.count,
            messages: part.rows.into_iter().map(MessageObject::from).collect(),
            next: part.next,
        })
    }
}
