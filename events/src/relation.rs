//! What happens between a provider and a customer beside bookings: what the provider thinks of the customer (spec 003, "Customer
//! Relationship Actions").
//!
//! The first event on a stream is `Started`: the id of a relation follows from the two, and does not tell them.

use serde::{Deserialize, Serialize};

use crate::define::define_events;
use crate::ids::{CustomerId, UserId};

define_events! {
    /// The events of what is between a provider and a customer.
    RelationEvent {
        /// The provider has something to say about the customer for the first time.
        Started(Started) = "relation.started" v 1,
        /// The customer is one of the provider's favourites.
        Favourited(Favourited) = "relation.favourited" v 1,
        /// The customer is no favourite any more.
        Unfavourited(Unfavourited) = "relation.unfavourited" v 1,
        /// The provider takes no bookings of the customer.
        Blocked(Blocked) = "relation.blocked" v 1,
        /// The provider takes bookings of the customer again.
        Unblocked(Unblocked) = "relation.unblocked" v 1,
        /// The provider's notes about the customer are others.
        Noted(Noted) = "relation.noted" v 1,
        /// The customer asked to be forgotten: all earlier events of the stream are erased.
        Forgotten(Forgotten) = "relation.forgotten" v 1,
    }
}

/// The provider has something to say about the customer for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The provider: a user.
    pub provider: UserId,
    /// The customer.
    pub customer: CustomerId,
}

/// The customer is one of the provider's favourites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Favourited {}

/// The customer is no favourite any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unfavourited {}

/// The provider takes no bookings of the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blocked {
    /// Why; may be empty.
    pub reason: String,
}

/// The provider takes bookings of the customer again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unblocked {}

/// The provider's notes about the customer are others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    /// The notes from now on; may be empty.
    pub notes: String,
}

/// The customer asked to be forgotten: all earlier events of the stream are erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The provider: a user.
    pub provider: UserId,
    /// The customer, of whom nothing else is known any more.
    pub customer: CustomerId,
}
