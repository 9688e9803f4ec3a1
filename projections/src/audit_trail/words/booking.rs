//! The words of bookings. That a customer wrote a review is told, and not what.

use events::booking::{Slot, Status};
use events::subject::Partition;
use events::{Amount, BookingEvent, Event, Recorded, StreamKind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::moment;
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::{rfc3339, storable};

/// Bookings.
pub struct Bookings;

/// A booking.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    provider: String,
    customer: String,
    title: String,
    amount: Amount,
    slot: Option<Slot>,
    status: Status,
    paid: Amount,
    /// 0: none yet.
    rating: u8,
    is_forgotten: bool,
}

impl Wording for Bookings {
    const KIND: StreamKind = StreamKind::Booking;
    const ACTIVITIES: &'static [Activity] = &[
        activity("booking.requested", "requested", Action::Create),
        activity("booking.imported", "imported", Action::Create),
        activity("booking.confirmed", "confirmed", Action::Update),
        activity("booking.rescheduled", "rescheduled", Action::Update),
        activity("booking.completed", "completed", Action::Update),
        activity("booking.cancelled", "cancelled", Action::Update),
        activity("booking.no_show", "no_show", Action::Update),
        activity("booking.payment_recorded", "payment_recorded", Action::Update),
        activity("booking.reviewed", "reviewed", Action::Update),
        activity("booking.forgotten", "forgotten", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[
        field("provider", "Provider", Shown::Text),
        field("customer", "Customer", Shown::Text),
        field("title", "Service", Shown::Text),
        field("amount", "Amount", Shown::Money),
        field("starts_at", "Start", Shown::Moment),
        field("ends_at", "End", Shown::Moment),
        field("status", "Status", Shown::Word),
        field("paid", "Paid", Shown::Money),
        field("rating", "Rating", Shown::Number),
    ];
    type Event = BookingEvent;
    type Row = Booking;

    fn event(event: &Event) -> Option<&BookingEvent> {
        if let Event::Booking(event) = event { Some(event) } else { None }
    }

    /// Where the beginning of a stream was erased, there is nothing to say until the tombstone comes.
    fn fold(_: Partition, row: Option<Booking>, _: &Recorded, event: &BookingEvent) -> Result<Option<Booking>, ApplyError> {
        let row = match (row, event) {
            (Some(row), _) => row,
            (None, BookingEvent::Requested(_) | BookingEvent::Imported(_) | BookingEvent::Forgotten(_)) => Booking::default(),
            (None, _) => return Ok(None),
        };
        Ok(Some(after(row, event)))
    }

    fn values(row: &Booking) -> Vec<Json> {
        vec![
            row.provider.as_str().into(),
            row.customer.as_str().into(),
            row.title.as_str().into(),
            row.amount.to_string().into(),
            row.slot.map(|slot| rfc3339(slot.starts_at)).into(),
            row.slot.map(|slot| rfc3339(slot.ends_at)).into(),
            row.status.name().into(),
            row.paid.to_string().into(),
            row.rating.into(),
        ]
    }

    fn name(row: &Booking) -> String {
        if row.is_forgotten { "Forgotten booking".to_owned() } else { row.title.clone() }
    }

    fn is_erased(row: &Booking) -> bool {
        row.is_forgotten
    }

    fn sentence(event: &BookingEvent, _row: &Booking, _changes: &[&'static str]) -> String {
        match event {
            BookingEvent::Requested(data) => format!("Booked {} for {}", data.subject.title, moment(data.slot.starts_at)),
            BookingEvent::Imported(data) => format!("Imported the booking of {}", data.subject.title),
            BookingEvent::Confirmed(_) => "Confirmed the booking".to_owned(),
            BookingEvent::Rescheduled(data) => format!("Moved the booking to {}", moment(data.slot.starts_at)),
            BookingEvent::Completed(_) => "Completed the booking".to_owned(),
            BookingEvent::Cancelled(data) => format!("The {} cancelled the booking", data.by.name()),
            BookingEvent::NoShow(_) => "The customer did not come".to_owned(),
            BookingEvent::PaymentRecorded(data) => format!("Recorded a payment of {}", data.amount),
            BookingEvent::Reviewed(data) => format!("The customer rated the service with {} of 5", data.rating),
            BookingEvent::Forgotten(_) => "Forgot the booking: everything recorded before is erased".to_owned(),
        }
    }
}

fn after(row: Booking, event: &BookingEvent) -> Booking {
    let begun = |subject: &events::booking::Subject, slot, status| Booking {
        provider: subject.provider.to_string(),
        customer: subject.customer.to_string(),
        title: storable(&subject.title),
        amount: subject.amount,
        slot: Some(slot),
        status,
        ..Booking::default()
    };
    match event {
        BookingEvent::Requested(data) => begun(&data.subject, data.slot, Status::Requested),
        BookingEvent::Imported(data) => begun(&data.subject, data.slot, data.status),
        BookingEvent::Confirmed(_) => Booking { status: Status::Confirmed, ..row },
        BookingEvent::Rescheduled(data) => Booking { slot: Some(data.slot), ..row },
        BookingEvent::Completed(_) => Booking { status: Status::Completed, ..row },
        BookingEvent::Cancelled(_) => Booking { status: Status::Cancelled, ..row },
        BookingEvent::NoShow(_) => Booking { status: Status::NoShow, ..row },
        BookingEvent::PaymentRecorded(data) => Booking { paid: row.paid.checked_add(data.amount).unwrap_or(Amount::MAX), ..row },
        BookingEvent::Reviewed(data) => Booking { rating: data.rating, ..row },
        BookingEvent::Forgotten(_) => Booking { is_forgotten: true, ..Booking::default() },
    }
}
