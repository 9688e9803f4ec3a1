//! Samples of the agent desk: tags, pages and conversations.

use events::conversation as v;
use events::page as p;
use events::tag as g;
use events::{ConversationEvent, CustomerId, Event, MessageId, PageEvent, PageId, Source, TagEvent, UserId};

use super::samples::at;

fn message() -> MessageId {
    "message-1".parse().expect("an id")
}

fn agent() -> v::Agent {
    let id: UserId = "user-1".parse().expect("an id");
    v::Agent { id, name: "Agent Smith".into(), email: "agent@example.com".into() }
}

/// In the catalogue's order.
pub fn samples() -> Vec<Event> {
    let mut samples: Vec<Event> = vec![
        TagEvent::Created(g::Created { name: "VIP".into() }).into(),
        TagEvent::Renamed(g::Renamed { name: "Premium".into() }).into(),
        TagEvent::Deleted(g::Deleted {}).into(),
        PageEvent::Connected(p::Connected {
            source: Source::Messenger,
            external_id: "facebook_page_id".into(),
            name: "Business Page".into(),
        })
        .into(),
        PageEvent::Renamed(p::Renamed { name: "Our Page".into() }).into(),
        PageEvent::Disconnected(p::Disconnected {}).into(),
    ];
    samples.extend(conversation().into_iter().map(Event::from));
    samples
}

fn conversation() -> Vec<ConversationEvent> {
    let customer: CustomerId = "customer-1".parse().expect("an id");
    let page: PageId = "page-1".parse().expect("an id");
    let text = "I need help with my order";
    vec![
        ConversationEvent::Started(v::Started { customer, page, source: Source::Messenger, title: "Support Chat".into() }),
        ConversationEvent::MessageReceived(v::MessageReceived {
            message_id: message(),
            external_id: "m_1".into(),
            text: text.into(),
            at: at(4),
        }),
        ConversationEvent::AgentRequested(v::AgentRequested { cause: v::RequestCause::Detector, detector: Some("local".into()) }),
        ConversationEvent::StopCleared(v::StopCleared {}),
        ConversationEvent::AgentAssigned(v::AgentAssigned { agent: agent(), cause: v::AssignmentCause::FirstMessage }),
        ConversationEvent::AgentUnassigned(v::AgentUnassigned { agent: agent(), cause: v::UnassignmentCause::GivenUp }),
        ConversationEvent::AgentReplied(v::AgentReplied { message_id: message(), text: "Hello, I'm here to help!".into() }),
        ConversationEvent::BotReplied(v::BotReplied { message_id: message(), text: "I've notified our team.".into() }),
        ConversationEvent::MessageDelivered(v::MessageDelivered { message_id: message(), external_id: "m_2".into() }),
        ConversationEvent::MessageFailed(v::MessageFailed { message_id: message(), reason: "(#10) Outside the window".into() }),
        ConversationEvent::Read(v::Read { up_to: message(), unread: 2 }),
        ConversationEvent::StatusChanged(v::StatusChanged { status: v::Status::SupportActive }),
        ConversationEvent::Retitled(v::Retitled { title: "A late order".into() }),
        ConversationEvent::PrioritySet(v::PrioritySet { priority: v::Priority::Urgent }),
        ConversationEvent::Rated(v::Rated { score: 5, comment: "Quick and kind".into() }),
        ConversationEvent::Forgotten(v::Forgotten {}),
    ]
}
