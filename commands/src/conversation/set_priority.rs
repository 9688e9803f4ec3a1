//! Say how soon a conversation wants a person.

use events::ConversationEvent;
use events::conversation::{Priority, PrioritySet};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;

/// Say how soon a conversation wants a person. The priority that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetPriority {
    /// The priority from now on.
    pub priority: Priority,
}

pub(super) fn decide(state: &ConversationState, command: &SetPriority) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if state.priority == command.priority {
        return Ok(Vec::new());
    }
    Ok(vec![ConversationEvent::PrioritySet(PrioritySet { priority: command.priority })])
}
