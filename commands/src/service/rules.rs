//! What must hold for a service, one function per sentence.

use events::UserId;
use events::booking::CELL_MINUTES;
use events::service::Offer;

use super::error::ServiceRejection;
use super::state::ServiceState;
use crate::fields::{FieldErrors, Lines, check_text};

/// The limits, in characters where they are about texts.
pub mod limits {
    /// The title.
    pub const TITLE: usize = 200;
    /// The description.
    pub const DESCRIPTION: usize = 2_000;
    /// The longest service, in minutes: a day.
    pub const DURATION_MINUTES: u32 = 24 * 60;
}

/// The service must be there. Gives its provider.
pub(super) fn the_service_exists(state: &ServiceState) -> Result<&UserId, ServiceRejection> {
    state.provider.as_ref().ok_or(ServiceRejection::NotFound)
}

/// What is offered has a title, a duration that providers' time is booked in, and a description that is not too long.
pub(super) fn the_offer_is_fit(offer: &Offer) -> Result<(), ServiceRejection> {
    let mut errors = FieldErrors::default();
    if offer.title.is_empty() {
        errors.add("title", "Title is required");
    }
    check_text(&mut errors, "title", &offer.title, limits::TITLE, Lines::One);
    check_text(&mut errors, "description", &offer.description, limits::DESCRIPTION, Lines::Many);
    let minutes = offer.duration_minutes;
    if i64::from(minutes) % CELL_MINUTES != 0 || !(1..=limits::DURATION_MINUTES).contains(&minutes) {
        let most = limits::DURATION_MINUTES;
        errors.add("duration_minutes", format!("Duration is a multiple of {CELL_MINUTES} from {CELL_MINUTES} to {most} minutes"));
    }
    errors.into_result().map_err(ServiceRejection::Invalid)
}
