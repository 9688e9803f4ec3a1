//! The row of a customer in the live list (spec 000, "Customer List Response").

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use events::conversation::Status;
use events::{Contact, ConversationId, CustomerId, MessageId, Position, Source, StreamVersion, TagId};
use serde::{Deserialize, Serialize};

use crate::customer::search;

/// A customer as the live list shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    /// The customer.
    pub id: CustomerId,
    /// The number of the row: grows in the order in which customers were entered, and is the same after every rebuild.
    pub no: i64,
    /// Whether the customer is in lists; otherwise deleted, and can be restored.
    pub is_live: bool,
    /// The version of the customer's last event that changed the row.
    pub version: StreamVersion,
    /// The position of the commit that changed the row last.
    pub position: Position,
    /// The name that the tenant wrote down.
    pub name: String,
    /// The email address; may be empty.
    pub email: String,
    /// The phone number; may be empty.
    pub phone: String,
    /// What the customer's channel tells.
    pub contact: Contact,
    /// The tags that were put on the customer, in that order. A tag that was deleted since is among them; it has no name any more.
    pub tags: Vec<TagId>,
    /// The customer's conversations, in the order in which they started.
    pub conversations: Vec<ConversationSummary>,
    /// When the customer was entered.
    #[serde(with = "ts_microseconds")]
    pub created_at: DateTime<Utc>,
    /// When anything that the row shows changed last, reading apart. Never goes back.
    #[serde(with = "ts_microseconds")]
    pub updated_at: DateTime<Utc>,
}

/// A conversation as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// The conversation.
    pub id: ConversationId,
    /// The version of the conversation's last event that changed the summary.
    pub version: StreamVersion,
    /// The title.
    pub title: String,
    /// How it stands.
    pub status: Status,
    /// The channel.
    pub source: Source,
    /// The last message, whoever wrote it.
    pub last_message: Option<LastMessage>,
    /// How many of the customer's messages nobody has read.
    pub unread: u32,
    /// When it started.
    #[serde(with = "ts_microseconds")]
    pub created_at: DateTime<Utc>,
    /// When it changed last, reading apart.
    #[serde(with = "ts_microseconds")]
    pub updated_at: DateTime<Utc>,
    /// When the last message was recorded.
    #[serde(with = "ts_microseconds_option")]
    pub active_at: Option<DateTime<Utc>>,
}

/// The last message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastMessage {
    /// The message.
    pub id: MessageId,
    /// What was written.
    pub text: String,
    /// Who wrote it.
    pub by: Writer,
    /// When it was sent: by the channel's clock where the customer wrote it.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// The customer.
    Customer,
    /// An agent.
    Agent,
    /// The bot.
    Bot,
}

impl Writer {
    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Bot => "bot",
        }
    }
}

impl ContactRow {
    /// First and last name.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        self.contact.names(&self.name)
    }

    /// When the customer was last active: the last message in any of their conversations, whoever wrote it; before the first one,
    /// when the customer was entered.
    #[must_use]
    pub fn last_activity(&self) -> DateTime<Utc> {
        let messages = self.conversations.iter().filter_map(|conversation| conversation.active_at);
        messages.fold(self.created_at, DateTime::max)
    }

    /// Whether anything that the customer wrote is unread.
    #[must_use]
    pub fn has_unread(&self) -> bool {
        self.conversations.iter().any(|conversation| conversation.unread > 0)
    }

    /// What orders by name compare: the first name without regard to case.
    #[must_use]
    pub fn name_key(&self) -> String {
        search::fold(self.names().0)
    }

    /// What searches look in: first name, last name, user name, email and phone without regard to case, one per line.
    #[must_use]
    pub fn search_text(&self) -> String {
        let (first, last) = self.names();
        let line = |text: &str| search::fold(text).replace('\n', " ");
        [first, last, &self.contact.username, &self.email, &self.phone].map(line).join("\n")
    }
}
