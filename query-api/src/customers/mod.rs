//! Questions about a tenant's customers.

pub mod as_of;
mod count;
mod export;
mod filter;
mod ledger;
mod list;
mod parse;
mod plan;
mod stats;
#[cfg(test)]
mod ways;

pub use export::export;
pub use filter::CustomerFilter;
pub use ledger::ledger;
pub use list::{get, list};
pub use parse::{FilterError, FilterParams, OrderField, Ordering, parse_flag};
pub(crate) use plan::Values;
pub use projections::customer::{CustomerRow, RowState};
pub use projections::customer_list::CustomerStats;
pub use projections::points_ledger::{LedgerCause, LedgerRow};
pub use stats::stats;
