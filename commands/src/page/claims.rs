//! Which unique names change hands with a page's events: the account in the channel.

use events::{ClaimKey, PageEvent, StreamRef};

use super::state::PageState;
use crate::aggregate::{ClaimChange, ClaimMove};

/// A page takes its account when it is first connected and keeps it for ever, so that whoever connects the account again finds the
/// page and its conversations.
pub(super) fn changes(stream: &StreamRef, before: &PageState, events: &[PageEvent]) -> Vec<ClaimChange> {
    let acquired = |event: &PageEvent| match event {
        PageEvent::Connected(page) if !before.exists() => Some(ClaimKey::page(&stream.tenant, page.source, &page.external_id)),
        PageEvent::Connected(_) | PageEvent::Renamed(_) | PageEvent::Disconnected(_) => None,
    };
    events.iter().filter_map(acquired).map(|key| ClaimChange { key, change: ClaimMove::Acquire }).collect()
}
