//! Put a deleted customer back in lists.

use events::CustomerEvent;
use events::customer::Restored;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Takes the email address back, and is refused when somebody else has it by now. Not deleted: no events.
pub(super) fn decide(state: &CustomerState) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    let is_deleted = rules::the_customer_is_known(state)?;
    Ok(if is_deleted { vec![CustomerEvent::Restored(Restored::default())] } else { Vec::new() })
}
