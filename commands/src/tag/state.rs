//! What a tag's events add up to.

use chrono::{DateTime, Utc};
use events::TagEvent;
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// A tag as its events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TagState {
    /// The name to show; `None`: there is no such tag.
    pub name: Option<String>,
    /// Whether it was there and is gone.
    pub is_deleted: bool,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// The state after an event.
pub(super) fn evolve(state: TagState, event: &TagEvent, meta: &EventMeta) -> TagState {
    let state = TagState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        TagEvent::Created(created) => TagState { name: Some(created.name.clone()), created_at: Some(meta.recorded_at), ..state },
        TagEvent::Renamed(renamed) => TagState { name: Some(renamed.name.clone()), ..state },
        TagEvent::Deleted(_) => TagState { name: None, is_deleted: true, ..state },
    }
}
