//! Take messages to an account in.

use events::page::Connected;
use events::{PageEvent, Source};
use serde::Serialize;

use super::error::PageRejection;
use super::rules;
use super::state::PageState;

/// Take messages to an account in; a page that was disconnected goes on with its conversations. Connected with this name already:
/// no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Connect {
    /// The channel.
    pub source: Source,
    /// The account in the channel.
    pub external_id: String,
    /// The name to show.
    pub name: String,
}

pub(super) fn decide(state: &PageState, command: &Connect) -> Result<Vec<PageEvent>, PageRejection> {
    let (external_id, name) = (rules::the_account_is_fit(&command.external_id)?, rules::the_name_is_fit(&command.name)?);
    let is_its_account = state.source == command.source && state.external_id == external_id;
    if state.exists() && !is_its_account {
        return Err(PageRejection::AlreadyExists);
    }
    if state.is_connected && state.name == name {
        return Ok(Vec::new());
    }
    if state.is_connected {
        return Err(PageRejection::AlreadyExists);
    }
    Ok(vec![PageEvent::Connected(Connected { source: command.source, external_id, name })])
}
