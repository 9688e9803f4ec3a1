//! Make a customer inactive.

use events::CustomerEvent;
use events::customer::Deactivated;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Already inactive: no events.
pub(super) fn decide(state: &CustomerState) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    Ok(if state.is_active { vec![CustomerEvent::Deactivated(Deactivated {})] } else { Vec::new() })
}
