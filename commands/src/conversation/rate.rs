//! Say how good the help was.

use events::ConversationEvent;
use events::conversation::Rated;
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules::{self, limits};
use super::state::ConversationState;
use crate::fields::{FieldErrors, Lines, check_text};

/// Say how good the help was. What was said last already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// From 1, bad, to 5, good.
    pub score: u8,
    /// In the customer's own words; may be empty.
    pub comment: String,
}

pub(super) fn decide(state: &ConversationState, command: &Rate) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    let comment = command.comment.trim();
    let mut errors = FieldErrors::default();
    if !(1..=limits::SCORE).contains(&command.score) {
        errors.add("score", format!("Ensure this value is from 1 to {}", limits::SCORE));
    }
    check_text(&mut errors, "comment", comment, limits::COMMENT, Lines::Many);
    errors.into_result().map_err(ConversationRejection::Invalid)?;
    let rated = Rated { score: command.score, comment: comment.to_owned() };
    if state.rating.as_ref() == Some(&rated) {
        return Ok(Vec::new());
    }
    Ok(vec![ConversationEvent::Rated(rated)])
}
