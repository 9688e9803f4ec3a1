//! Put a deleted customer back in lists because they wrote again.

use events::customer::{ProfileChanged, Restored};
use events::{CustomerEvent, Source};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Put a deleted customer back in lists because they wrote again: nobody is to be overlooked who wants something. Not deleted: no
/// events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComeBack {
    /// The channel that they wrote over.
    pub channel: Source,
    /// Whether they come back without the email address that they had, because it is another customer's by now. Otherwise it is
    /// taken back, and that is refused when somebody else has it.
    pub without_email: bool,
}

pub(super) fn decide(state: &CustomerState, command: &ComeBack) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    if !rules::the_customer_is_known(state)? {
        return Ok(Vec::new());
    }
    let gives_up = command.without_email && !state.profile.email.is_empty();
    let given_up = gives_up.then(|| {
        let changed = ProfileChanged { email: Some(String::new()), ..ProfileChanged::default() };
        CustomerEvent::ProfileChanged(changed)
    });
    let restored = CustomerEvent::Restored(Restored { channel: Some(command.channel) });
    Ok(given_up.into_iter().chain([restored]).collect())
}
