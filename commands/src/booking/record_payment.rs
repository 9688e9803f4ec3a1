//! Note that a customer paid.

use chrono::{DateTime, Utc};
use events::booking::{PaymentMethod, PaymentRecorded, Status};
use events::{Amount, BookingEvent};
use serde::Serialize;

use super::error::BookingRejection;
use super::rules;
use super::state::BookingState;
use crate::aggregate::{Context, to_micros};
use crate::fields::FieldErrors;

/// Note that a customer paid all of a booking, or a part. Each is a payment of its own, so a repeat is a second one, until the whole
/// amount is paid: a request that may be repeated carries an idempotency key. A customer who did not come may pay; what was
/// cancelled costs nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordPayment {
    /// How much.
    pub amount: Amount,
    /// How.
    pub method: PaymentMethod,
    /// What the payment is called where it was made; may be empty.
    pub reference: String,
    /// When it was paid; `None`: now.
    pub paid_at: Option<DateTime<Utc>>,
}

pub(super) fn decide(
    state: &BookingState,
    command: &RecordPayment,
    context: &Context,
) -> Result<Vec<BookingEvent>, BookingRejection> {
    let (subject, _) = rules::the_booking_is_present(state)?;
    if state.status == Status::Cancelled {
        return Err(BookingRejection::Over { status: state.status });
    }
    let (reference, paid_at) = (command.reference.trim().to_owned(), to_micros(command.paid_at.unwrap_or(context.now)));
    let mut errors = FieldErrors::default();
    rules::check_payment(&mut errors, command.amount, &reference);
    rules::check_past(&mut errors, "paid_at", paid_at, context.now);
    errors.into_result().map_err(BookingRejection::Invalid)?;
    rules::it_is_not_overpaid(subject.amount, state.paid, command.amount)?;
    let RecordPayment { amount, method, .. } = *command;
    Ok(vec![BookingEvent::PaymentRecorded(PaymentRecorded { amount, method, reference, paid_at })])
}
