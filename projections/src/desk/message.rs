//! The messages of a conversation, and what becomes of answers. Pure.

use chrono::{DateTime, Utc};
use events::{ConversationEvent, MessageId, Recorded};

use super::conversation::Version;
use crate::customer_history::Moment;
use crate::value::storable;

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The customer.
    Customer,
    /// An agent.
    Agent,
    /// The bot.
    Bot,
}

impl Author {
    /// Every author, in the order of their numbers in tables.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Agent, Self::Bot];

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

/// What became of a message, in the order of the numbers in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It came from the customer.
    Received,
    /// It waits to be delivered.
    Pending,
    /// The channel took it.
    Delivered,
    /// The channel does not take it.
    Failed,
}

impl State {
    /// Every state, in the order of their numbers in tables.
    pub const ALL: [Self; 4] = [Self::Received, Self::Pending, Self::Delivered, Self::Failed];
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Delivered or failed.
    pub state: State,
    /// The moment since which it is so.
    pub moment: Moment,
    /// Its time.
    pub at: DateTime<Utc>,
    /// Why it failed; empty where it did not.
    pub reason: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its number in the conversation, from 1.
    pub seq: u64,
    /// The message.
    pub id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// The agent's id; empty where it was none.
    pub speaker_id: String,
    /// The agent's name; empty where it was none.
    pub speaker_name: String,
    /// What was written.
    pub text: String,
    /// The moment of its commit.
    pub moment: Moment,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it was sent: by the channel's clock, where the customer wrote it.
    pub sent_at: DateTime<Utc>,
    /// How it ended; `None` where it is an answer that waits, or came from the customer.
    pub settled: Option<Settled>,
}

impl Message {
    /// What became of it so far.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.settled, self.author) {
            (Some(settled), _) => settled.state,
            (None, Author::Customer) => State::Received,
            (None, Author::Agent | Author::Bot) => State::Pending,
        }
    }
}

/// What an event does to the messages of its conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Trace {
    /// There is one more.
    Written(Message),
    /// An answer does not wait any more.
    Settled(MessageId, Settled),
}

impl Trace {
    /// What an event does, where `after` is the conversation with it.
    #[must_use]
    pub fn of(recorded: &Recorded, event: &ConversationEvent, after: &Version) -> Option<Self> {
        let (moment, at) = (after.from, recorded.envelope.recorded_at);
        let settled = |state, reason: &str| Settled { state, moment, at, reason: storable(reason) };
        match event {
            ConversationEvent::MessageReceived(data) => {
                let message = written(&data.message_id, Author::Customer, &data.text, (after, at));
                Some(Self::Written(Message { sent_at: data.at, ..message }))
            }
            ConversationEvent::AgentReplied(data) => {
                Some(Self::Written(written(&data.message_id, Author::Agent, &data.text, (after, at))))
            }
            ConversationEvent::BotReplied(data) => {
                Some(Self::Written(written(&data.message_id, Author::Bot, &data.text, (after, at))))
            }
            ConversationEvent::MessageDelivered(data) => {
                Some(Self::Settled(data.message_id.clone(), settled(State::Delivered, "")))
            }
            ConversationEvent::MessageFailed(data) => {
                Some(Self::Settled(data.message_id.clone(), settled(State::Failed, &data.reason)))
            }
            ConversationEvent::Started(_)
            | ConversationEvent::AgentRequested(_)
            | ConversationEvent::StopCleared(_)
            | ConversationEvent::AgentAssigned(_)
            | ConversationEvent::AgentUnassigned(_)
            | ConversationEvent::Read(_)
            | ConversationEvent::StatusChanged(_)
            | ConversationEvent::Retitled(_)
            | ConversationEvent::PrioritySet(_)
            | ConversationEvent::Rated(_)
            | ConversationEvent::Forgotten(_) => None,
        }
    }
}

/// The last message of a conversation. Only who handles it writes as a person.
fn written(id: &MessageId, author: Author, text: &str, (after, at): (&Version, DateTime<Utc>)) -> Message {
    let agent = after.held.as_ref().map(|held| &held.agent).filter(|_| author == Author::Agent);
    Message {
        seq: after.messages,
        id: id.clone(),
        author,
        speaker_id: agent.map(|agent| agent.id.to_string()).unwrap_or_default(),
        speaker_name: agent.map(|agent| agent.name.clone()).unwrap_or_default(),
        text: storable(text),
        moment: after.from,
        at,
        sent_at: at,
        settled: None,
    }
}
