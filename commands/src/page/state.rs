//! What a page's events add up to.

use chrono::{DateTime, Utc};
use events::{PageEvent, Source};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// A page as its events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    /// The channel.
    pub source: Source,
    /// The account in the channel; empty: there is no such page.
    pub external_id: String,
    /// The name to show.
    pub name: String,
    /// Whether messages to the account are taken in.
    pub is_connected: bool,
    /// When it was first connected.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

impl PageState {
    /// Whether there is such a page, connected or not.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.created_at.is_some()
    }
}

/// The state after an event.
pub(super) fn evolve(state: PageState, event: &PageEvent, meta: &EventMeta) -> PageState {
    let state = PageState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        PageEvent::Connected(connected) => PageState {
            source: connected.source,
            external_id: connected.external_id.clone(),
            name: connected.name.clone(),
            is_connected: true,
            created_at: state.created_at.or(Some(meta.recorded_at)),
            ..state
        },
        PageEvent::Renamed(renamed) => PageState { name: renamed.name.clone(), ..state },
        PageEvent::Disconnected(_) => PageState { is_connected: false, ..state },
    }
}
