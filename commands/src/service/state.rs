//! What a service's events add up to.

use chrono::{DateTime, Utc};
use events::service::{Changed, Offer};
use events::{ServiceEvent, UserId};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// A service as its events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceState {
    /// Who offers it; `None`: there is no such service.
    pub provider: Option<UserId>,
    /// What is offered.
    pub offer: Offer,
    /// Whether it is offered now.
    pub is_active: bool,
    /// When it was first offered. `Some` once it was.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// The state after an event.
pub(super) fn evolve(state: ServiceState, event: &ServiceEvent, meta: &EventMeta) -> ServiceState {
    let state = ServiceState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        ServiceEvent::Created(created) => ServiceState {
            provider: Some(created.provider.clone()),
            offer: created.offer.clone(),
            is_active: true,
            created_at: Some(meta.recorded_at),
            ..state
        },
        ServiceEvent::Changed(changed) => ServiceState { offer: over(changed.clone(), state.offer), ..state },
        ServiceEvent::Deactivated(_) => ServiceState { is_active: false, ..state },
        ServiceEvent::Activated(_) => ServiceState { is_active: true, ..state },
    }
}

/// What is offered after a change.
pub(super) fn over(changed: Changed, offer: Offer) -> Offer {
    Offer {
        title: changed.title.unwrap_or(offer.title),
        price: changed.price.unwrap_or(offer.price),
        duration_minutes: changed.duration_minutes.unwrap_or(offer.duration_minutes),
        description: changed.description.unwrap_or(offer.description),
    }
}
