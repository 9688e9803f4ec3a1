//! Take no bookings of a customer, and take them again.

use events::RelationEvent;
use events::relation::{Blocked, Started, Unblocked};
use serde::Serialize;

use super::error::RelationRejection;
use super::rules::{self, limits};
use super::state::RelationState;

/// Take no bookings of a customer. What was booked before stays. Blocked already, and no other reason is given: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// Whose relation it is.
    pub of: Started,
    /// Why; may be empty.
    pub reason: String,
}

pub(super) fn block(state: &RelationState, command: &Block) -> Result<Vec<RelationEvent>, RelationRejection> {
    let start = rules::it_is_between_them(state, &command.of)?;
    let reason = rules::the_text_is_fit("reason", &command.reason, limits::REASON)?;
    if state.blocked.as_ref().is_some_and(|known| reason.is_empty() || *known == reason) {
        return Ok(Vec::new());
    }
    Ok(start.into_iter().chain([RelationEvent::Blocked(Blocked { reason })]).collect())
}

/// Not blocked: no events.
pub(super) fn unblock(state: &RelationState, of: &Started) -> Result<Vec<RelationEvent>, RelationRejection> {
    rules::it_is_between_them(state, of)?;
    Ok(if state.is_blocked() { vec![RelationEvent::Unblocked(Unblocked {})] } else { Vec::new() })
}
