//! Make a tag.

use events::TagEvent;
use events::tag::Created;
use serde::Serialize;

use super::error::TagRejection;
use super::rules;
use super::state::TagState;

/// Make a tag. Again with the name that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Create {
    /// The name to show.
    pub name: String,
}

pub(super) fn decide(state: &TagState, command: &Create) -> Result<Vec<TagEvent>, TagRejection> {
    let name = rules::the_name_is_fit(&command.name)?;
    match &state.name {
        None if !state.is_deleted => Ok(vec![TagEvent::Created(Created { name })]),
        Some(known) if *known == name => Ok(Vec::new()),
        Some(_) | None => Err(TagRejection::AlreadyExists),
    }
}
