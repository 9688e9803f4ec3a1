//! `/api/bookings/`: providers' business (spec 003). The dashboard of their customers, and services, bookings, payments and reviews.

mod activity;
mod book;
mod customers;
mod export;
mod forget;
mod forms;
mod input;
mod money;
mod objects;
mod relation;
mod services;
mod stats;
mod steps;
mod whose;

pub use forget::forget_trade;
pub use forms::asked;
pub use objects::RelationObject;

/// Every group of operations on providers' business.
pub type BookingsApi = (
    customers::CustomersApi,
    relation::RelationApi,
    stats::StatsApi,
    activity::ActivityApi,
    export::ExportApi,
    services::ServicesApi,
    book::BookingsApi,
    steps::StepsApi,
    money::MoneyApi,
);

/// Every group of operations on providers' business.
#[must_use]
pub fn api() -> BookingsApi {
    (
        customers::CustomersApi,
        relation::RelationApi,
        stats::StatsApi,
        activity::ActivityApi,
        export::ExportApi,
        services::ServicesApi,
        book::BookingsApi,
        steps::StepsApi,
        money::MoneyApi,
    )
}
