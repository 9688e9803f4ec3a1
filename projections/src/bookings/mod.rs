//! Providers' business: services, bookings, payments, reviews and activity, and what is between each provider and customer, now and
//! at every moment (spec 003).
//!
//! One projection, since a relation is the sum of its bookings: both are written in one transaction, and neither is kept twice.

mod activity;
mod booking;
pub mod counts;
mod fold;
mod history;
mod person;
mod relation;
mod save;
mod service;
mod status;
mod store;
mod stored;
mod table;

use events::{Event, StreamKind};
use futures_util::future::BoxFuture;

pub use activity::{Activity, ActivityRow};
pub use booking::{BookingRow, PaymentRow};
pub use person::Person;
pub use relation::RelationRow;
pub use service::ServiceRow;
pub use status::{CustomerStatus, STATUS_RULE};
pub use stored::{
    ACTIVITY_SELECTED, BOOKING_SELECTED, PAYMENT_SELECTED, RELATION_SELECTED, SERVICE_SELECTED, StoredActivity, StoredBooking,
    StoredPayment, StoredRelation, StoredService,
};

use crate::customer::says_who;
use crate::db::{Backend, TextIndex, Texts, Tx};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, shape};

/// The name of the projection.
pub const NAME: &str = "bookings";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct Bookings;

impl Projection for Bookings {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        4
    }

    fn pace(&self) -> Pace {
        Pace::Trailing
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("bookings")
    }

    fn tables(&self) -> &'static [Table] {
        table::TABLES
    }

    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        const { &[TextIndex::Search.texts()] }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Customer, StreamKind::Service, StreamKind::Booking, StreamKind::Relation]
    }

    fn wants(&self, event: &Event) -> bool {
        if let Event::Customer(event) = event { says_who(event) } else { true }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let facts = fold::facts(&batch)?;
            let mut books = store::load(tx, &facts).await?;
            for fact in &facts {
                books.apply(batch.partition, fact)?;
            }
            Ok(save::save(tx, books).await?)
        })
    }
}
