//! Answers to a customer: what is sent, and what a client gets to know of it.

use chrono::Utc;
use commands::conversation::AgentSend;
use commands::{Conversation, ConversationCommand, Executed};
use events::{IdError, MessageId};
use poem_openapi::Object;
use poem_openapi::types::Example;

use super::objects::DeskCustomer;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Fields, Input, sentence};
use crate::rest::moment::Moment;

/// A message to a customer.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct MessageInput {
    /// What it says; blanks around it are cut off.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub message: String,
    /// The page that it goes through; the one of the customer's last conversation when not given.
    #[oai(validator(max_length = 64))]
    pub page_id: Option<String>,
    /// Names the message: one that was sent already is not sent again. Made up when not given.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    pub message_id: Option<String>,
}

impl Input for MessageInput {
    fn read(fields: &mut Fields) -> Self {
        Self {
            message: fields.required_text("message"),
            page_id: fields.text("page_id"),
            message_id: fields.parsed::<MessageId>("message_id").map(String::from),
        }
    }
}

impl Example for MessageInput {
    fn example() -> Self {
        Self { message: "Hello, I'm here to help!".to_owned(), page_id: None, message_id: None }
    }
}

/// A message that was sent: it is recorded, and its channel gets it as soon as it takes it.
#[derive(Debug, Clone, Object)]
pub struct MessageSent {
    /// Names the message.
    pub message_id: String,
    /// What it says.
    pub message: String,
    /// When it was recorded.
    pub sent_at: Moment,
    /// Whether the channel has still to take it.
    pub is_pending: bool,
    /// The customer as it left them.
    pub customer: DeskCustomer,
}

/// A message as it goes out.
pub struct Outgoing {
    /// Names the message.
    pub id: MessageId,
    /// What it says.
    pub text: String,
}

impl Outgoing {
    /// What was given, with an id of its own where none was given.
    ///
    /// # Errors
    /// The 400 problem when the id can be none.
    pub fn new(text: &str, id: Option<&str>) -> Result<Self, Problem> {
        let id = id.map(|id| message_id("message_id", id)).transpose()?;
        Ok(Self { id: id.unwrap_or_else(MessageId::generate), text: text.trim().to_owned() })
    }

    /// Said by an agent.
    #[must_use]
    pub fn by_agent<O>(&self, call: &Call<O>) -> ConversationCommand {
        let (agent, message_id, text) = (call.agent(), self.id.clone(), self.text.clone());
        ConversationCommand::AgentSend(AgentSend { agent, message_id, text })
    }

    /// What a client gets to know of it, once it is recorded.
    #[must_use]
    pub fn sent(self, done: &Executed<Conversation>, customer: DeskCustomer) -> MessageSent {
        MessageSent {
            is_pending: done.state.pending.contains(&self.id),
            message_id: self.id.into(),
            message: self.text,
            sent_at: done.state.last_message_at.unwrap_or_else(Utc::now).into(),
            customer,
        }
    }
}

/// The message that a field names.
///
/// # Errors
/// The 400 problem when it can be none.
pub fn message_id(field: &str, text: &str) -> Result<MessageId, Problem> {
    text.parse().map_err(|error: IdError| Problem::field(Kind::Invalid, field, sentence(&error.to_string())))
}

impl<O> Call<O> {
    /// Sends a message with a command, and answers what became of it.
    ///
    /// # Errors
    /// As [`Call::asked`].
    pub async fn send(
        &self,
        customer: &str,
        page: Option<&str>,
        message: Outgoing,
        command: ConversationCommand,
        digest: &[u8],
    ) -> Result<Written<MessageSent, 200>, Problem> {
        let talk = self.talk(customer, page).await?;
        let done = self.ask(&talk, command, digest).await?;
        let sent = self.shown(&talk, &done).await?.map(|customer| message.sent(&done, customer));
        Ok(Written::settle(self, sent, done.position).await.version(done.version))
    }
}
