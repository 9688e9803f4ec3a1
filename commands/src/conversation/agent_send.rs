//! Answer a customer, as a person.

use events::conversation::{Agent, AgentReplied, AssignmentCause};
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::state::ConversationState;
use super::{mark_read, rules, support};

/// Answer a customer who wants a person. Nobody handles the conversation: the sender does from now on. What the customer wrote so
/// far counts as read. A message that was sent already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentSend {
    /// Who answers.
    pub agent: Agent,
    /// The message.
    pub message_id: MessageId,
    /// What it says.
    pub text: String,
}

pub(super) fn decide(state: &ConversationState, command: &AgentSend) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if state.after(&command.message_id).is_some() {
        return Ok(Vec::new());
    }
    rules::nobody_else_handles_it(state, &command.agent.id)?;
    rules::a_person_is_wanted(state)?;
    rules::the_outbox_has_room(state)?;
    let text = rules::the_answer_is_fit(&command.text)?;
    let mut events = Vec::with_capacity(3);
    if state.agent().is_none() {
        events.extend(support::assign(state, &command.agent, AssignmentCause::FirstMessage));
    }
    events.extend(mark_read::all(state));
    events.push(ConversationEvent::AgentReplied(AgentReplied { message_id: command.message_id.clone(), text }));
    Ok(events)
}
