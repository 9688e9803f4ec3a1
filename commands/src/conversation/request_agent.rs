//! Ask for a person.

use events::conversation::{BotReplied, RequestCause};
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, limits};
use super::state::ConversationState;
use super::support;
use crate::fields::{FieldErrors, Lines, check_text};

/// Ask for a person: the bot keeps still from now on, after one last word where there is one. A person is wanted already: no
/// events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequestAgent {
    /// Who found that a person is wanted.
    pub cause: RequestCause,
    /// The name of the detector, where one did.
    pub detector: Option<String>,
    /// What the bot says to it, in the same moment.
    pub acknowledgement: Option<Acknowledgement>,
}

/// The bot's last word before a person takes over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acknowledgement {
    /// The message.
    pub message_id: MessageId,
    /// What it says.
    pub text: String,
}

impl RequestAgent {
    /// By somebody, without a word of the bot.
    #[must_use]
    pub fn by(cause: RequestCause) -> Self {
        Self { cause, detector: None, acknowledgement: None }
    }
}

pub(super) fn decide(state: &ConversationState, command: &RequestAgent) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if let Some(detector) = &command.detector {
        let mut errors = FieldErrors::default();
        check_text(&mut errors, "detector", detector, limits::DETECTOR, Lines::One);
        errors.into_result().map_err(ConversationRejection::Invalid)?;
    }
    if state.is_stopped() {
        return Ok(Vec::new());
    }
    // The word comes before the flag, so that no history has the bot speaking while the flag is on.
    let mut events = Vec::with_capacity(3);
    if let Some(Acknowledgement { message_id, text }) = &command.acknowledgement {
        rules::the_outbox_has_room(state)?;
        let text = rules::the_answer_is_fit(text)?;
        events.push(ConversationEvent::BotReplied(BotReplied { message_id: message_id.clone(), text }));
    }
    events.extend(support::begin(state, command.cause, command.detector.clone()));
    Ok(events)
}
