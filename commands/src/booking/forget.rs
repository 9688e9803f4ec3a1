//! Forget a booking, with the customer.

use events::BookingEvent;
use events::booking::Forgotten;

use super::error::BookingRejection;
use super::rules;
use super::state::{BookingState, Standing};

/// All earlier events of the stream are erased once this is recorded; time that it still holds is free. Already forgotten: no
/// events.
pub(super) fn decide(state: &BookingState) -> Result<Vec<BookingEvent>, BookingRejection> {
    if state.standing == Standing::Forgotten {
        return Ok(Vec::new());
    }
    let (subject, _) = rules::the_booking_is_present(state)?;
    let (provider, customer) = (subject.provider.clone(), subject.customer.clone());
    Ok(vec![BookingEvent::Forgotten(Forgotten { provider, customer })])
}
