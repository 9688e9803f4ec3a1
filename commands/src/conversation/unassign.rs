//! Let go of a conversation.

use events::ConversationEvent;
use events::conversation::{Status, UnassignmentCause};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, Authority};
use super::state::ConversationState;
use super::support;

/// Let go of a conversation. Nobody handles it: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unassign {
    /// On whose word.
    pub by: Authority,
    /// Whether the customer is helped, so that the bot answers again; otherwise they wait for the next agent.
    pub is_helped: bool,
}

pub(super) fn decide(state: &ConversationState, command: &Unassign) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    rules::the_help_is_theirs_to_end(state, &command.by)?;
    if state.agent().is_none() {
        return Ok(Vec::new());
    }
    if command.is_helped {
        return Ok(support::end(state, UnassignmentCause::Released, Status::Active));
    }
    Ok(support::unassign(state, UnassignmentCause::GivenUp).into_iter().collect())
}
