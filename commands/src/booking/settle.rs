//! Agree to a booking, and note what came of it.

use events::BookingEvent;
use events::booking::{Completed, Confirmed, NoShow, Status};

use super::error::BookingRejection;
use super::rules;
use super::state::BookingState;
use crate::aggregate::Context;

/// The provider agrees. Confirmed already: no events.
pub(super) fn confirm(state: &BookingState) -> Result<Vec<BookingEvent>, BookingRejection> {
    rules::the_booking_is_open(state)?;
    Ok(if state.status == Status::Confirmed { Vec::new() } else { vec![BookingEvent::Confirmed(Confirmed {})] })
}

/// The service was given, and may still be going on. Completed already: no events.
pub(super) fn complete(state: &BookingState, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
    if state.status == Status::Completed {
        return Ok(Vec::new());
    }
    rules::the_booking_is_due(state, context.now)?;
    Ok(vec![BookingEvent::Completed(Completed {})])
}

/// The customer did not come; what is left of the time is free again. Noted already: no events.
pub(super) fn no_show(state: &BookingState, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
    if state.status == Status::NoShow {
        return Ok(Vec::new());
    }
    rules::the_booking_is_due(state, context.now)?;
    Ok(vec![BookingEvent::NoShow(NoShow {})])
}
