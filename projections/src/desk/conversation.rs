//! A conversation as a commit leaves it, and what an event does to it. Pure.

use chrono::{DateTime, Utc};
use events::conversation::{Agent, Priority, Started, Status};
use events::{ConversationEvent, ConversationId, CustomerId, PageId, Recorded, Source, StreamVersion, TenantId, UserId};

use crate::customer_history::Moment;
use crate::projection::ApplyError;
use crate::value::storable;

/// What never changes about a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The number of its rows: the moment of its first commit.
    pub no: i64,
    /// Whose it is.
    pub tenant: TenantId,
    /// The conversation.
    pub id: ConversationId,
    /// Who the customer is.
    pub customer: CustomerId,
    /// The page that the messages go through.
    pub page: PageId,
    /// The channel.
    pub source: Source,
    /// When it started.
    pub created_at: DateTime<Utc>,
}

/// The stop flag: a person is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopped {
    /// The moment of the request.
    pub moment: Moment,
    /// Its time.
    pub at: DateTime<Utc>,
}

/// Who handles a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The agent.
    pub agent: Agent,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What the customer said about the help, last.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// From 1 to 5.
    pub score: u8,
    /// In their own words.
    pub comment: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A conversation as a commit left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The moment of the commit.
    pub from: Moment,
    /// The moment of the next one.
    pub to: Moment,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The title to show.
    pub title: String,
    /// How it stands.
    pub status: Status,
    /// How soon it wants a person.
    pub priority: Priority,
    /// The stop flag.
    pub stopped: Option<Stopped>,
    /// Who handles it.
    pub held: Option<Held>,
    /// Who handled it last.
    pub helper: Option<UserId>,
    /// How many of the customer's messages nobody has read.
    pub unread: u64,
    /// How many messages there were: also the number of the last one.
    pub messages: u64,
    /// The moment of the last message, or of the start.
    pub active: Moment,
    /// When the customer last wrote, or the start.
    pub seen_at: DateTime<Utc>,
    /// What the customer said about the help.
    pub rating: Option<Rating>,
    /// When anything last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a conversation starts as.
///
/// # Errors
/// When the event's stream names no conversation.
pub fn start(at: Moment, recorded: &Recorded, event: &Started) -> Result<(Identity, Version), ApplyError> {
    let (stream, time) = (&recorded.envelope.stream, recorded.envelope.recorded_at);
    let id = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no conversation"))?;
    let identity = Identity {
        no: at.0,
        tenant: stream.tenant.clone(),
        id,
        customer: event.customer.clone(),
        page: event.page.clone(),
        source: event.source,
        created_at: time,
    };
    let version = Version {
        from: at,
        to: Moment::OPEN,
        version: recorded.version,
        title: storable(&event.title),
        status: Status::default(),
        priority: Priority::default(),
        stopped: None,
        held: None,
        helper: None,
        unread: 0,
        messages: 0,
        active: at,
        seen_at: time,
        rating: None,
        updated_at: time,
    };
    Ok((identity, version))
}

/// The version that follows on an event.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn evolve(old: &Version, at: Moment, recorded: &Recorded, event: &ConversationEvent) -> Result<Version, ApplyError> {
    if recorded.version != old.version + 1 {
        return Err(ApplyError::event(recorded, format!("version {} follows version {}", recorded.version, old.version)));
    }
    let time = recorded.envelope.recorded_at;
    let next = Version { from: at, version: recorded.version, updated_at: time, ..old.clone() };
    Ok(match event {
        ConversationEvent::Started(_) => return Err(ApplyError::event(recorded, "the conversation is there already")),
        ConversationEvent::MessageReceived(_) => Version { unread: next.unread + 1, seen_at: time, ..next.with_message(at) },
        ConversationEvent::AgentReplied(_) | ConversationEvent::BotReplied(_) => next.with_message(at),
        ConversationEvent::AgentRequested(_) => Version { stopped: Some(Stopped { moment: at, at: time }), ..next },
        ConversationEvent::StopCleared(_) => Version { stopped: None, ..next },
        ConversationEvent::AgentAssigned(data) => {
            let Agent { id, name, email } = &data.agent;
            let agent = Agent { id: id.clone(), name: storable(name), email: storable(email) };
            Version { helper: Some(id.clone()), held: Some(Held { agent, at: time }), ..next }
        }
        ConversationEvent::AgentUnassigned(_) => Version { held: None, ..next },
        ConversationEvent::MessageDelivered(_) | ConversationEvent::MessageFailed(_) | ConversationEvent::Forgotten(_) => next,
        ConversationEvent::Read(data) => Version { unread: data.unread.into(), ..next },
        ConversationEvent::StatusChanged(data) => Version { status: data.status, ..next },
        ConversationEvent::Retitled(data) => Version { title: storable(&data.title), ..next },
        ConversationEvent::PrioritySet(data) => Version { priority: data.priority, ..next },
        ConversationEvent::Rated(data) => {
            let rating = Rating { score: data.score, comment: storable(&data.comment), at: time };
            Version { rating: Some(rating), ..next }
        }
    })
}

impl Version {
    fn with_message(self, at: Moment) -> Self {
        Self { messages: self.messages + 1, active: at, ..self }
    }

    /// The id of the agent who handles it; empty: nobody does.
    #[must_use]
    pub fn agent_id(&self) -> &str {
        self.held.as_ref().map_or("", |held| held.agent.id.as_str())
    }
}
