//! Make a customer active again.

use events::CustomerEvent;
use events::customer::Activated;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Already active: no events.
pub(super) fn decide(state: &CustomerState) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    Ok(if state.is_active { Vec::new() } else { vec![CustomerEvent::Activated(Activated {})] })
}
