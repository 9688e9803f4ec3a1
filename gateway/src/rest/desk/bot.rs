//! The bot's door: whether the bot may answer and whether a person has taken over is one decision on one stream.

use commands::ConversationCommand;
use commands::conversation::BotReply;
use events::MessageId;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use super::sent::{MessageSent, Outgoing};
use super::talk::page_meant;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};
use crate::rest::params::{Free, Text};

/// The bot.
pub struct BotApi;

#[OpenApi(prefix_path = "/api/desk/customers", tag = "Tag::Desk")]
impl BotApi {
    /// Answer a customer as the bot
    ///
    /// Refused as `conversation.handled_by_person` while a person is wanted or helps, also where that began after the answer was
    /// prepared. With `answers` also refused, as `conversation.reply_outdated`, when a person has come and gone since that message;
    /// with `If-Match` when anything has happened since that version.
    #[oai(path = "/:id/bot_reply/", method = "post", operation_id = "sendBotReply")]
    async fn bot_reply(
        &self,
        call: Call<op::DeskWork>,
        /// The customer.
        id: Path<String>,
        /// The page, where the body names none.
        page_id: Query<Text<Free>>,
        body: Body<BotReplyInput>,
    ) -> Result<Written<MessageSent, 200>, Problem> {
        let BotReplyInput { message, page_id: given, message_id, answers } = body.input;
        let message = Outgoing::new(&message, message_id.as_deref())?;
        let answers = answers.map(|id| super::sent::message_id("answers", &id)).transpose()?;
        let (message_id, text) = (message.id.clone(), message.text.clone());
        let command = ConversationCommand::BotReply(BotReply { message_id, text, answers });
        call.send(&id, page_meant(given.as_deref(), &page_id), message, command, &body.digest).await
    }
}

/// What the bot answers.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BotReplyInput {
    /// What it says; blanks around it are cut off.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub message: String,
    /// The page that it goes through; the one of the customer's last conversation when not given.
    #[oai(validator(max_length = 64))]
    pub page_id: Option<String>,
    /// Names the message: one that was sent already is not sent again. Made up when not given.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    pub message_id: Option<String>,
    /// The customer's message that it answers.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    pub answers: Option<String>,
}

impl Input for BotReplyInput {
    fn read(fields: &mut Fields) -> Self {
        Self {
            message: fields.required_text("message"),
            page_id: fields.text("page_id"),
            message_id: fields.parsed::<MessageId>("message_id").map(String::from),
            answers: fields.parsed::<MessageId>("answers").map(String::from),
        }
    }
}

impl Example for BotReplyInput {
    fn example() -> Self {
        let answers = Some("0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11".to_owned());
        Self { message: "We are open from 9 to 5.".to_owned(), page_id: None, message_id: None, answers }
    }
}
