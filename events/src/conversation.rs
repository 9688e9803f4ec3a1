//! What happens in a conversation between a customer and a page: messages, and who answers (spec 001).
//!
//! A commit says all that changes: an event that starts or ends a person's help comes with the `StatusChanged` that follows from
//! it, so that a fold needs no rule.

mod values;

use chrono::serde::ts_microseconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contact::Source;
use crate::define::define_events;
use crate::ids::{CustomerId, MessageId, PageId};

pub use values::{Agent, AssignmentCause, Priority, RequestCause, Status, UnassignmentCause};

define_events! {
    /// The events of a conversation.
    ConversationEvent {
        /// The customer and a page came into touch.
        Started(Started) = "conversation.started" v 1,
        /// The customer wrote.
        MessageReceived(MessageReceived) = "conversation.message_received" v 1,
        /// A person is wanted: the stop flag is on, and the bot keeps still.
        AgentRequested(AgentRequested) = "conversation.agent_requested" v 1,
        /// No person is wanted any more: the stop flag is off, and the bot may answer.
        StopCleared(StopCleared) = "conversation.stop_cleared" v 1,
        /// An agent handles the conversation. Nobody did before.
        AgentAssigned(AgentAssigned) = "conversation.agent_assigned" v 1,
        /// The agent does not handle the conversation any more, and nobody does.
        AgentUnassigned(AgentUnassigned) = "conversation.agent_unassigned" v 1,
        /// The agent answered; the message waits to be delivered.
        AgentReplied(AgentReplied) = "conversation.agent_replied" v 1,
        /// The bot answered; the message waits to be delivered.
        BotReplied(BotReplied) = "conversation.bot_replied" v 1,
        /// The channel took an answer.
        MessageDelivered(MessageDelivered) = "conversation.message_delivered" v 1,
        /// The channel does not take an answer, for good.
        MessageFailed(MessageFailed) = "conversation.message_failed" v 1,
        /// Somebody of the tenant read what the customer wrote.
        Read(Read) = "conversation.read" v 1,
        /// The conversation stands otherwise.
        StatusChanged(StatusChanged) = "conversation.status_changed" v 1,
        /// The conversation has another title.
        Retitled(Retitled) = "conversation.retitled" v 1,
        /// The conversation has another priority.
        PrioritySet(PrioritySet) = "conversation.priority_set" v 1,
        /// The customer said how good the help was.
        Rated(Rated) = "conversation.rated" v 1,
        /// The customer asked to be forgotten: all earlier events of the stream are erased.
        Forgotten(Forgotten) = "conversation.forgotten" v 1,
    }
}

/// The customer and a page came into touch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// Who the customer is.
    pub customer: CustomerId,
    /// The page that the messages go through.
    pub page: PageId,
    /// The channel.
    pub source: Source,
    /// The title to show.
    pub title: String,
}

/// The customer wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageReceived {
    /// The message.
    pub message_id: MessageId,
    /// The channel's own id of it; empty where it gave none.
    pub external_id: String,
    /// What was written.
    pub text: String,
    /// When it was sent, by the channel's clock.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// A person is wanted: the stop flag is on, and the bot keeps still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRequested {
    /// Who found so.
    pub cause: RequestCause,
    /// The name of the detector, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
}

/// No person is wanted any more: the stop flag is off, and the bot may answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StopCleared {}

/// An agent handles the conversation. Nobody did before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentAssigned {
    /// The agent.
    pub agent: Agent,
    /// How they came to it.
    pub cause: AssignmentCause,
}

/// The agent does not handle the conversation any more, and nobody does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentUnassigned {
    /// The agent.
    pub agent: Agent,
    /// How they came off it.
    pub cause: UnassignmentCause,
}

/// The agent answered; the message waits to be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentReplied {
    /// The message.
    pub message_id: MessageId,
    /// What was written.
    pub text: String,
}

/// The bot answered; the message waits to be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BotReplied {
    /// The message.
    pub message_id: MessageId,
    /// What was written.
    pub text: String,
}

/// The channel took an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageDelivered {
    /// The message.
    pub message_id: MessageId,
    /// The channel's own id of it; empty where it gave none.
    pub external_id: String,
}

/// The channel does not take an answer, for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageFailed {
    /// The message.
    pub message_id: MessageId,
    /// Why, in the words of the channel or of the client that asked it.
    pub reason: String,
}

/// Somebody of the tenant read what the customer wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// The last message that was read.
    pub up_to: MessageId,
    /// How many of the customer's messages came after it.
    pub unread: u32,
}

/// The conversation stands otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusChanged {
    /// How it stands from now on.
    pub status: Status,
}

/// The conversation has another title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retitled {
    /// The title from now on.
    pub title: String,
}

/// The conversation has another priority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrioritySet {
    /// The priority from now on.
    pub priority: Priority,
}

/// The customer said how good the help was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// From 1, bad, to 5, good.
    pub score: u8,
    /// In their own words; may be empty.
    pub comment: String,
}

/// The customer asked to be forgotten: all earlier events of the stream are erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forgotten {}
