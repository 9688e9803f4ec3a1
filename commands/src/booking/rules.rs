//! What must hold for a booking, one function per sentence.

use chrono::{DateTime, TimeDelta, Utc};
use events::Amount;
use events::booking::{CELL_MINUTES, Slot, Status, Subject};

use super::error::BookingRejection;
use super::state::{BookingState, Standing};
use crate::fields::{FieldErrors, Lines, check_text};

/// The limits, in characters where they are about texts.
pub mod limits {
    /// The title of the service.
    pub const TITLE: usize = 200;
    /// Why it was cancelled.
    pub const REASON: usize = 500;
    /// What a payment or a booking is called elsewhere.
    pub const REFERENCE: usize = 100;
    /// What a customer says about a service.
    pub const REVIEW: usize = 2_000;
    /// The best rating; the worst is 1.
    pub const RATING: u8 = 5;
    /// The longest booking, in minutes: a day.
    pub const MINUTES: i64 = 24 * 60;
    /// The cells of the longest booking.
    pub const CELLS: usize = 288;
    /// How far ahead can be booked, in days.
    pub const DAYS_AHEAD: i64 = 2 * 366;
}

/// The booking must be there. Gives what is booked, and when.
pub(super) fn the_booking_is_present(state: &BookingState) -> Result<(&Subject, Slot), BookingRejection> {
    match (state.standing, &state.subject, state.slot) {
        (Standing::Present, Some(subject), Some(slot)) => Ok((subject, slot)),
        (Standing::Forgotten, _, _) => Err(BookingRejection::Forgotten),
        (Standing::Missing | Standing::Present, _, _) => Err(BookingRejection::NotFound),
    }
}

/// The booking must be still to come about: requested or confirmed. Gives its time.
pub(super) fn the_booking_is_open(state: &BookingState) -> Result<Slot, BookingRejection> {
    let (_, slot) = the_booking_is_present(state)?;
    if state.status.is_open() { Ok(slot) } else { Err(BookingRejection::Over { status: state.status }) }
}

/// The provider must have agreed, and the time must have come.
pub(super) fn the_booking_is_due(state: &BookingState, now: DateTime<Utc>) -> Result<(), BookingRejection> {
    let slot = the_booking_is_open(state)?;
    if state.status == Status::Requested {
        return Err(BookingRejection::NotConfirmed);
    }
    if now < slot.starts_at { Err(BookingRejection::NotStarted) } else { Ok(()) }
}

/// What is paid in all is at most what the booking costs.
pub(super) fn it_is_not_overpaid(cost: Amount, paid: Amount, more: Amount) -> Result<(), BookingRejection> {
    if paid.checked_add(more).is_some_and(|sum| sum <= cost) {
        return Ok(());
    }
    let left = Amount::from_minor(cost.minor().saturating_sub(paid.minor())).unwrap_or_default();
    Err(BookingRejection::Overpaid { left })
}

/// A time ends after it starts, and lasts a day at most.
pub(super) fn check_length(errors: &mut FieldErrors, slot: &Slot) {
    if slot.duration() <= TimeDelta::zero() {
        errors.add("ends_at", "Must be after the start");
    } else if slot.duration() > TimeDelta::minutes(limits::MINUTES) {
        errors.add("ends_at", "Must be at most 24 hours after the start");
    }
}

/// A time that can be booked starts and ends at a full cell, is not over, and is not too far ahead.
pub(super) fn check_bookable(errors: &mut FieldErrors, slot: &Slot, now: DateTime<Utc>) {
    check_length(errors, slot);
    if !slot.fits_cells() {
        errors.add("starts_at", format!("Start and end must be at a full {CELL_MINUTES} minutes"));
    }
    if slot.ends_at <= now {
        errors.add("starts_at", "This time is over");
    }
    if slot.starts_at - now > TimeDelta::days(limits::DAYS_AHEAD) {
        errors.add("starts_at", format!("Must be at most {} days ahead", limits::DAYS_AHEAD));
    }
}

/// A title is there, on one line, and not too long.
pub(super) fn check_title(errors: &mut FieldErrors, title: &str) {
    if title.is_empty() {
        errors.add("title", "Title is required");
    }
    check_text(errors, "title", title, limits::TITLE, Lines::One);
}

/// A rating is from 1 to 5, and what is said with it not too long.
pub(super) fn check_review(errors: &mut FieldErrors, rating: u8, text: &str) {
    if !(1..=limits::RATING).contains(&rating) {
        errors.add("rating", format!("Ensure this value is from 1 to {}", limits::RATING));
    }
    check_text(errors, "text", text, limits::REVIEW, Lines::Many);
}

/// Something is paid.
pub(super) fn check_payment(errors: &mut FieldErrors, amount: Amount, reference: &str) {
    if amount == Amount::ZERO {
        errors.add("amount", "Ensure this value is greater than 0");
    }
    check_text(errors, "reference", reference, limits::REFERENCE, Lines::One);
}

/// What is said to have happened is not still to come; clocks differ by a little.
pub(super) fn check_past(errors: &mut FieldErrors, field: &'static str, time: DateTime<Utc>, now: DateTime<Utc>) {
    if time - now > TimeDelta::seconds(crate::customer::ORDER_TIME_TOLERANCE_SECONDS) {
        errors.add(field, "Must not be in the future");
    }
}
