//! Change what a channel tells about a customer.

use events::customer::ContactChanged;
use events::{Contact, CustomerEvent};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;
use crate::fields::{FieldErrors, Lines, readable};

/// Change what a channel tells about a customer: with another id in the channel they are found by that one from then on. As it is
/// already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeContact {
    /// All that the channel tells.
    pub contact: Contact,
}

pub(super) fn decide(state: &CustomerState, command: &ChangeContact) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let contact = command.contact.map(|text| readable(text, Lines::One));
    let mut errors = FieldErrors::default();
    rules::check_contact(&mut errors, &contact);
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    if state.contact == contact {
        return Ok(Vec::new());
    }
    Ok(vec![CustomerEvent::ContactChanged(ContactChanged { contact })])
}
