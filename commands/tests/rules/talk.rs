//! Samples that the tests of conversations share.

use chrono::TimeDelta;
use commands::conversation::{AgentSend, Authority, BotReply, Receive, Start};
use commands::testing::noon;
use commands::{ConversationCommand, ConversationRejection, FieldErrors};
use events::conversation::{
    Agent, AgentAssigned, AgentReplied, AgentRequested, AgentUnassigned, AssignmentCause, BotReplied, MessageReceived, Read,
    RequestCause, Started, Status, StatusChanged, StopCleared, UnassignmentCause,
};
use events::{ConversationEvent, MessageId, Source};

pub const CLEARED: ConversationEvent = ConversationEvent::StopCleared(StopCleared {});

pub fn start() -> Start {
    Start {
        customer: "customer-1".parse().unwrap(),
        page: "page-1".parse().unwrap(),
        source: Source::Messenger,
        title: "John Doe".into(),
    }
}

pub fn started() -> ConversationEvent {
    let Start { customer, page, source, title } = start();
    ConversationEvent::Started(Started { customer, page, source, title })
}

pub fn message(id: &str) -> MessageId {
    id.parse().unwrap()
}

pub fn receive(id: &str) -> Receive {
    let at = noon() - TimeDelta::seconds(2);
    Receive { start: start(), message_id: message(id), external_id: format!("mid.{id}"), text: "Hello".into(), at }
}

pub fn received(id: &str) -> ConversationEvent {
    let Receive { message_id, external_id, text, at, .. } = receive(id);
    ConversationEvent::MessageReceived(MessageReceived { message_id, external_id, text, at })
}

/// A conversation that began with a message.
pub fn begun() -> [ConversationEvent; 2] {
    [started(), received("m1")]
}

pub fn agent(name: &str) -> Agent {
    let id = format!("user-{}", name.to_lowercase()).parse().unwrap();
    Agent { id, name: format!("Agent {name}"), email: format!("{}@example.com", name.to_lowercase()) }
}

pub fn by(name: &str) -> Authority {
    Authority::Agent(agent(name).id)
}

pub fn requested(cause: RequestCause) -> ConversationEvent {
    ConversationEvent::AgentRequested(AgentRequested { cause, detector: None })
}

pub fn stands(status: Status) -> ConversationEvent {
    ConversationEvent::StatusChanged(StatusChanged { status })
}

pub fn assigned(name: &str, cause: AssignmentCause) -> ConversationEvent {
    ConversationEvent::AgentAssigned(AgentAssigned { agent: agent(name), cause })
}

pub fn unassigned(name: &str, cause: UnassignmentCause) -> ConversationEvent {
    ConversationEvent::AgentUnassigned(AgentUnassigned { agent: agent(name), cause })
}

/// A conversation of a customer who waits for a person.
pub fn waiting() -> Vec<ConversationEvent> {
    let wanted = [requested(RequestCause::Customer), stands(Status::SupportActive)];
    begun().into_iter().chain(wanted).collect()
}

/// A conversation that agent A handles.
pub fn handled() -> Vec<ConversationEvent> {
    waiting().into_iter().chain([assigned("A", AssignmentCause::Taken)]).collect()
}

pub fn send(name: &str, id: &str) -> ConversationCommand {
    let text = " I'm here to help! ".into();
    ConversationCommand::AgentSend(AgentSend { agent: agent(name), message_id: message(id), text })
}

pub fn sent(id: &str) -> ConversationEvent {
    ConversationEvent::AgentReplied(AgentReplied { message_id: message(id), text: "I'm here to help!".into() })
}

pub fn bot(id: &str) -> BotReply {
    BotReply { message_id: message(id), text: "How can I help?".into(), answers: None }
}

pub fn bot_said(id: &str) -> ConversationEvent {
    ConversationEvent::BotReplied(BotReplied { message_id: message(id), text: "How can I help?".into() })
}

pub fn read(up_to: &str, unread: u32) -> ConversationEvent {
    ConversationEvent::Read(Read { up_to: message(up_to), unread })
}

pub fn already_assigned(name: &str) -> ConversationRejection {
    ConversationRejection::AlreadyAssigned { name: format!("Agent {name}") }
}

pub fn invalid(field: &'static str, sentence: &str) -> ConversationRejection {
    ConversationRejection::Invalid(FieldErrors::of(field, sentence))
}
