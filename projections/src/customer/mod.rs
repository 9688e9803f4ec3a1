//! What every projection of customers shares: the row of a customer, what an event does to it, how it stands in tables, and the
//! texts by which it is found.

mod evolve;
mod row;
pub mod search;
mod stored;

use events::{CustomerEvent, CustomerId, TenantId};

pub use evolve::fold;
pub(crate) use evolve::row_number;
pub use row::{CustomerRow, RowState};
pub use stored::{COLUMNS, NEVER, SELECTED, StoredCustomer, last_order, state_of, tier_number, values};

/// Which customer.
pub type Key = (TenantId, CustomerId);

/// Whether an event says who a customer is.
pub const fn says_who(event: &CustomerEvent) -> bool {
    match event {
        CustomerEvent::Registered(_)
        | CustomerEvent::Imported(_)
        | CustomerEvent::Arrived(_)
        | CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Forgotten(_) => true,
        CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => false,
    }
}
