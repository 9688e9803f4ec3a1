//! The tag: a name that a tenant puts on customers (spec 000, "Tag Filters").
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `create`, `rename`, `delete`: one file per command
//! - [`claims`]: which unique names change hands with its events

mod claims;
mod create;
mod delete;
mod error;
mod rename;
mod rules;
mod state;

use events::{ClaimKey, StreamKind, StreamRef, TagEvent};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use create::Create;
pub use error::TagRejection;
pub use rename::Rename;
pub use rules::MAX_NAME_CHARS;
pub use state::TagState;

/// What can be asked of a tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TagCommand {
    /// Make it.
    Create(Create),
    /// Give it another name.
    Rename(Rename),
    /// Take it away, from every customer too.
    Delete,
}

/// The tag aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Tag;

impl Aggregate for Tag {
    type State = TagState;
    type Command = TagCommand;
    type Event = TagEvent;
    type Rejection = TagRejection;

    const KIND: StreamKind = StreamKind::Tag;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(state: &TagState, command: &TagCommand, _context: &Context) -> Result<Vec<TagEvent>, TagRejection> {
        match command {
            TagCommand::Create(command) => create::decide(state, command),
            TagCommand::Rename(command) => rename::decide(state, command),
            TagCommand::Delete => delete::decide(state),
        }
    }

    fn evolve(state: TagState, event: &TagEvent, meta: &EventMeta) -> TagState {
        state::evolve(state, event, meta)
    }

    fn claims(stream: &StreamRef, before: &TagState, events: &[TagEvent]) -> Vec<ClaimChange> {
        claims::changes(stream, before, events)
    }

    fn taken(_key: &ClaimKey) -> TagRejection {
        TagRejection::NameTaken
    }

    fn traits(command: &TagCommand) -> Traits {
        match command {
            TagCommand::Create(_) => Traits::of("tag.create").creating().claiming(1),
            TagCommand::Rename(_) => Traits::of("tag.rename").claiming(2),
            TagCommand::Delete => Traits::of("tag.delete").claiming(1),
        }
    }

    fn weight(state: &TagState) -> usize {
        std::mem::size_of::<TagState>() + state.name.as_ref().map_or(0, String::len)
    }
}
