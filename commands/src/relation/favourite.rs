//! Make a customer a favourite, and no favourite any more.

use events::RelationEvent;
use events::relation::{Favourited, Started, Unfavourited};

use super::error::RelationRejection;
use super::rules;
use super::state::RelationState;

/// A favourite already: no events.
pub(super) fn favourite(state: &RelationState, of: &Started) -> Result<Vec<RelationEvent>, RelationRejection> {
    let start = rules::it_is_between_them(state, of)?;
    if state.is_favourite {
        return Ok(Vec::new());
    }
    Ok(start.into_iter().chain([RelationEvent::Favourited(Favourited {})]).collect())
}

/// No favourite already: no events.
pub(super) fn unfavourite(state: &RelationState, of: &Started) -> Result<Vec<RelationEvent>, RelationRejection> {
    rules::it_is_between_them(state, of)?;
    Ok(if state.is_favourite { vec![RelationEvent::Unfavourited(Unfavourited {})] } else { Vec::new() })
}
