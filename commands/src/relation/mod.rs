//! The relation: what a provider thinks of a customer (spec 003, "Customer Relationship Actions"). Its id follows from the two.
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `favourite`, `block`, `note`, `forget`: one file per subject

mod block;
mod error;
mod favourite;
mod forget;
mod note;
mod rules;
mod state;

use events::relation::Started;
use events::{ClaimKey, RelationEvent, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use block::Block;
pub use error::RelationRejection;
pub use note::Note;
pub use rules::limits;
pub use state::{RelationState, Standing};

/// What can be asked of a relation. Whoever has something to say for the first time starts it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationCommand {
    /// Make the customer a favourite.
    Favourite(Started),
    /// Make the customer no favourite any more.
    Unfavourite(Started),
    /// Take no bookings of the customer.
    Block(Block),
    /// Take bookings of the customer again.
    Unblock(Started),
    /// Write notes about the customer.
    Note(Note),
    /// Forget it, with the customer: all earlier events are erased.
    Forget,
}

/// The relation aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Relation;

impl Aggregate for Relation {
    type State = RelationState;
    type Command = RelationCommand;
    type Event = RelationEvent;
    type Rejection = RelationRejection;

    const KIND: StreamKind = StreamKind::Relation;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(state: &RelationState, command: &RelationCommand, _: &Context) -> Result<Vec<RelationEvent>, RelationRejection> {
        match command {
            RelationCommand::Favourite(of) => favourite::favourite(state, of),
            RelationCommand::Unfavourite(of) => favourite::unfavourite(state, of),
            RelationCommand::Block(command) => block::block(state, command),
            RelationCommand::Unblock(of) => block::unblock(state, of),
            RelationCommand::Note(command) => note::decide(state, command),
            RelationCommand::Forget => forget::decide(state),
        }
    }

    fn evolve(state: RelationState, event: &RelationEvent, meta: &EventMeta) -> RelationState {
        state::evolve(state, event, meta)
    }

    /// A relation holds no unique names: its id follows from its provider and its customer.
    fn claims(_stream: &StreamRef, _before: &RelationState, _events: &[RelationEvent]) -> Vec<ClaimChange> {
        Vec::new()
    }

    fn taken(_key: &ClaimKey) -> RelationRejection {
        RelationRejection::AlreadyExists
    }

    fn traits(command: &RelationCommand) -> Traits {
        match command {
            RelationCommand::Favourite(_) => Traits::of("relation.favourite"),
            RelationCommand::Unfavourite(_) => Traits::of("relation.unfavourite"),
            RelationCommand::Block(_) => Traits::of("relation.block"),
            RelationCommand::Unblock(_) => Traits::of("relation.unblock"),
            RelationCommand::Note(_) => Traits::of("relation.note"),
            RelationCommand::Forget => Traits::of("relation.forget"),
        }
    }

    fn is_erased(state: &RelationState) -> bool {
        state.standing == Standing::Forgotten
    }

    fn weight(state: &RelationState) -> usize {
        let ids = 2 * events::ids::MAX_ID_LEN;
        std::mem::size_of::<RelationState>() + ids + state.notes.len() + state.blocked.as_ref().map_or(0, String::len)
    }
}
