//! What must hold for a conversation, one function per sentence.

use events::{MessageId, UserId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::state::{ConversationState, Standing};
use crate::fields::{FieldErrors, Lines, check_text};

/// The limits, in characters where they are about texts.
pub mod limits {
    /// An answer, after blanks around it are gone.
    pub const TEXT: usize = 4_096;
    /// What a customer may write; channels let people write more than they let programs.
    pub const RECEIVED_TEXT: usize = 20_000;
    /// A channel's id of a message.
    pub const EXTERNAL_ID: usize = 256;
    /// The title.
    pub const TITLE: usize = 200;
    /// The name of a detector.
    pub const DETECTOR: usize = 100;
    /// Why a message was not delivered.
    pub const FAILURE: usize = 500;
    /// What a customer says about the help.
    pub const COMMENT: usize = 1_000;
    /// The best score that a customer can give; the worst is 1.
    pub const SCORE: u8 = 5;
    /// How many answers may wait to be delivered.
    pub const PENDING: usize = 100;
}

/// On whose word a person's help ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// An agent's, who can end their own help, and that of nobody.
    Agent(UserId),
    /// A manager's, or Kith's own: whoever helps.
    Manager,
}

/// The conversation must be there: started, and not forgotten.
pub(super) fn the_conversation_is_present(state: &ConversationState) -> Result<(), ConversationRejection> {
    match state.standing {
        Standing::Present => Ok(()),
        Standing::Missing => Err(ConversationRejection::NotFound),
        Standing::Forgotten => Err(ConversationRejection::Forgotten),
    }
}

/// A conversation has one agent at a time: nobody, or this one.
pub(super) fn nobody_else_handles_it(state: &ConversationState, agent: &UserId) -> Result<(), ConversationRejection> {
    match state.agent() {
        Some(other) if other.id != *agent => Err(ConversationRejection::AlreadyAssigned { name: other.name.clone() }),
        Some(_) | None => Ok(()),
    }
}

/// An agent ends nobody else's help.
pub(super) fn the_help_is_theirs_to_end(state: &ConversationState, by: &Authority) -> Result<(), ConversationRejection> {
    match (by, state.agent()) {
        (Authority::Agent(id), Some(agent)) if agent.id != *id => Err(ConversationRejection::NotAssignedToYou),
        (Authority::Agent(_) | Authority::Manager, Some(_) | None) => Ok(()),
    }
}

/// An agent writes to who asked for a person.
pub(super) fn a_person_is_wanted(state: &ConversationState) -> Result<(), ConversationRejection> {
    if state.is_stopped() { Ok(()) } else { Err(ConversationRejection::NotRequested) }
}

/// The bot keeps still while a person is wanted or answers.
pub(super) fn the_bot_may_speak(state: &ConversationState) -> Result<(), ConversationRejection> {
    if state.is_stopped() { Err(ConversationRejection::HandledByPerson) } else { Ok(()) }
}

/// What the customer wrote before a person stopped helping is not the bot's to answer: the person has dealt with it.
pub(super) fn the_message_is_the_bots_to_answer(
    state: &ConversationState,
    message: &MessageId,
) -> Result<(), ConversationRejection> {
    let (later, _) = state.after(message).ok_or(ConversationRejection::MessageNotFound)?;
    let number = state.messages().saturating_sub(later);
    if number <= state.handed_back_after { Err(ConversationRejection::ReplyOutdated) } else { Ok(()) }
}

/// What waits to be delivered has a bound.
pub(super) fn the_outbox_has_room(state: &ConversationState) -> Result<(), ConversationRejection> {
    if state.pending.len() < limits::PENDING { Ok(()) } else { Err(ConversationRejection::OutboxFull) }
}

/// An answer says something, and not too much. Gives it without blanks around it.
pub(super) fn the_answer_is_fit(text: &str) -> Result<String, ConversationRejection> {
    let text = text.trim();
    let mut errors = FieldErrors::default();
    if text.is_empty() {
        errors.add("message", "Message is required");
    }
    check_text(&mut errors, "message", text, limits::TEXT, Lines::Many);
    errors.into_result().map_err(ConversationRejection::Invalid)?;
    Ok(text.to_owned())
}

/// A title is there, on one line, and not too long. Gives it without blanks around it.
pub(super) fn the_title_is_fit(title: &str) -> Result<String, ConversationRejection> {
    let title = title.trim();
    let mut errors = FieldErrors::default();
    if title.is_empty() {
        errors.add("title", "Title is required");
    }
    check_text(&mut errors, "title", title, limits::TITLE, Lines::One);
    errors.into_result().map_err(ConversationRejection::Invalid)?;
    Ok(title.to_owned())
}
