//! Call a booking off.

use events::BookingEvent;
use events::booking::{Cancelled, CancelledBy, Status};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules::{self, limits};
use super::state::BookingState;
use crate::fields::{FieldErrors, Lines, check_text};

/// Call a booking off; its time is free again. Cancelled already: no events, whatever the reason was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cancel {
    /// Whose wish it is.
    pub by: CancelledBy,
    /// Why; may be empty.
    pub reason: String,
}

pub(super) fn decide(state: &BookingState, command: &Cancel) -> Result<Vec<BookingEvent>, BookingRejection> {
    if state.status == Status::Cancelled {
        return Ok(Vec::new());
    }
    rules::the_booking_is_open(state)?;
    let reason = command.reason.trim();
    let mut errors = FieldErrors::default();
    check_text(&mut errors, "reason", reason, limits::REASON, Lines::Many);
    errors.into_result().map_err(BookingRejection::Invalid)?;
    Ok(vec![BookingEvent::Cancelled(Cancelled { by: command.by, reason: reason.to_owned() })])
}
