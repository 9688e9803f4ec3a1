//! Give a page another name.

use events::PageEvent;
use events::page::Renamed;
use serde::Serialize;

use super::error::PageRejection;
use super::rules;
use super::state::PageState;

/// Give a page another name. The name that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rename {
    /// The name from now on.
    pub name: String,
}

pub(super) fn decide(state: &PageState, command: &Rename) -> Result<Vec<PageEvent>, PageRejection> {
    rules::the_page_is_the_tenants(state)?;
    let name = rules::the_name_is_fit(&command.name)?;
    if state.name == name {
        return Ok(Vec::new());
    }
    Ok(vec![PageEvent::Renamed(Renamed { name })])
}
