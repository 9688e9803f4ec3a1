//! The words of conversations. That something was written is told, and not what.

use events::conversation::{ConversationEvent, Priority, Status};
use events::subject::Partition;
use events::{Event, Recorded, StreamKind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::storable;

/// Conversations.
pub struct Conversations;

/// A conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    title: String,
    status: Status,
    agent: String,
    agent_requested: bool,
    priority: Priority,
    /// 0: none yet.
    rating: u8,
    is_forgotten: bool,
}

impl Wording for Conversations {
    const KIND: StreamKind = StreamKind::Conversation;
    const ACTIVITIES: &'static [Activity] = &[
        activity("conversation.started", "started", Action::Create),
        activity("conversation.message_received", "message_received", Action::Update),
        activity("conversation.agent_requested", "agent_requested", Action::Update),
        activity("conversation.stop_cleared", "stop_cleared", Action::Update),
        activity("conversation.agent_assigned", "agent_assigned", Action::Update),
        activity("conversation.agent_unassigned", "agent_unassigned", Action::Update),
        activity("conversation.agent_replied", "agent_replied", Action::Update),
        activity("conversation.bot_replied", "bot_replied", Action::Update),
        activity("conversation.message_delivered", "message_delivered", Action::Update),
        activity("conversation.message_failed", "message_failed", Action::Update),
        activity("conversation.read", "messages_read", Action::Update),
        activity("conversation.status_changed", "status_change", Action::Update),
        activity("conversation.retitled", "renamed", Action::Update),
        activity("conversation.priority_set", "priority_set", Action::Update),
        activity("conversation.rated", "rated", Action::Update),
        activity("conversation.forgotten", "forgotten", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[
        field("title", "Title", Shown::Text),
        field("status", "Status", Shown::Word),
        field("agent", "Agent", Shown::Text),
        field("agent_requested", "A person is wanted", Shown::YesNo),
        field("priority", "Priority", Shown::Word),
        field("rating", "Rating", Shown::Number),
    ];
    type Event = ConversationEvent;
    type Row = Conversation;

    fn event(event: &Event) -> Option<&ConversationEvent> {
        if let Event::Conversation(event) = event { Some(event) } else { None }
    }

    /// Where the beginning of a stream was erased, there is nothing to say until the tombstone comes.
    fn fold(
        _: Partition,
        row: Option<Conversation>,
        _: &Recorded,
        event: &ConversationEvent,
    ) -> Result<Option<Conversation>, ApplyError> {
        let row = match (row, event) {
            (Some(row), _) => row,
            (None, ConversationEvent::Started(_) | ConversationEvent::Forgotten(_)) => Conversation::default(),
            (None, _) => return Ok(None),
        };
        Ok(Some(after(row, event)))
    }

    fn values(row: &Conversation) -> Vec<Json> {
        vec![
            row.title.as_str().into(),
            row.status.name().into(),
            row.agent.as_str().into(),
            row.agent_requested.into(),
            row.priority.name().into(),
            row.rating.into(),
        ]
    }

    fn name(row: &Conversation) -> String {
        if row.is_forgotten { "Forgotten conversation".to_owned() } else { row.title.clone() }
    }

    fn is_erased(row: &Conversation) -> bool {
        row.is_forgotten
    }

    fn sentence(event: &ConversationEvent, _row: &Conversation, _changes: &[&'static str]) -> String {
        match event {
            ConversationEvent::Started(data) => format!("Started the conversation over {}", data.source.name()),
            ConversationEvent::MessageReceived(_) => "The customer wrote".to_owned(),
            ConversationEvent::AgentRequested(_) => "Asked for a person".to_owned(),
            ConversationEvent::StopCleared(_) => "No person is wanted any more".to_owned(),
            ConversationEvent::AgentAssigned(data) => format!("Assigned {}", data.agent.name),
            ConversationEvent::AgentUnassigned(data) => format!("Unassigned {}", data.agent.name),
            ConversationEvent::AgentReplied(_) => "An agent answered".to_owned(),
            ConversationEvent::BotReplied(_) => "The bot answered".to_owned(),
            ConversationEvent::MessageDelivered(_) => "An answer was delivered".to_owned(),
            ConversationEvent::MessageFailed(_) => "An answer could not be delivered".to_owned(),
            ConversationEvent::Read(_) => "Read what the customer wrote".to_owned(),
            ConversationEvent::StatusChanged(data) => {
                format!("Conversation status changed to {}", data.status.name().replace('_', " "))
            }
            ConversationEvent::Retitled(_) => "Changed the title".to_owned(),
            ConversationEvent::PrioritySet(data) => format!("Changed the priority to {}", data.priority.name()),
            ConversationEvent::Rated(data) => format!("The customer rated the help with {} of 5", data.score),
            ConversationEvent::Forgotten(_) => "Forgot the conversation: everything recorded before is erased".to_owned(),
        }
    }
}

fn after(row: Conversation, event: &ConversationEvent) -> Conversation {
    match event {
        ConversationEvent::Started(data) => Conversation { title: storable(&data.title), ..row },
        ConversationEvent::AgentRequested(_) => Conversation { agent_requested: true, ..row },
        ConversationEvent::StopCleared(_) => Conversation { agent_requested: false, ..row },
        ConversationEvent::AgentAssigned(data) => Conversation { agent: storable(&data.agent.name), ..row },
        ConversationEvent::AgentUnassigned(_) => Conversation { agent: String::new(), ..row },
        ConversationEvent::StatusChanged(data) => Conversation { status: data.status, ..row },
        ConversationEvent::Retitled(data) => Conversation { title: storable(&data.title), ..row },
        ConversationEvent::PrioritySet(data) => Conversation { priority: data.priority, ..row },
        ConversationEvent::Rated(data) => Conversation { rating: data.score, ..row },
        ConversationEvent::Forgotten(_) => Conversation { is_forgotten: true, ..Conversation::default() },
        ConversationEvent::MessageReceived(_)
        | ConversationEvent::AgentReplied(_)
        | ConversationEvent::BotReplied(_)
        | ConversationEvent::MessageDelivered(_)
        | ConversationEvent::MessageFailed(_)
        | ConversationEvent::Read(_) => row,
    }
}
