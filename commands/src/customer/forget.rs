//! Forget a person.

use events::CustomerEvent;
use events::customer::Forgotten;

use super::error::CustomerRejection;
use super::state::{CustomerState, Standing};

/// All earlier events of the stream are erased once this is recorded. Already forgotten: no events.
pub(super) fn decide(state: &CustomerState) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    match state.standing {
        Standing::Present | Standing::Deleted => Ok(vec![CustomerEvent::Forgotten(Forgotten {})]),
        Standing::Missing => Err(CustomerRejection::NotFound),
        Standing::Forgotten => Ok(Vec::new()),
    }
}
