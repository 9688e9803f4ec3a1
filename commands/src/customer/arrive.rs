//! Enter a customer who wrote for the first time, in a channel.

use events::customer::{Arrived, ContactChanged, Profile};
use events::{Contact, CustomerEvent};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::{CustomerState, Standing};
use crate::fields::{FieldErrors, Lines, readable};

/// Enter a customer who wrote for the first time, in a channel. Again for the same person there: what the channel tells is brought
/// up to date, and no events when it tells nothing new.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arrive {
    /// What the channel tells.
    pub contact: Contact,
    /// The email address; empty where the channel tells none.
    pub email: String,
    /// The phone number; empty where the channel tells none.
    pub phone: String,
}

impl Arrive {
    /// Somebody of whom the channel tells neither address nor number.
    #[must_use]
    pub fn new(contact: Contact) -> Self {
        Self { contact, email: String::new(), phone: String::new() }
    }
}

pub(super) fn decide(state: &CustomerState, command: &Arrive) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    let contact = command.contact.map(|text| readable(text, Lines::One));
    let text = |text: &String| text.trim().to_owned();
    let (email, phone) = (text(&command.email), text(&command.phone));
    let profile = Profile { name: contact.full_name(), email, phone, ..Profile::default() };
    let mut errors = FieldErrors::default();
    rules::check_contact(&mut errors, &contact);
    rules::check_source_id_is_there(&mut errors, &contact);
    rules::check_profile_of_known(&mut errors, "", &profile);
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    match state.standing {
        Standing::Missing => Ok(vec![CustomerEvent::Arrived(Box::new(Arrived { profile, contact }))]),
        Standing::Present | Standing::Deleted => {
            rules::the_contact_is_the_same_person(state, &contact)?;
            let changed = CustomerEvent::ContactChanged(ContactChanged { contact: contact.clone() });
            Ok(if state.contact == contact { Vec::new() } else { vec![changed] })
        }
        Standing::Forgotten => Err(CustomerRejection::Forgotten),
    }
}
