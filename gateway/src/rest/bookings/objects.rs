//! Providers' business as JSON.

mod booking;
mod relation;
mod service;

use events::Amount;

pub use booking::{BookingObject, PaymentObject};
pub use relation::RelationObject;
pub use service::ServiceObject;

/// An amount in the currency's units. A float, since the document says so, and only where nothing is reckoned with it any more.
#[expect(clippy::cast_precision_loss, reason = "amounts have 12 digits; an f64 holds them to the cent")]
pub fn float(amount: Amount) -> f64 {
    amount.minor() as f64 / 100.0
}

/// So many of so many parts, as a float.
#[expect(clippy::cast_precision_loss, reason = "averages and shares are small")]
pub fn part(number: u64, of: u64) -> f64 {
    number as f64 / of as f64
}
