//! Say how good a service was.

use events::BookingEvent;
use events::booking::{Reviewed, Status};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules;
use super::state::BookingState;
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// Say how good a service was, once. The same once more: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// From 1, bad, to 5, good.
    pub rating: u8,
    /// In the customer's own words; may be empty.
    pub text: String,
}

pub(super) fn decide(state: &BookingState, command: &Review, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
    rules::the_booking_is_present(state)?;
    let text = command.text.trim();
    let mut errors = FieldErrors::default();
    rules::check_review(&mut errors, command.rating, text);
    errors.into_result().map_err(BookingRejection::Invalid)?;
    match &state.review {
        Some(review) if (review.rating, review.text.as_str()) == (command.rating, text) => return Ok(Vec::new()),
        Some(_) => return Err(BookingRejection::AlreadyReviewed),
        None => {}
    }
    if state.status != Status::Completed {
        return Err(BookingRejection::NotCompleted);
    }
    let (rating, text) = (command.rating, text.to_owned());
    Ok(vec![BookingEvent::Reviewed(Reviewed { rating, text, reviewed_at: context.now })])
}
