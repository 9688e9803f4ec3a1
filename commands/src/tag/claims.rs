//! Which unique names change hands with a tag's events: its name.

use events::{ClaimKey, StreamRef, TagEvent};

use super::state::TagState;
use crate::aggregate::{ClaimChange, ClaimMove};

/// The claims before and after the events. A tag holds its name until it is deleted.
pub(super) fn changes(stream: &StreamRef, before: &TagState, events: &[TagEvent]) -> Vec<ClaimChange> {
    let after = events.iter().fold(before.name.as_deref(), |_, event| match event {
        TagEvent::Created(created) => Some(created.name.as_str()),
        TagEvent::Renamed(renamed) => Some(renamed.name.as_str()),
        TagEvent::Deleted(_) => None,
    });
    let key = |name| ClaimKey::tag(&stream.tenant, name);
    let (held, wanted) = (before.name.as_deref().map(key), after.map(key));
    if held == wanted {
        return Vec::new();
    }
    let acquired = wanted.map(|key| ClaimChange { key, change: ClaimMove::Acquire });
    let released = held.map(|key| ClaimChange { key, change: ClaimMove::Release });
    acquired.into_iter().chain(released).collect()
}
