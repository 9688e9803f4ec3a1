//! A booking as it is listed, and a payment.

use chrono::{DateTime, Utc};
use events::booking::{Cancelled, PaymentRecorded, Reviewed, Slot, Status, Subject};
use events::{Amount, BookingEvent, BookingId, Recorded, StreamVersion, TenantId};

use crate::customer_history::Moment;
use crate::projection::ApplyError;
use crate::value::storable;

/// A booking.
#[derive(Debug, Clone, PartialEq)]
pub struct BookingRow {
    /// The number of the row: the moment of the first commit.
    pub no: i64,
    /// Whose it is.
    pub tenant: TenantId,
    /// The booking.
    pub id: BookingId,
    /// The number of the row of its relation.
    pub relation_no: i64,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// What is booked.
    pub subject: Subject,
    /// When it is, or was, to be.
    pub slot: Slot,
    /// What has come of it.
    pub status: Status,
    /// What was paid so far.
    pub paid: Amount,
    /// What the customer said.
    pub review: Option<Reviewed>,
    /// On whose wish it was cancelled, and why.
    pub cancelled: Option<Cancelled>,
    /// What another system calls it; empty where it was not taken over from one.
    pub reference: String,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
    /// When anything last changed.
    pub updated_at: DateTime<Utc>,
}

/// A payment.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentRow {
    /// The moment of its commit.
    pub at: Moment,
    /// Its place in the commit, from 0.
    pub index: u32,
    /// The number of the row of its relation.
    pub relation_no: i64,
    /// The number of the row of its booking.
    pub booking_no: i64,
    /// How much, how, and when.
    pub payment: PaymentRecorded,
}

/// A booking that has just come in.
///
/// # Errors
/// When its stream names no booking.
pub fn begun(at: Moment, relation_no: i64, recorded: &Recorded, begin: Begin<'_>) -> Result<BookingRow, ApplyError> {
    let (envelope, Begin { subject, slot, status, reference, booked_at }) = (&recorded.envelope, begin);
    Ok(BookingRow {
        no: at.0,
        tenant: envelope.stream.tenant.clone(),
        id: envelope.stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no booking"))?,
        relation_no,
        version: recorded.version,
        subject: Subject { title: storable(&subject.title), ..subject.clone() },
        slot,
        status,
        paid: Amount::ZERO,
        review: None,
        cancelled: None,
        reference: storable(reference),
        booked_at,
        updated_at: envelope.recorded_at,
    })
}

/// What a booking begins with.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// What is booked.
    pub subject: &'a Subject,
    slot: Slot,
    /// What has come of it.
    pub status: Status,
    reference: &'a str,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
}

/// What an event begins, where it does.
pub fn beginning<'a>(recorded: &Recorded, event: &'a BookingEvent) -> Option<Begin<'a>> {
    match event {
        BookingEvent::Requested(data) => Some(Begin {
            subject: &data.subject,
            slot: data.slot,
            status: Status::Requested,
            reference: "",
            booked_at: recorded.envelope.recorded_at,
        }),
        BookingEvent::Imported(data) => Some(Begin {
            subject: &data.subject,
            slot: data.slot,
            status: data.status,
            reference: &data.reference,
            booked_at: data.booked_at,
        }),
        BookingEvent::Confirmed(_)
        | BookingEvent::Rescheduled(_)
        | BookingEvent::Completed(_)
        | BookingEvent::Cancelled(_)
        | BookingEvent::NoShow(_)
        | BookingEvent::PaymentRecorded(_)
        | BookingEvent::Reviewed(_)
        | BookingEvent::Forgotten(_) => None,
    }
}

/// The booking after an event that is neither its first nor its last.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn evolve(row: BookingRow, recorded: &Recorded, event: &BookingEvent) -> Result<BookingRow, ApplyError> {
    if recorded.version != row.version + 1 {
        let reason = format!("version {} follows version {}", recorded.version, row.version);
        return Err(ApplyError::event(recorded, reason));
    }
    let row = BookingRow { version: recorded.version, updated_at: recorded.envelope.recorded_at, ..row };
    Ok(match event {
        BookingEvent::Confirmed(_) => BookingRow { status: Status::Confirmed, ..row },
        BookingEvent::Rescheduled(data) => BookingRow { slot: data.slot, ..row },
        BookingEvent::Completed(_) => BookingRow { status: Status::Completed, ..row },
        BookingEvent::Cancelled(data) => {
            let cancelled = Cancelled { by: data.by, reason: storable(&data.reason) };
            BookingRow { status: Status::Cancelled, cancelled: Some(cancelled), ..row }
        }
        BookingEvent::NoShow(_) => BookingRow { status: Status::NoShow, ..row },
        BookingEvent::PaymentRecorded(data) => {
            BookingRow { paid: row.paid.checked_add(data.amount).unwrap_or(Amount::MAX), ..row }
        }
        BookingEvent::Reviewed(data) => {
            let review = Reviewed { text: storable(&data.text), ..data.clone() };
            BookingRow { review: Some(review), ..row }
        }
        BookingEvent::Requested(_) | BookingEvent::Imported(_) | BookingEvent::Forgotten(_) => row,
    })
}
