//! Put a customer's profile back to what it was.

use events::CustomerEvent;
use events::customer::{Profile, ProfileChanged};
use serde::Serialize;

use super::change::difference;
use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Put the whole profile back to what it was; points, orders and activity stay as they are. What was valid then is so again,
/// whatever the rules for new texts are by now. As it is already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Revert {
    /// The profile as it was.
    pub profile: Profile,
}

pub(super) fn decide(state: &CustomerState, command: &Revert) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let changed = difference(&state.profile, command.profile.clone(), None);
    Ok(if changed == ProfileChanged::default() { Vec::new() } else { vec![CustomerEvent::ProfileChanged(changed)] })
}
