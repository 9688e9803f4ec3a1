//! Let an agent handle a conversation.

use events::ConversationEvent;
use events::conversation::{Agent, AssignmentCause};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;
use super::support;

/// Let an agent handle a conversation; the stop flag is on then. The agent who does already: no events. Another one does: refused.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assign {
    /// The agent.
    pub agent: Agent,
    /// How they come to it.
    pub cause: AssignmentCause,
}

pub(super) fn decide(state: &ConversationState, command: &Assign) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    rules::nobody_else_handles_it(state, &command.agent.id)?;
    if state.agent().is_some() {
        return Ok(Vec::new());
    }
    Ok(support::assign(state, &command.agent, command.cause))
}
