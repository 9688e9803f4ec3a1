//! Conversations and messages as they are shown.

use chrono::{DateTime, Utc};
use events::conversation::{Agent, Priority, Status};
use events::{ConversationId, CustomerId, MessageId, PageId, Position, Source, StreamVersion};
use projections::desk::Author;

/// Who handles a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The agent, as they were called when they were assigned.
    pub agent: Agent,
    /// Since when.
    pub assigned_at: DateTime<Utc>,
}

/// What a customer said about the help, last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// From 1, bad, to 5, good.
    pub score: u8,
    /// In their own words; may be empty.
    pub comment: String,
    /// When.
    pub rated_at: DateTime<Utc>,
}

/// A conversation between a customer and a page.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationRow {
    /// The conversation.
    pub id: ConversationId,
    /// The version of its stream that the row shows.
    pub version: StreamVersion,
    /// Who the customer is.
    pub customer: CustomerId,
    /// What the customer is called; empty where that is not known any more.
    pub customer_name: String,
    /// First name: the channel's, else the first word of the name.
    pub first_name: String,
    /// Last name: the channel's, else the rest of the name.
    pub last_name: String,
    /// The channel.
    pub source: Source,
    /// Who the customer is in the channel; empty where that is not known.
    pub source_id: String,
    /// The page that the messages go through.
    pub page: PageId,
    /// What the page is called.
    pub page_name: String,
    /// The title to show.
    pub title: String,
    /// How it stands.
    pub status: Status,
    /// Since when a person is wanted; `None`: the bot answers.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Who handles it; `None`: nobody.
    pub assignment: Option<Assignment>,
    /// How soon it wants a person.
    pub priority: Priority,
    /// How many of the customer's messages nobody has read.
    pub unread: u64,
    /// How many messages there were.
    pub message_count: u64,
    /// The last message, whoever wrote it.
    pub last_message: Option<MessageRow>,
    /// What the customer said about the help.
    pub rating: Option<Rating>,
    /// When it started.
    pub first_seen: DateTime<Utc>,
    /// When the customer last wrote, or when it started.
    pub last_seen: DateTime<Utc>,
    /// When the last message was recorded, whoever wrote it.
    pub last_message_at: Option<DateTime<Utc>>,
    /// When it started.
    pub created_at: DateTime<Utc>,
    /// When anything about it last changed.
    pub updated_at: DateTime<Utc>,
}

impl ConversationRow {
    /// Whether a person is wanted, so that the bot keeps still.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// Who handles it.
    #[must_use]
    pub fn agent(&self) -> Option<&Agent> {
        self.assignment.as_ref().map(|assignment| &assignment.agent)
    }
}

/// The agent who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The user.
    pub id: String,
    /// What they were called then.
    pub name: String,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It came from the customer.
    Received,
    /// It waits to be delivered.
    Pending,
    /// The channel took it.
    Delivered {
        /// When.
        at: DateTime<Utc>,
    },
    /// The channel does not take it.
    Failed {
        /// When that was settled.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The message.
    pub id: MessageId,
    /// Its number in the conversation, from 1.
    pub number: u64,
    /// What was written.
    pub text: String,
    /// Who wrote it.
    pub author: Author,
    /// The agent, where one wrote it.
    pub agent: Option<Speaker>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it was sent: by the channel's clock, where the customer wrote it.
    pub sent_at: DateTime<Utc>,
    /// The position of its commit.
    pub position: Position,
    /// What became of it.
    pub delivery: Delivery,
}

impl MessageRow {
    /// Whether the bot wrote it.
    #[must_use]
    pub fn is_ai_response(&self) -> bool {
        self.author == Author::Bot
    }
}
