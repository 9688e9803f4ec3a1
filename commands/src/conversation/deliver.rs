//! Note what became of an answer in the channel.

use events::conversation::{MessageDelivered, MessageFailed};
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, limits};
use super::state::ConversationState;
use crate::fields::{FieldErrors, Lines, check_text, readable};

/// Note that the channel took an answer. It does not wait (any more): no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivered {
    /// The message.
    pub message_id: MessageId,
    /// The channel's own id of it; empty where it gives none.
    pub external_id: String,
}

/// Note that the channel does not take an answer, for good. It does not wait (any more): no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failed {
    /// The message.
    pub message_id: MessageId,
    /// Why. What is beyond its limit is cut off, since it is a program's text.
    pub reason: String,
}

pub(super) fn delivered(state: &ConversationState, command: &Delivered) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    let Delivered { message_id, external_id } = command.clone();
    let mut errors = FieldErrors::default();
    check_text(&mut errors, "external_id", &external_id, limits::EXTERNAL_ID, Lines::One);
    errors.into_result().map_err(ConversationRejection::Invalid)?;
    let is_pending = state.pending.contains(&message_id);
    let delivered = ConversationEvent::MessageDelivered(MessageDelivered { message_id, external_id });
    Ok(if is_pending { vec![delivered] } else { Vec::new() })
}

pub(super) fn failed(state: &ConversationState, command: &Failed) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if !state.pending.contains(&command.message_id) {
        return Ok(Vec::new());
    }
    let reason = readable(&command.reason, Lines::Many).chars().take(limits::FAILURE).collect();
    Ok(vec![ConversationEvent::MessageFailed(MessageFailed { message_id: command.message_id.clone(), reason })])
}
