//! Providers' business: their customers, statistics, activity, services and bookings (spec 003). A question is about one provider or
//! about all of the tenant; who may ask which is for the door to settle.

mod activity;
mod bookings;
mod changes;
mod customers;
mod export;
mod filter;
mod plan;
mod services;
mod stats;
#[cfg(test)]
mod ways;

pub use activity::activity;
pub use bookings::{BookingFilter, booking, bookings, of_customer, payments};
pub use changes::{RelationChange, changes};
pub use customers::{count, customers, relation};
pub use export::export;
pub use filter::{RelationField, RelationFilter, RelationOrdering, Whose};
pub use projections::bookings::{
    Activity, ActivityRow, BookingRow, CustomerStatus, PaymentRow, Person, RelationRow, STATUS_RULE, ServiceRow,
};
pub use services::{service, services};
pub use stats::{ProviderStats, stats};
