//! What happens to a service: what a provider offers, for how much and for how long (spec 003, "Database Relationships").

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::define::define_events;
use crate::ids::UserId;

define_events! {
    /// The events of a service.
    ServiceEvent {
        /// The provider offers it from now on.
        Created(Created) = "service.created" v 1,
        /// It is offered otherwise from now on.
        Changed(Changed) = "service.changed" v 1,
        /// It is not offered any more; what was booked stays.
        Deactivated(Deactivated) = "service.deactivated" v 1,
        /// It is offered again.
        Activated(Activated) = "service.activated" v 1,
    }
}

/// What is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The title to show.
    pub title: String,
    /// What it costs, in the tenant's currency.
    pub price: Amount,
    /// How long it takes, in minutes.
    pub duration_minutes: u32,
    /// What it is; may be empty.
    pub description: String,
}

/// The provider offers it from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// Who offers it: a user.
    pub provider: UserId,
    /// What is offered.
    pub offer: Offer,
}

/// It is offered otherwise from now on. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The title to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it costs, in the tenant's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// How long it takes, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u32>,
    /// What it is; may be empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// It is not offered any more; what was booked stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deactivated {}

/// It is offered again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activated {}
