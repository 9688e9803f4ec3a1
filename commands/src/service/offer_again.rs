//! Offer a service no more, and again.

use events::ServiceEvent;
use events::service::{Activated, Deactivated};

use super::error::ServiceRejection;
use super::rules;
use super::state::ServiceState;

/// It cannot be booked any more; what was booked stays. Not offered already: no events.
pub(super) fn deactivate(state: &ServiceState) -> Result<Vec<ServiceEvent>, ServiceRejection> {
    rules::the_service_exists(state)?;
    Ok(if state.is_active { vec![ServiceEvent::Deactivated(Deactivated {})] } else { Vec::new() })
}

/// It can be booked again. Offered already: no events.
pub(super) fn activate(state: &ServiceState) -> Result<Vec<ServiceEvent>, ServiceRejection> {
    rules::the_service_exists(state)?;
    Ok(if state.is_active { Vec::new() } else { vec![ServiceEvent::Activated(Activated {})] })
}
