//! What a conversation's events add up to.

use chrono::{DateTime, Utc};
use events::conversation::{Agent, Priority, Rated, Status};
use events::{ConversationEvent, CustomerId, MessageId, PageId, Source};
use serde::{Deserialize, Serialize};

use super::window::{Fingerprint, Recent, Window};
use crate::aggregate::EventMeta;

/// How many of the channel's message ids are remembered, so that a delivery that is repeated does nothing.
pub const HEARD: usize = 512;
/// How many messages are remembered, so that it is known which of them came before others.
pub const RECENT: usize = 256;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is no such conversation.
    #[default]
    Missing,
    /// There.
    Present,
    /// Forgotten for good; nothing is known any more.
    Forgotten,
}

/// Who handles a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The agent.
    pub agent: Agent,
    /// Since when.
    pub assigned_at: DateTime<Utc>,
}

/// A conversation as the events tell: what decisions need and what an answer shows. Its size has a bound.
///
/// It is in one of three hands: the bot's (no stop flag), nobody's yet (stop flag, no agent), or an agent's (stop flag and agent).
/// The status is `support_active` in the latter two, and only then.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversationState {
    /// Where it stands.
    pub standing: Standing,
    /// Who the customer is. `Some` once it started.
    pub customer: Option<CustomerId>,
    /// The page that the messages go through. `Some` once it started.
    pub page: Option<PageId>,
    /// The channel.
    pub source: Source,
    /// The title to show.
    pub title: String,
    /// Active, support active, marketing active or closed.
    pub status: Status,
    /// Since when the stop flag is on; `None`: it is off.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Who handles it; `None`: nobody.
    pub assignment: Option<Assignment>,
    /// How soon it wants a person.
    pub priority: Priority,
    /// What the customer said about the help, last.
    pub rating: Option<Rated>,
    /// How many of the customer's messages nobody has read.
    pub unread: u32,
    /// The last message that the customer wrote.
    pub last_received: Option<MessageId>,
    /// How many messages the customer wrote.
    pub received: u64,
    /// How many messages agents wrote.
    pub agent_replies: u64,
    /// How many messages the bot wrote.
    pub bot_replies: u64,
    /// Answers that wait to be delivered, oldest first.
    pub pending: Vec<MessageId>,
    /// When it started. `Some` once it did.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When the last message was recorded, whoever wrote it.
    pub last_message_at: Option<DateTime<Utc>>,
    /// The channel's ids of the last messages.
    pub(super) heard: Window<Fingerprint, HEARD>,
    /// The last messages.
    pub(super) recent: Window<Recent, RECENT>,
    /// How many messages there were when a person last stopped helping: what came up to there is not the bot's to answer.
    pub(super) handed_back_after: u64,
}

impl ConversationState {
    /// Whether it started and was not forgotten.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.standing == Standing::Present
    }

    /// Whether the bot keeps still: a person is wanted, or answers.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// Who handles it.
    #[must_use]
    pub fn agent(&self) -> Option<&Agent> {
        self.assignment.as_ref().map(|assignment| &assignment.agent)
    }

    /// How many messages there were.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.received.saturating_add(self.agent_replies).saturating_add(self.bot_replies)
    }

    /// Whether a message with this id of the channel has been recorded, among the last [`HEARD`].
    #[must_use]
    pub fn has_heard(&self, external_id: &str) -> bool {
        !external_id.is_empty() && self.heard.contains(&Fingerprint::of(external_id))
    }

    /// How many messages came after this one, and how many of those the customer wrote. `None`: it is not among the last
    /// [`RECENT`].
    pub(super) fn after(&self, message: &MessageId) -> Option<(u64, u32)> {
        let id = Fingerprint::of(message.as_str());
        let later: Vec<_> = self.recent.newest_first().take_while(|recent| recent.id != id).collect();
        let customers = later.iter().filter(|recent| recent.is_customers).count();
        (later.len() < self.recent.len()).then(|| (later.len() as u64, u32::try_from(customers).unwrap_or(u32::MAX)))
    }

    pub(super) fn weight(&self) -> usize {
        let agent = self.agent().map_or(0, |agent| agent.name.len() + agent.email.len());
        let rating = self.rating.as_ref().map_or(0, |rated| rated.comment.len());
        let ids = (self.pending.len() + 5) * (std::mem::size_of::<String>() + events::ids::MAX_ID_LEN);
        let windows = self.heard.weight() + self.recent.weight();
        std::mem::size_of::<Self>() + self.title.len() + agent + rating + ids + windows
    }

    /// A message more.
    fn with_message(mut self, message: &MessageId, is_customers: bool, meta: &EventMeta) -> Self {
        self.recent.push(Recent { id: Fingerprint::of(message.as_str()), is_customers });
        Self { last_message_at: Some(meta.recorded_at), ..self }
    }

    /// An answer that waits to be delivered.
    fn with_answer(mut self, message: &MessageId, meta: &EventMeta) -> Self {
        self.pending.push(message.clone());
        self.with_message(message, false, meta)
    }

    /// An answer that does not wait any more.
    fn without_pending(mut self, message: &MessageId) -> Self {
        self.pending.retain(|pending| pending != message);
        self
    }

    /// The channel's id of a message is known.
    fn with_heard(mut self, external_id: &str) -> Self {
        if !external_id.is_empty() {
            self.heard.push(Fingerprint::of(external_id));
        }
        self
    }
}

/// The state after an event.
pub(super) fn evolve(state: ConversationState, event: &ConversationEvent, meta: &EventMeta) -> ConversationState {
    let state = ConversationState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        ConversationEvent::Started(started) => ConversationState {
            standing: Standing::Present,
            customer: Some(started.customer.clone()),
            page: Some(started.page.clone()),
            source: started.source,
            title: started.title.clone(),
            created_at: Some(meta.recorded_at),
            ..state
        },
        ConversationEvent::MessageReceived(message) => {
            let (received, unread) = (state.received.saturating_add(1), state.unread.saturating_add(1));
            let state = state.with_heard(&message.external_id).with_message(&message.message_id, true, meta);
            ConversationState { received, unread, last_received: Some(message.message_id.clone()), ..state }
        }
        ConversationEvent::AgentRequested(_) => ConversationState { stopped_at: Some(meta.recorded_at), ..state },
        ConversationEvent::StopCleared(_) => ConversationState { stopped_at: None, handed_back_after: state.messages(), ..state },
        ConversationEvent::AgentAssigned(assigned) => {
            let assignment = Assignment { agent: assigned.agent.clone(), assigned_at: meta.recorded_at };
            ConversationState { assignment: Some(assignment), ..state }
        }
        ConversationEvent::AgentUnassigned(_) => ConversationState { assignment: None, ..state },
        ConversationEvent::AgentReplied(message) => {
            let agent_replies = state.agent_replies.saturating_add(1);
            ConversationState { agent_replies, ..state.with_answer(&message.message_id, meta) }
        }
        ConversationEvent::BotReplied(message) => {
            let bot_replies = state.bot_replies.saturating_add(1);
            ConversationState { bot_replies, ..state.with_answer(&message.message_id, meta) }
        }
        ConversationEvent::MessageDelivered(delivered) => {
            state.with_heard(&delivered.external_id).without_pending(&delivered.message_id)
        }
        ConversationEvent::MessageFailed(failed) => state.without_pending(&failed.message_id),
        ConversationEvent::Read(read) => ConversationState { unread: read.unread, ..state },
        ConversationEvent::StatusChanged(changed) => ConversationState { status: changed.status, ..state },
        ConversationEvent::Retitled(retitled) => ConversationState { title: retitled.title.clone(), ..state },
        ConversationEvent::PrioritySet(set) => ConversationState { priority: set.priority, ..state },
        ConversationEvent::Rated(rated) => ConversationState { rating: Some(rated.clone()), ..state },
        // Folding the erased stream starts here, so nothing of before may be left over.
        ConversationEvent::Forgotten(_) => {
            ConversationState { standing: Standing::Forgotten, updated_at: state.updated_at, ..ConversationState::default() }
        }
    }
}
