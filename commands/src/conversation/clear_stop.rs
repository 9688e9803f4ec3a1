//! Let the bot answer again.

use events::ConversationEvent;
use events::conversation::{Status, UnassignmentCause};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, Authority};
use super::state::ConversationState;
use super::support;

/// Let the bot answer again; whoever handles the conversation is released. The bot may answer already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClearStop {
    /// On whose word.
    pub by: Authority,
}

pub(super) fn decide(state: &ConversationState, command: &ClearStop) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if !state.is_stopped() {
        return Ok(Vec::new());
    }
    rules::the_help_is_theirs_to_end(state, &command.by)?;
    Ok(support::end(state, UnassignmentCause::Released, Status::Active))
}
