//! Take a customer out of lists.

use events::CustomerEvent;
use events::customer::Deleted;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// The email address is free then. Already deleted: no events.
pub(super) fn decide(state: &CustomerState) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    let is_deleted = rules::the_customer_is_known(state)?;
    Ok(if is_deleted { Vec::new() } else { vec![CustomerEvent::Deleted(Deleted {})] })
}
