//! Offer a service.

use events::service::{Created, Offer};
use events::{ServiceEvent, UserId};
use serde::Serialize;

use super::error::ServiceRejection;
use super::rules;
use super::state::ServiceState;

/// Offer a service. Again as it is offered: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Create {
    /// Who offers it: a user.
    pub provider: UserId,
    /// What is offered.
    pub offer: Offer,
}

pub(super) fn decide(state: &ServiceState, command: &Create) -> Result<Vec<ServiceEvent>, ServiceRejection> {
    let offer = trimmed(&command.offer);
    rules::the_offer_is_fit(&offer)?;
    match &state.provider {
        None => Ok(vec![ServiceEvent::Created(Created { provider: command.provider.clone(), offer })]),
        Some(provider) if *provider == command.provider && state.offer == offer => Ok(Vec::new()),
        Some(_) => Err(ServiceRejection::AlreadyExists),
    }
}

fn trimmed(offer: &Offer) -> Offer {
    let (title, description) = (offer.title.trim().to_owned(), offer.description.trim().to_owned());
    Offer { title, description, ..offer.clone() }
}
