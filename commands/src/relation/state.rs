//! What a relation's events add up to.

use chrono::{DateTime, Utc};
use events::RelationEvent;
use events::relation::Started;
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// Where a relation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The provider has said nothing about the customer.
    #[default]
    Missing,
    /// There.
    Present,
    /// Forgotten for good; nothing is known any more.
    Forgotten,
}

/// A relation as its events tell. The bookings that the two have are streams of their own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RelationState {
    /// Where it stands.
    pub standing: Standing,
    /// Whose it is. `Some` while it is there.
    pub between: Option<Started>,
    /// Whether the customer is a favourite.
    pub is_favourite: bool,
    /// Why the provider takes no bookings of the customer, perhaps for no reason that is said; `None`: they are taken.
    pub blocked: Option<String>,
    /// The provider's notes.
    pub notes: String,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

impl RelationState {
    /// Whether the provider takes no bookings of the customer.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }
}

/// The state after an event.
pub(super) fn evolve(state: RelationState, event: &RelationEvent, meta: &EventMeta) -> RelationState {
    let state = RelationState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        RelationEvent::Started(started) => RelationState { standing: Standing::Present, between: Some(started.clone()), ..state },
        RelationEvent::Favourited(_) => RelationState { is_favourite: true, ..state },
        RelationEvent::Unfavourited(_) => RelationState { is_favourite: false, ..state },
        RelationEvent::Blocked(blocked) => RelationState { blocked: Some(blocked.reason.clone()), ..state },
        RelationEvent::Unblocked(_) => RelationState { blocked: None, ..state },
        RelationEvent::Noted(noted) => RelationState { notes: noted.notes.clone(), ..state },
        // Folding the erased stream starts here, so nothing of before may be left over.
        RelationEvent::Forgotten(_) => {
            RelationState { standing: Standing::Forgotten, updated_at: state.updated_at, ..RelationState::default() }
        }
    }
}
