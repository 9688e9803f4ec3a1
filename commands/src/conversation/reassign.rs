//! Give a conversation to another agent, over the head of who handles it.

use events::ConversationEvent;
use events::conversation::{Agent, AssignmentCause, UnassignmentCause};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;
use super::support;

/// Give a conversation to another agent, over the head of who handles it, if anybody does. The agent who does already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reassign {
    /// The agent from now on.
    pub agent: Agent,
}

pub(super) fn decide(state: &ConversationState, command: &Reassign) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if state.agent().is_some_and(|agent| agent.id == command.agent.id) {
        return Ok(Vec::new());
    }
    let unassigned = support::unassign(state, UnassignmentCause::Reassigned);
    Ok(unassigned.into_iter().chain(support::assign(state, &command.agent, AssignmentCause::Given)).collect())
}
