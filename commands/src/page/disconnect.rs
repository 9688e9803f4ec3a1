//! Take messages to an account in no more.

use events::PageEvent;
use events::page::Disconnected;

use super::error::PageRejection;
use super::rules;
use super::state::PageState;

/// Its conversations stay, and go on when it is connected again. Already disconnected: no events.
pub(super) fn decide(state: &PageState) -> Result<Vec<PageEvent>, PageRejection> {
    rules::the_page_is_the_tenants(state)?;
    Ok(if state.is_connected { vec![PageEvent::Disconnected(Disconnected {})] } else { Vec::new() })
}
