//! What must hold for a relation, one function per sentence.

use events::RelationEvent;
use events::relation::Started;

use super::error::RelationRejection;
use super::state::{RelationState, Standing};
use crate::fields::{FieldErrors, Lines, check_text};

/// The limits, in characters.
pub mod limits {
    /// Why a customer is blocked.
    pub const REASON: usize = 500;
    /// The notes.
    pub const NOTES: usize = 10_000;
}

/// A relation is between these two, and was not forgotten. Gives what starts it, where it has not started yet.
pub(super) fn it_is_between_them(state: &RelationState, of: &Started) -> Result<Option<RelationEvent>, RelationRejection> {
    match state.standing {
        Standing::Missing => Ok(Some(RelationEvent::Started(of.clone()))),
        Standing::Present if state.between.as_ref() == Some(of) => Ok(None),
        Standing::Present => Err(RelationRejection::AlreadyExists),
        Standing::Forgotten => Err(RelationRejection::Forgotten),
    }
}

/// A text is not too long. Gives it without blanks around it.
pub(super) fn the_text_is_fit(field: &'static str, text: &str, max: usize) -> Result<String, RelationRejection> {
    let text = text.trim();
    let mut errors = FieldErrors::default();
    check_text(&mut errors, field, text, max, Lines::Many);
    errors.into_result().map_err(RelationRejection::Invalid)?;
    Ok(text.to_owned())
}
