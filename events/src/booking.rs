//! What happens to a booking: a customer books a provider's time for a service, and what comes of it (spec 003, "Database
//! Relationships").

mod values;

use chrono::serde::ts_microseconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::define::define_events;
use crate::ids::{CustomerId, ServiceId, UserId};

pub use values::{CELL_MINUTES, CancelledBy, PaymentMethod, Slot, Status};

define_events! {
    /// The events of a booking.
    BookingEvent {
        /// The customer wants the provider's time; nobody else can have it from now on.
        Requested(Box<Requested>) = "booking.requested" v 1,
        /// It was taken over from another system, with a past.
        Imported(Box<Imported>) = "booking.imported" v 1,
        /// The provider agreed.
        Confirmed(Confirmed) = "booking.confirmed" v 1,
        /// It is at another time.
        Rescheduled(Rescheduled) = "booking.rescheduled" v 1,
        /// The service was given.
        Completed(Completed) = "booking.completed" v 1,
        /// It will not be, and the time is free again.
        Cancelled(Cancelled) = "booking.cancelled" v 1,
        /// The customer did not come, and the time is free again.
        NoShow(NoShow) = "booking.no_show" v 1,
        /// The customer paid all of it, or a part.
        PaymentRecorded(PaymentRecorded) = "booking.payment_recorded" v 1,
        /// The customer said how good the service was.
        Reviewed(Reviewed) = "booking.reviewed" v 1,
        /// The customer asked to be forgotten: all earlier events of the stream are erased.
        Forgotten(Forgotten) = "booking.forgotten" v 1,
    }
}

/// What is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Whose time it is: a user.
    pub provider: UserId,
    /// Who booked it.
    pub customer: CustomerId,
    /// What for.
    pub service: ServiceId,
    /// The title of the service at the time of booking.
    pub title: String,
    /// What it costs, in the tenant's currency.
    pub amount: Amount,
}

/// The customer wants the provider's time; nobody else can have it from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// What is booked.
    pub subject: Subject,
    /// When it is to be.
    pub slot: Slot,
}

/// It was taken over from another system, with a past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// What the other system calls it.
    pub reference: String,
    /// What is booked.
    pub subject: Subject,
    /// When it is, or was, to be.
    pub slot: Slot,
    /// What has come of it.
    pub status: Status,
    /// When it was booked.
    #[serde(with = "ts_microseconds")]
    pub booked_at: DateTime<Utc>,
}

/// The provider agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {}

/// It is at another time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rescheduled {
    /// When it is to be from now on.
    pub slot: Slot,
}

/// The service was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completed {}

/// It will not be, and the time is free again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Whose wish it was.
    pub by: CancelledBy,
    /// Why; may be empty.
    pub reason: String,
}

/// The customer did not come, and the time is free again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoShow {}

/// The customer paid all of it, or a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentRecorded {
    /// How much, in the tenant's currency.
    pub amount: Amount,
    /// How.
    pub method: PaymentMethod,
    /// What the payment is called where it was made; may be empty.
    pub reference: String,
    /// When it was paid.
    #[serde(with = "ts_microseconds")]
    pub paid_at: DateTime<Utc>,
}

/// The customer said how good the service was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reviewed {
    /// From 1, bad, to 5, good.
    pub rating: u8,
    /// In their own words; may be empty.
    pub text: String,
    /// When they said it.
    #[serde(with = "ts_microseconds")]
    pub reviewed_at: DateTime<Utc>,
}

/// The customer asked to be forgotten: all earlier events of the stream are erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Whose time it was: a user.
    pub provider: UserId,
    /// Who had booked it, and of whom nothing else is known any more.
    pub customer: CustomerId,
}
