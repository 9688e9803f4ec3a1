//! Take a booking over from another system, with a past.

use chrono::{DateTime, Utc};
use events::BookingEvent;
use events::booking::{Imported, PaymentRecorded, Reviewed, Slot, Status, Subject};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules::{self, limits};
use super::state::{BookingState, Standing};
use crate::aggregate::Context;
use crate::fields::{FieldErrors, Lines, check_text};

/// Take a booking over from another system, with a past. What is still to come about takes the provider's time as a request does;
/// what is over takes none, and may have been at any minute. Taken over already: no events, whatever has come of it since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// What the other system calls it.
    pub reference: String,
    /// What is booked.
    pub subject: Subject,
    /// When it is, or was, to be.
    pub slot: Slot,
    /// What has come of it.
    pub status: Status,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
    /// What was paid, where anything was.
    pub payment: Option<PaymentRecorded>,
    /// What the customer said, where they did.
    pub review: Option<Reviewed>,
}

pub(super) fn decide(state: &BookingState, command: &Import, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
    match state.standing {
        Standing::Missing => {}
        Standing::Present if state.reference.as_ref() == Some(&command.reference) => return Ok(Vec::new()),
        Standing::Present => return Err(BookingRejection::AlreadyExists),
        Standing::Forgotten => return Err(BookingRejection::Forgotten),
    }
    check(command, context.now)?;
    let Import { reference, subject, slot, status, booked_at, payment, review } = command.clone();
    let imported = Imported { reference, subject, slot, status, booked_at };
    let events = [
        Some(BookingEvent::Imported(Box::new(imported))),
        payment.map(BookingEvent::PaymentRecorded),
        review.map(BookingEvent::Reviewed),
    ];
    Ok(events.into_iter().flatten().collect())
}

fn check(command: &Import, now: DateTime<Utc>) -> Result<(), BookingRejection> {
    let mut errors = FieldErrors::default();
    check_text(&mut errors, "reference", &command.reference, limits::REFERENCE, Lines::One);
    rules::check_title(&mut errors, &command.subject.title);
    rules::check_past(&mut errors, "booked_at", command.booked_at, now);
    if command.status.is_open() {
        rules::check_bookable(&mut errors, &command.slot, now);
    } else {
        rules::check_length(&mut errors, &command.slot);
    }
    if let Some(payment) = &command.payment {
        rules::check_payment(&mut errors, payment.amount, &payment.reference);
        rules::check_past(&mut errors, "paid_at", payment.paid_at, now);
    }
    if let Some(review) = &command.review {
        rules::check_review(&mut errors, review.rating, &review.text);
        rules::check_past(&mut errors, "reviewed_at", review.reviewed_at, now);
    }
    errors.into_result().map_err(BookingRejection::Invalid)?;
    if command.review.is_some() && command.status != Status::Completed {
        return Err(BookingRejection::NotCompleted);
    }
    let paid = command.payment.as_ref().map(|payment| payment.amount).unwrap_or_default();
    rules::it_is_not_overpaid(command.subject.amount, events::Amount::ZERO, paid)
}
