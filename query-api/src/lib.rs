//! What may be asked: filters, pages, statistics, the ledger, the audit trail, and who works for whom. Reads only.
//!
//! Every question about a tenant's data starts from a [`Scope`], and there is no way to ask one without it.

pub mod audit_trail;
pub mod contacts;
pub mod customers;
pub mod desk;
pub mod directory;
mod error;
pub mod field_history;
mod page;
pub mod providers;
mod scope;
pub mod timeline;

pub use error::QueryError;
pub use page::{Page, PageRequest, PageRequestError};
pub use scope::Scope;
