//! Samples that the tests of services, bookings and relations share.

use chrono::{DateTime, TimeDelta, Utc};
use commands::booking::{Cancel, RecordPayment, Request, Reschedule};
use commands::testing::noon;
use commands::{BookingCommand, BookingRejection, FieldErrors};
use events::booking::{
    Cancelled, CancelledBy, Completed, Confirmed, NoShow, PaymentMethod, PaymentRecorded, Requested, Rescheduled, Slot, Subject,
};
use events::{BookingEvent, UserId};

use super::sample::amount;

pub const CONFIRMED: BookingEvent = BookingEvent::Confirmed(Confirmed {});
pub const COMPLETED: BookingEvent = BookingEvent::Completed(Completed {});
pub const NO_SHOW: BookingEvent = BookingEvent::NoShow(NoShow {});

pub fn provider() -> UserId {
    "provider-1".parse().unwrap()
}

pub fn subject() -> Subject {
    Subject {
        provider: provider(),
        customer: "customer-1".parse().unwrap(),
        service: "service-1".parse().unwrap(),
        title: "Massage".into(),
        amount: amount("100"),
    }
}

/// So many minutes after noon, for so many minutes.
pub fn slot(after: i64, minutes: u32) -> Slot {
    Slot::lasting(at(after), minutes).unwrap()
}

pub fn at(after: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(after)
}

pub fn request(slot: Slot) -> BookingCommand {
    BookingCommand::Request(Request { subject: subject(), slot, is_blocked: false })
}

pub fn requested(slot: Slot) -> BookingEvent {
    BookingEvent::Requested(Box::new(Requested { subject: subject(), slot }))
}

pub fn reschedule(slot: Slot) -> BookingCommand {
    BookingCommand::Reschedule(Reschedule { slot })
}

pub fn rescheduled(slot: Slot) -> BookingEvent {
    BookingEvent::Rescheduled(Rescheduled { slot })
}

pub fn cancel() -> BookingCommand {
    BookingCommand::Cancel(Cancel { by: CancelledBy::Customer, reason: " ill ".into() })
}

pub fn cancelled() -> BookingEvent {
    BookingEvent::Cancelled(Cancelled { by: CancelledBy::Customer, reason: "ill".into() })
}

pub fn pay(sum: &str) -> BookingCommand {
    let (amount, method, reference) = (amount(sum), PaymentMethod::Cash, " P-1 ".into());
    BookingCommand::RecordPayment(RecordPayment { amount, method, reference, paid_at: None })
}

pub fn paid(sum: &str) -> BookingEvent {
    let (amount, method, reference) = (amount(sum), PaymentMethod::Cash, "P-1".into());
    BookingEvent::PaymentRecorded(PaymentRecorded { amount, method, reference, paid_at: noon() })
}

pub fn unfit(fields: &[(&'static str, &str)]) -> BookingRejection {
    let mut errors = FieldErrors::default();
    fields.iter().for_each(|(field, sentence)| errors.add(field, *sentence));
    BookingRejection::Invalid(errors)
}
