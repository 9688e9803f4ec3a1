//! Write notes about a customer.

use events::RelationEvent;
use events::relation::{Noted, Started};
use serde::Serialize;

use super::error::RelationRejection;
use super::rules::{self, limits};
use super::state::RelationState;

/// Write notes about a customer in place of those there are. The same: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Note {
    /// Whose relation it is.
    pub of: Started,
    /// The notes from now on; may be empty.
    pub notes: String,
}

pub(super) fn decide(state: &RelationState, command: &Note) -> Result<Vec<RelationEvent>, RelationRejection> {
    let start = rules::it_is_between_them(state, &command.of)?;
    let notes = rules::the_text_is_fit("notes", &command.notes, limits::NOTES)?;
    if state.notes == notes {
        return Ok(Vec::new());
    }
    Ok(start.into_iter().chain([RelationEvent::Noted(Noted { notes })]).collect())
}
