//! Note that what a customer wrote was read.

use events::conversation::Read;
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;

/// Note that what a customer wrote was read. It was read already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkRead {
    /// The last message that was read, whoever wrote it; `None`: all.
    pub up_to: Option<MessageId>,
}

pub(super) fn decide(state: &ConversationState, command: &MarkRead) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    let Some(up_to) = &command.up_to else { return Ok(all(state).into_iter().collect()) };
    let (_, unread) = state.after(up_to).ok_or(ConversationRejection::MessageNotFound)?;
    let read = ConversationEvent::Read(Read { up_to: up_to.clone(), unread });
    Ok(if unread < state.unread { vec![read] } else { Vec::new() })
}

/// Everything was read. Nothing when it was read already.
pub(super) fn all(state: &ConversationState) -> Option<ConversationEvent> {
    let up_to = state.last_received.clone().filter(|_| state.unread > 0)?;
    Some(ConversationEvent::Read(Read { up_to, unread: 0 }))
}
