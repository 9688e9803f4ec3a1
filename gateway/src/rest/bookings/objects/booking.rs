//! Bookings, reviews and payments as JSON.

use commands::BookingState;
use events::booking::Reviewed;
use poem_openapi::Object;
use query_api::providers::{BookingRow, PaymentRow};

use crate::rest::moment::Moment;

/// A review.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Review")]
pub struct ReviewObject {
    /// From 1, bad, to 5, good.
    rating: u8,
    /// In the customer's own words; may be empty.
    text: String,
    /// When they said it.
    reviewed_at: Moment,
}

impl From<Reviewed> for ReviewObject {
    fn from(review: Reviewed) -> Self {
        Self { rating: review.rating, text: review.text, reviewed_at: review.reviewed_at.into() }
    }
}

/// A booking.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Booking")]
pub struct BookingObject {
    /// Names the booking; an opaque text.
    id: String,
    /// Names the provider.
    provider: String,
    /// Names the customer.
    customer: String,
    /// Names the service.
    service: String,
    /// The title of the service at the time of booking.
    title: String,
    /// What it costs, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]+\.[0-9]{2}$"))]
    amount: String,
    /// What was paid so far.
    #[oai(validator(pattern = r"^[0-9]+\.[0-9]{2}$"))]
    paid: String,
    /// When it starts.
    starts_at: Moment,
    /// When it ends.
    ends_at: Moment,
    /// `requested`, `confirmed`, `completed`, `cancelled` or `no_show`.
    status: String,
    /// On whose wish it was cancelled: `customer` or `provider`; `null`: it was not.
    #[oai(nullable)]
    cancelled_by: Option<String>,
    /// Why it was cancelled; empty when not said.
    cancel_reason: String,
    /// What the customer said; `null`: nothing yet.
    #[oai(nullable)]
    review: Option<ReviewObject>,
    /// What another system calls it; empty where it was not taken over from one.
    reference: String,
    /// When it was booked.
    booked_at: Moment,
    /// When anything last changed.
    updated_at: Moment,
}

impl From<BookingRow> for BookingObject {
    fn from(row: BookingRow) -> Self {
        let by = row.cancelled.as_ref().map(|cancelled| cancelled.by.name().to_owned());
        Self {
            id: row.id.into(),
            provider: row.subject.provider.into(),
            customer: row.subject.customer.into(),
            service: row.subject.service.into(),
            title: row.subject.title,
            amount: row.subject.amount.to_string(),
            paid: row.paid.to_string(),
            starts_at: row.slot.starts_at.into(),
            ends_at: row.slot.ends_at.into(),
            status: row.status.name().to_owned(),
            cancelled_by: by,
            cancel_reason: row.cancelled.map(|cancelled| cancelled.reason).unwrap_or_default(),
            review: row.review.map(ReviewObject::from),
            reference: row.reference,
            booked_at: row.booked_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl BookingObject {
    /// A booking as a command left it; `None`: it is not there (any more).
    #[must_use]
    pub fn of_state(id: &str, state: &BookingState) -> Option<Self> {
        let (subject, slot) = (state.subject.clone()?, state.slot?);
        let cancelled = state.cancelled.clone();
        Some(Self {
            id: id.to_owned(),
            provider: subject.provider.into(),
            customer: subject.customer.into(),
            service: subject.service.into(),
            title: subject.title,
            amount: subject.amount.to_string(),
            paid: state.paid.to_string(),
            starts_at: slot.starts_at.into(),
            ends_at: slot.ends_at.into(),
            status: state.status.name().to_owned(),
            cancelled_by: cancelled.as_ref().map(|cancelled| cancelled.by.name().to_owned()),
            cancel_reason: cancelled.map(|cancelled| cancelled.reason).unwrap_or_default(),
            review: state.review.clone().map(ReviewObject::from),
            reference: state.reference.clone().unwrap_or_default(),
            booked_at: state.booked_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        })
    }
}

/// A payment.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Payment")]
pub struct PaymentObject {
    /// How much, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]+\.[0-9]{2}$"))]
    amount: String,
    /// How.
    method: String,
    /// What the payment is called where it was made; may be empty.
    reference: String,
    /// When it was paid.
    paid_at: Moment,
}

impl From<PaymentRow> for PaymentObject {
    fn from(row: PaymentRow) -> Self {
        Self {
            amount: row.payment.amount.to_string(),
            method: row.payment.method.name().to_owned(),
            reference: row.payment.reference,
            paid_at: row.payment.paid_at.into(),
        }
    }
}
