//! Take a tag away.

use events::TagEvent;
use events::tag::Deleted;

use super::error::TagRejection;
use super::rules;
use super::state::TagState;

/// The name is free then, and no customer has the tag any more. Already gone: no events.
pub(super) fn decide(state: &TagState) -> Result<Vec<TagEvent>, TagRejection> {
    if state.is_deleted {
        return Ok(Vec::new());
    }
    rules::the_tag_exists(state)?;
    Ok(vec![TagEvent::Deleted(Deleted {})])
}
