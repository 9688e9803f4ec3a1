//! Book a provider's time.

use events::BookingEvent;
use events::booking::{Requested, Slot, Subject};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules;
use super::state::{BookingState, Standing};
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// Book a provider's time. Booked like this already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// What is booked.
    pub subject: Subject,
    /// When it is to be.
    pub slot: Slot,
    /// Whether the provider takes no bookings of the customer, as their relation said just before.
    pub is_blocked: bool,
}

pub(super) fn decide(state: &BookingState, command: &Request, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
    match state.standing {
        Standing::Missing if command.is_blocked => Err(BookingRejection::CustomerBlocked),
        Standing::Missing => {
            let mut errors = FieldErrors::default();
            rules::check_title(&mut errors, &command.subject.title);
            rules::check_bookable(&mut errors, &command.slot, context.now);
            errors.into_result().map_err(BookingRejection::Invalid)?;
            let Request { subject, slot, .. } = command.clone();
            Ok(vec![BookingEvent::Requested(Box::new(Requested { subject, slot }))])
        }
        Standing::Present if state.subject.as_ref() == Some(&command.subject) && state.slot == Some(command.slot) => {
            Ok(Vec::new())
        }
        Standing::Present => Err(BookingRejection::AlreadyExists),
        Standing::Forgotten => Err(BookingRejection::Forgotten),
    }
}
