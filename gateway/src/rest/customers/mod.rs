//! `/api/customers/`: the customers of spec 002, and what stands beside them.

mod bulk;
mod contact;
mod detail;
mod export;
mod history;
mod import;
pub mod input;
mod list;
pub mod objects;
mod points;
mod revert;
mod versions;
mod write;

/// Every group of operations on customers.
pub type CustomersApi = (
    list::ListApi,
    write::WriteApi,
    detail::DetailApi,
    contact::ContactApi,
    points::PointsApi,
    history::HistoryApi,
    revert::RevertApi,
    bulk::BulkApi,
    import::ImportApi,
    export::ExportApi,
);

/// Every group of operations on customers.
#[must_use]
pub fn api() -> CustomersApi {
    (
        list::ListApi,
        write::WriteApi,
        detail::DetailApi,
        contact::ContactApi,
        points::PointsApi,
        history::HistoryApi,
        revert::RevertApi,
        bulk::BulkApi,
        import::ImportApi,
        export::ExportApi,
    )
}
