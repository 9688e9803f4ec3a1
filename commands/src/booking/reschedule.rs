//! Put a booking at another time.

use events::BookingEvent;
use events::booking::{Rescheduled, Slot};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules;
use super::state::BookingState;
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// Put a booking at another time; what it does not need any more is free again. A confirmed one stays confirmed. At this time
/// already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reschedule {
    /// When it is to be from now on.
    pub slot: Slot,
}

pub(super) fn decide(
    state: &BookingState,
    command: &Reschedule,
    context: &Context,
) -> Result<Vec<BookingEvent>, BookingRejection> {
    if rules::the_booking_is_open(state)? == command.slot {
        return Ok(Vec::new());
    }
    let mut errors = FieldErrors::default();
    rules::check_bookable(&mut errors, &command.slot, context.now);
    errors.into_result().map_err(BookingRejection::Invalid)?;
    Ok(vec![BookingEvent::Rescheduled(Rescheduled { slot: command.slot })])
}
