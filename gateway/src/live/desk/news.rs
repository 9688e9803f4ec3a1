//! What a commit on a conversation means to the agents (spec 001, "WebSocket Broadcasts").

use chrono::SecondsFormat;
use events::conversation::{Agent, AgentAssigned, AgentRequested, AgentUnassigned, RequestCause};
use events::{ConversationEvent, MessageId, Recorded};
use serde_json::{Value, json};

/// Something that agents are told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum News<'a> {
    /// A customer wants a person, by their own word or a detector's.
    AgentRequested(&'a AgentRequested),
    /// Another agent handles a customer, or nobody does.
    AssignmentChanged {
        /// Who does from now on.
        to: Option<&'a AgentAssigned>,
        /// Who did.
        from: Option<&'a AgentUnassigned>,
    },
    /// Somebody of the tenant turned the stop flag on or off.
    StopChanged(bool),
    /// Something was written.
    Message {
        /// The message.
        id: &'a MessageId,
        /// Who wrote: `customer`, `agent` or `bot`.
        sender: &'static str,
        /// What was written.
        text: &'a str,
    },
}

/// What the events of one commit tell, in order. One change of hands is one piece of news, and what only follows from another
/// event is none.
pub(super) fn of<'a>(events: impl Iterator<Item = &'a ConversationEvent>) -> Vec<News<'a>> {
    let mut news: Vec<News<'a>> = Vec::new();
    for event in events {
        match event {
            ConversationEvent::MessageReceived(it) => {
                news.push(News::Message { id: &it.message_id, sender: "customer", text: &it.text });
            }
            ConversationEvent::AgentReplied(it) => {
                news.push(News::Message { id: &it.message_id, sender: "agent", text: &it.text });
            }
            ConversationEvent::BotReplied(it) => news.push(News::Message { id: &it.message_id, sender: "bot", text: &it.text }),
            ConversationEvent::AgentRequested(it) => news.push(match it.cause {
                RequestCause::Detector | RequestCause::Customer => News::AgentRequested(it),
                RequestCause::Agent => News::StopChanged(true),
            }),
            ConversationEvent::StopCleared(_) => news.push(News::StopChanged(false)),
            ConversationEvent::AgentUnassigned(it) => news.push(News::AssignmentChanged { to: None, from: Some(it) }),
            ConversationEvent::AgentAssigned(it) => match news.last_mut() {
                Some(News::AssignmentChanged { to: to @ None, .. }) => *to = Some(it),
                Some(_) | None => news.push(News::AssignmentChanged { to: Some(it), from: None }),
            },
            ConversationEvent::Started(_)
            | ConversationEvent::MessageDelivered(_)
            | ConversationEvent::MessageFailed(_)
            | ConversationEvent::Read(_)
            | ConversationEvent::StatusChanged(_)
            | ConversationEvent::Retitled(_)
            | ConversationEvent::PrioritySet(_)
            | ConversationEvent::Rated(_)
            | ConversationEvent::Forgotten(_) => {}
        }
    }
    news
}

impl News<'_> {
    /// The type of the broadcast.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AgentRequested(_) => "agent_requested",
            Self::AssignmentChanged { .. } => "agent_assignment_changed",
            Self::StopChanged(_) => "customer_stop_status_changed",
            Self::Message { .. } => "new_message",
        }
    }

    /// What it says beside the customer that it is about; `first` is an event of its commit.
    pub fn data(&self, first: &Recorded) -> Value {
        let at = first.envelope.recorded_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        match self {
            Self::AgentRequested(it) => {
                json!({ "stop": true, "stopped_at": at, "cause": it.cause.name(), "detector": it.detector })
            }
            Self::AssignmentChanged { to, from } => {
                let agent = to.map(|it| &it.agent);
                let previous = from.map(|it| &it.agent);
                json!({
                    "action": if to.is_some() { "assigned" } else { "unassigned" },
                    "is_assigned": to.is_some(),
                    "agent_id": agent.map(|agent| &agent.id),
                    "agent_name": agent.map(|agent| &agent.name),
                    "agent_email": agent.map(|agent| &agent.email),
                    "assigned_at": to.map(|_| &at),
                    "previous_agent_id": previous.map(|agent| &agent.id),
                    "previous_agent_name": previous.map(|agent: &Agent| &agent.name),
                    "cause": to.map(|it| it.cause.name()).or(from.map(|it| it.cause.name())),
                })
            }
            Self::StopChanged(stop) => json!({ "stop": stop, "stopped_at": stop.then_some(&at) }),
            Self::Message { id, sender, text } => {
                let author = (*sender == "agent").then_some(&first.envelope.actor);
                json!({ "message": {
                    "id": id, "text": text, "sender": sender, "is_ai_response": *sender == "bot",
                    "agent_id": author.map(|actor| &actor.id), "agent_name": author.map(|actor| &actor.name), "created_at": at,
                } })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::conversation::{AgentReplied, AssignmentCause, Read, Status, StatusChanged, StopCleared, UnassignmentCause};

    fn agent(id: &str) -> Agent {
        Agent { id: id.parse().expect("an id"), name: id.to_uppercase(), email: String::new() }
    }

    fn assigned(id: &str) -> ConversationEvent {
        ConversationEvent::AgentAssigned(AgentAssigned { agent: agent(id), cause: AssignmentCause::Taken })
    }

    fn unassigned(id: &str) -> ConversationEvent {
        ConversationEvent::AgentUnassigned(AgentUnassigned { agent: agent(id), cause: UnassignmentCause::Reassigned })
    }

    fn requested(cause: RequestCause) -> ConversationEvent {
        ConversationEvent::AgentRequested(AgentRequested { cause, detector: None })
    }

    fn names(events: &[ConversationEvent]) -> Vec<&'static str> {
        of(events.iter()).iter().map(News::name).collect()
    }

    #[test]
    fn one_commit_tells_each_thing_once() {
        let stands = |status| ConversationEvent::StatusChanged(StatusChanged { status });
        let asks = [requested(RequestCause::Detector), stands(Status::SupportActive)];
        assert_eq!(names(&asks), ["agent_requested"]);
        let takes_over = [requested(RequestCause::Agent), stands(Status::SupportActive), assigned("a")];
        assert_eq!(names(&takes_over), ["customer_stop_status_changed", "agent_assignment_changed"]);
        let (message_id, text) = (MessageId::generate(), "Hello".to_owned());
        let read = ConversationEvent::Read(Read { up_to: MessageId::generate(), unread: 0 });
        let writes_first = [assigned("a"), read, ConversationEvent::AgentReplied(AgentReplied { message_id, text })];
        assert_eq!(names(&writes_first), ["agent_assignment_changed", "new_message"]);
        let helped = [unassigned("a"), ConversationEvent::StopCleared(StopCleared {}), stands(Status::Active)];
        assert_eq!(names(&helped), ["agent_assignment_changed", "customer_stop_status_changed"]);
    }

    #[test]
    fn a_change_of_hands_is_one_piece_of_news() {
        let events = [unassigned("a"), assigned("b")];
        let news = of(events.iter());
        let [News::AssignmentChanged { to: Some(to), from: Some(from) }] = news.as_slice() else { panic!("{news:?}") };
        assert_eq!((to.agent.name.as_str(), from.agent.name.as_str()), ("B", "A"));
    }
}
