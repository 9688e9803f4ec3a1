//! What every projection of customers shares: the row of a customer, what an event does to it, how it stands in tables, and the
//! texts by which it is found.

mod evolve;
mod row;
pub mod search;
mod stored;

use events::{CustomerId, TenantId};

pub use evolve::fold;
pub(crate) use evolve::row_number;
pub use row::{CustomerRow, RowState};
pub use stored::{COLUMNS, NEVER, SELECTED, StoredCustomer, last_order, state_of, tier_number, values};

/// Which customer.
pub type Key = (TenantId, CustomerId);
