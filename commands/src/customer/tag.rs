//! Put a tag on a customer, and take it off.

use events::customer::{Tagged, Untagged};
use events::{CustomerEvent, TagId};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;

/// Put a tag on a customer. There already: no events. That the tenant has the tag is for whoever asks to make sure of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PutTag {
    /// The tag.
    pub tag: TagId,
    /// Its name, for those who read of it later.
    pub name: String,
}

/// Take a tag off a customer. Not there: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TakeTag {
    /// The tag.
    pub tag: TagId,
}

pub(super) fn put(state: &CustomerState, command: &PutTag) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    if state.tags.contains_key(&command.tag) {
        return Ok(Vec::new());
    }
    rules::there_is_room_for_a_tag(state)?;
    Ok(vec![CustomerEvent::Tagged(Tagged { tag: command.tag.clone(), name: command.name.clone() })])
}

pub(super) fn take(state: &CustomerState, command: &TakeTag) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let untagged = |name: &String| CustomerEvent::Untagged(Untagged { tag: command.tag.clone(), name: name.clone() });
    Ok(state.tags.get(&command.tag).map(untagged).into_iter().collect())
}
