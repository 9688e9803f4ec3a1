//! Which time changes hands with a booking's events: every cell of the provider's time that the booking holds.

use events::booking::Slot;
use events::{BookingEvent, ClaimKey, StreamRef, UserId};

use super::import::Import;
use super::rules::limits;
use super::state::BookingState;
use crate::aggregate::{ClaimChange, ClaimMove};

/// The cells before and after the events. What is in both does not change hands, so a booking can be moved by less than its
/// length.
pub(super) fn changes(stream: &StreamRef, before: &BookingState, events: &[BookingEvent]) -> Vec<ClaimChange> {
    let Some(provider) = provider(before, events) else { return Vec::new() };
    let after = events.iter().fold(before.holds, |holds, event| match event {
        BookingEvent::Requested(requested) => Some(requested.slot),
        BookingEvent::Imported(imported) => imported.status.is_open().then_some(imported.slot),
        BookingEvent::Rescheduled(rescheduled) => Some(rescheduled.slot),
        BookingEvent::Cancelled(_) | BookingEvent::NoShow(_) | BookingEvent::Forgotten(_) => None,
        BookingEvent::Confirmed(_)
        | BookingEvent::Completed(_)
        | BookingEvent::PaymentRecorded(_)
        | BookingEvent::Reviewed(_) => holds,
    });
    let cells = |slot: Option<Slot>| slot.map_or(0..0, |slot| slot.cells());
    let (held, wanted) = (cells(before.holds), cells(after));
    let change = |cell, change| ClaimChange { key: ClaimKey::provider_time(&stream.tenant, provider, cell), change };
    let acquired = wanted.clone().filter(|cell| !held.contains(cell)).map(|cell| change(cell, ClaimMove::Acquire));
    let released = held.clone().filter(|cell| !wanted.contains(cell)).map(|cell| change(cell, ClaimMove::Release));
    acquired.chain(released).collect()
}

/// How many cells a booking of a slot holds at most. A slot that is longer than any booking is refused before it takes one.
pub(super) fn most(slot: &Slot) -> usize {
    let cells = slot.cells();
    usize::try_from(cells.end.saturating_sub(cells.start)).unwrap_or(0).min(limits::CELLS)
}

/// How many cells an imported booking holds at most.
pub(super) fn most_of(import: &Import) -> usize {
    if import.status.is_open() { most(&import.slot) } else { 0 }
}

/// Whose time it is: a booking never changes hands.
fn provider<'a>(before: &'a BookingState, events: &'a [BookingEvent]) -> Option<&'a UserId> {
    let named = events.iter().find_map(|event| match event {
        BookingEvent::Requested(requested) => Some(&requested.subject.provider),
        BookingEvent::Imported(imported) => Some(&imported.subject.provider),
        BookingEvent::Confirmed(_)
        | BookingEvent::Rescheduled(_)
        | BookingEvent::Completed(_)
        | BookingEvent::Cancelled(_)
        | BookingEvent::NoShow(_)
        | BookingEvent::PaymentRecorded(_)
        | BookingEvent::Reviewed(_)
        | BookingEvent::Forgotten(_) => None,
    });
    before.subject.as_ref().map(|subject| &subject.provider).or(named)
}
