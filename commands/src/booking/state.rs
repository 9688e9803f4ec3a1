//! What a booking's events add up to.

use chrono::{DateTime, Utc};
use events::booking::{Cancelled, Reviewed, Slot, Status, Subject};
use events::{Amount, BookingEvent};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is no such booking.
    #[default]
    Missing,
    /// There, whatever has come of it.
    Present,
    /// Forgotten for good; nothing is known any more.
    Forgotten,
}

/// A booking as the events tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BookingState {
    /// Where it stands.
    pub standing: Standing,
    /// What is booked. `Some` while it is there.
    pub subject: Option<Subject>,
    /// When it is to be. `Some` while it is there.
    pub slot: Option<Slot>,
    /// What has come of it.
    pub status: Status,
    /// The time that nobody else can have because of it; `None`: it keeps nobody from anything.
    pub holds: Option<Slot>,
    /// What another system calls it, where it was taken over from one.
    pub reference: Option<String>,
    /// What was paid so far.
    pub paid: Amount,
    /// What the customer said about the service.
    pub review: Option<Reviewed>,
    /// On whose wish it was cancelled, and why.
    pub cancelled: Option<Cancelled>,
    /// When it was booked. `Some` while it is there.
    pub booked_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

impl BookingState {
    pub(super) fn weight(&self) -> usize {
        let ids = 3 * events::ids::MAX_ID_LEN;
        let title = self.subject.as_ref().map_or(0, |subject| subject.title.len());
        let review = self.review.as_ref().map_or(0, |review| review.text.len());
        let reason = self.cancelled.as_ref().map_or(0, |cancelled| cancelled.reason.len());
        let reference = self.reference.as_ref().map_or(0, String::len);
        std::mem::size_of::<Self>() + ids + title + review + reason + reference
    }
}

/// The state after an event.
pub(super) fn evolve(state: BookingState, event: &BookingEvent, meta: &EventMeta) -> BookingState {
    let state = BookingState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        BookingEvent::Requested(requested) => BookingState {
            standing: Standing::Present,
            subject: Some(requested.subject.clone()),
            slot: Some(requested.slot),
            status: Status::Requested,
            holds: Some(requested.slot),
            booked_at: Some(meta.recorded_at),
            ..state
        },
        BookingEvent::Imported(imported) => BookingState {
            standing: Standing::Present,
            subject: Some(imported.subject.clone()),
            slot: Some(imported.slot),
            status: imported.status,
            // What is over elsewhere holds no time here: nobody can book the past.
            holds: imported.status.is_open().then_some(imported.slot),
            reference: Some(imported.reference.clone()),
            booked_at: Some(imported.booked_at),
            ..state
        },
        BookingEvent::Confirmed(_) => BookingState { status: Status::Confirmed, ..state },
        BookingEvent::Rescheduled(rescheduled) => {
            BookingState { slot: Some(rescheduled.slot), holds: Some(rescheduled.slot), ..state }
        }
        // The time was used, so it stays taken.
        BookingEvent::Completed(_) => BookingState { status: Status::Completed, ..state },
        BookingEvent::Cancelled(cancelled) => {
            BookingState { status: Status::Cancelled, holds: None, cancelled: Some(cancelled.clone()), ..state }
        }
        BookingEvent::NoShow(_) => BookingState { status: Status::NoShow, holds: None, ..state },
        BookingEvent::PaymentRecorded(payment) => {
            BookingState { paid: state.paid.checked_add(payment.amount).unwrap_or(Amount::MAX), ..state }
        }
        BookingEvent::Reviewed(review) => BookingState { review: Some(review.clone()), ..state },
        // Folding the erased stream starts here, so nothing of before may be left over.
        BookingEvent::Forgotten(_) => {
            BookingState { standing: Standing::Forgotten, updated_at: state.updated_at, ..BookingState::default() }
        }
    }
}
