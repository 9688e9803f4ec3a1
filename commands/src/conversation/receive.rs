//! Take in what a customer wrote.

use chrono::{DateTime, Utc};
use events::conversation::{MessageReceived, Status};
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::limits;
use super::start::{self, Start};
use super::state::ConversationState;
use super::support;
use crate::aggregate::{Context, to_micros};
use crate::fields::{FieldErrors, Lines, check_text, readable};

/// Take in what a customer wrote. It starts the conversation where there is none, and a closed one is active again. A message that
/// was taken in already, as the channel's id of it tells: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receive {
    /// What the conversation is, should this be its first message.
    pub start: Start,
    /// The message.
    pub message_id: MessageId,
    /// The channel's own id of it; empty where it gives none, and then every delivery counts.
    pub external_id: String,
    /// What was written. Characters that cannot be shown are left out.
    pub text: String,
    /// When it was sent, by the channel's clock; what is later than now is now.
    pub at: DateTime<Utc>,
}

pub(super) fn decide(
    state: &ConversationState,
    command: &Receive,
    context: &Context,
) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    let started = start::decide(state, &command.start)?;
    if state.has_heard(&command.external_id) || state.after(&command.message_id).is_some() {
        return Ok(Vec::new());
    }
    let text = readable(&command.text, Lines::Many);
    let mut errors = FieldErrors::default();
    if text.is_empty() {
        errors.add("text", "Text is required");
    }
    check_text(&mut errors, "text", &text, limits::RECEIVED_TEXT, Lines::Many);
    check_text(&mut errors, "external_id", &command.external_id, limits::EXTERNAL_ID, Lines::One);
    errors.into_result().map_err(ConversationRejection::Invalid)?;
    let reopened = (state.status == Status::Closed).then(|| support::stands(state, Status::Active)).flatten();
    let received = MessageReceived {
        message_id: command.message_id.clone(),
        external_id: command.external_id.clone(),
        text,
        at: to_micros(command.at.min(context.now)),
    };
    Ok(started.into_iter().chain(reopened).chain([ConversationEvent::MessageReceived(received)]).collect())
}
