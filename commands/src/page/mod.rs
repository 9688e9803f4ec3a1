//! The page: a tenant's account in a channel, such as a Facebook page or a Telegram bot (spec 001). Its tokens and secrets are kept
//! elsewhere.
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `connect`, `rename`, `disconnect`: one file per command
//! - [`claims`]: which unique names change hands with its events

mod claims;
mod connect;
mod disconnect;
mod error;
mod rename;
mod rules;
mod state;

use events::{ClaimKey, PageEvent, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use connect::Connect;
pub use error::PageRejection;
pub use rename::Rename;
pub use rules::limits;
pub use state::PageState;

/// What can be asked of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageCommand {
    /// Take messages to the account in.
    Connect(Connect),
    /// Give it another name.
    Rename(Rename),
    /// Take messages to the account in no more.
    Disconnect,
}

/// The page aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Page;

impl Aggregate for Page {
    type State = PageState;
    type Command = PageCommand;
    type Event = PageEvent;
    type Rejection = PageRejection;

    const KIND: StreamKind = StreamKind::Page;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(state: &PageState, command: &PageCommand, _context: &Context) -> Result<Vec<PageEvent>, PageRejection> {
        match command {
            PageCommand::Connect(command) => connect::decide(state, command),
            PageCommand::Rename(command) => rename::decide(state, command),
            PageCommand::Disconnect => disconnect::decide(state),
        }
    }

    fn evolve(state: PageState, event: &PageEvent, meta: &EventMeta) -> PageState {
        state::evolve(state, event, meta)
    }

    fn claims(stream: &StreamRef, before: &PageState, events: &[PageEvent]) -> Vec<ClaimChange> {
        claims::changes(stream, before, events)
    }

    fn taken(_key: &ClaimKey) -> PageRejection {
        PageRejection::AccountTaken
    }

    fn traits(command: &PageCommand) -> Traits {
        match command {
            PageCommand::Connect(_) => Traits::of("page.connect").creating().claiming(1),
            PageCommand::Rename(_) => Traits::of("page.rename"),
            PageCommand::Disconnect => Traits::of("page.disconnect"),
        }
    }

    fn weight(state: &PageState) -> usize {
        std::mem::size_of::<PageState>() + state.external_id.len() + state.name.len()
    }
}
