//! Say how a conversation stands.

use events::ConversationEvent;
use events::conversation::{RequestCause, Status, UnassignmentCause};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, Authority};
use super::state::ConversationState;
use super::support;

/// Say how a conversation stands: `support_active` asks for a person, and every other status ends a person's help. As it stands
/// already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetStatus {
    /// How it stands from now on.
    pub status: Status,
    /// On whose word.
    pub by: Authority,
}

pub(super) fn decide(state: &ConversationState, command: &SetStatus) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if state.status == command.status {
        return Ok(Vec::new());
    }
    let cause = match command.status {
        Status::SupportActive => return Ok(support::begin(state, RequestCause::Agent, None)),
        Status::Closed => UnassignmentCause::Closed,
        Status::Active | Status::MarketingActive => UnassignmentCause::Released,
    };
    rules::the_help_is_theirs_to_end(state, &command.by)?;
    Ok(support::end(state, cause, command.status))
}
