//! The service: what a provider offers, for how much and for how long (spec 003).
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `create`, `change`, `offer_again`: one file per command, and one for the two that are each other's opposite

mod change;
mod create;
mod error;
mod offer_again;
mod rules;
mod state;

use events::{ClaimKey, ServiceEvent, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use change::Change;
pub use create::Create;
pub use error::ServiceRejection;
pub use rules::limits;
pub use state::ServiceState;

/// What can be asked of a service.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceCommand {
    /// Offer it.
    Create(Create),
    /// Offer it otherwise.
    Change(Change),
    /// Offer it no more.
    Deactivate,
    /// Offer it again.
    Activate,
}

/// The service aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Service;

impl Aggregate for Service {
    type State = ServiceState;
    type Command = ServiceCommand;
    type Event = ServiceEvent;
    type Rejection = ServiceRejection;

    const KIND: StreamKind = StreamKind::Service;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(state: &ServiceState, command: &ServiceCommand, _: &Context) -> Result<Vec<ServiceEvent>, ServiceRejection> {
        match command {
            ServiceCommand::Create(command) => create::decide(state, command),
            ServiceCommand::Change(command) => change::decide(state, command),
            ServiceCommand::Deactivate => offer_again::deactivate(state),
            ServiceCommand::Activate => offer_again::activate(state),
        }
    }

    fn evolve(state: ServiceState, event: &ServiceEvent, meta: &EventMeta) -> ServiceState {
        state::evolve(state, event, meta)
    }

    /// A service holds no unique names: two of one title may differ in length or price.
    fn claims(_stream: &StreamRef, _before: &ServiceState, _events: &[ServiceEvent]) -> Vec<ClaimChange> {
        Vec::new()
    }

    fn taken(_key: &ClaimKey) -> ServiceRejection {
        ServiceRejection::AlreadyExists
    }

    fn traits(command: &ServiceCommand) -> Traits {
        match command {
            ServiceCommand::Create(_) => Traits::of("service.create").creating(),
            ServiceCommand::Change(_) => Traits::of("service.change"),
            ServiceCommand::Deactivate => Traits::of("service.deactivate"),
            ServiceCommand::Activate => Traits::of("service.activate"),
        }
    }

    fn weight(state: &ServiceState) -> usize {
        std::mem::size_of::<ServiceState>() + state.offer.title.len() + state.offer.description.len()
    }
}
