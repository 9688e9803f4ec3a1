//! Give a tag another name.

use events::TagEvent;
use events::tag::Renamed;
use serde::Serialize;

use super::error::TagRejection;
use super::rules;
use super::state::TagState;

/// Give a tag another name. The name that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rename {
    /// The name from now on.
    pub name: String,
}

pub(super) fn decide(state: &TagState, command: &Rename) -> Result<Vec<TagEvent>, TagRejection> {
    let known = rules::the_tag_exists(state)?;
    let name = rules::the_name_is_fit(&command.name)?;
    if known == name {
        return Ok(Vec::new());
    }
    Ok(vec![TagEvent::Renamed(Renamed { name })])
}
