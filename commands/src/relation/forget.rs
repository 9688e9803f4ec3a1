//! Forget a relation, with the customer.

use events::RelationEvent;
use events::relation::{Forgotten, Started};

use super::error::RelationRejection;
use super::state::{RelationState, Standing};

/// All earlier events of the stream are erased once this is recorded. Already forgotten: no events.
pub(super) fn decide(state: &RelationState) -> Result<Vec<RelationEvent>, RelationRejection> {
    match (state.standing, state.between.clone()) {
        (Standing::Present, Some(Started { provider, customer })) => {
            Ok(vec![RelationEvent::Forgotten(Forgotten { provider, customer })])
        }
        (Standing::Forgotten, _) => Ok(Vec::new()),
        (Standing::Missing | Standing::Present, _) => Err(RelationRejection::NotFound),
    }
}
