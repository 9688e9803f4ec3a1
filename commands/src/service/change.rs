//! Offer a service otherwise.

use events::service::Changed;
use events::{Amount, ServiceEvent};
use serde::Serialize;

use super::error::ServiceRejection;
use super::rules;
use super::state::{self, ServiceState};

/// Offer a service otherwise; what is `None` stays. What was booked stays as it was booked. As it is already: no events.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Change {
    /// The title.
    pub title: Option<String>,
    /// What it costs.
    pub price: Option<Amount>,
    /// How long it takes, in minutes.
    pub duration_minutes: Option<u32>,
    /// What it is; empty takes it away.
    pub description: Option<String>,
}

pub(super) fn decide(state: &ServiceState, command: &Change) -> Result<Vec<ServiceEvent>, ServiceRejection> {
    rules::the_service_exists(state)?;
    let text = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
    let old = &state.offer;
    let changed = Changed {
        title: text(&command.title).filter(|title| *title != old.title),
        price: command.price.filter(|price| *price != old.price),
        duration_minutes: command.duration_minutes.filter(|minutes| *minutes != old.duration_minutes),
        description: text(&command.description).filter(|description| *description != old.description),
    };
    rules::the_offer_is_fit(&state::over(changed.clone(), old.clone()))?;
    if changed == Changed::default() {
        return Ok(Vec::new());
    }
    Ok(vec![ServiceEvent::Changed(changed)])
}
