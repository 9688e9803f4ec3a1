//! Give or take points.

use events::CustomerEvent;
use events::customer::PointsUpdated;
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules::{self, limits};
use super::state::CustomerState;
use crate::fields::{FieldErrors, Lines, check_text};

/// Give or take points. Each one counts, so this command is the exception: repeating it yields an event again (an idempotency
/// key makes a repeated request safe). Only 0 points yield no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UpdatePoints {
    /// What is added; negative takes away.
    pub points: i64,
    /// Why, in the words of who asks; may be empty.
    pub reason: String,
    /// Whether to refuse what the balance does not cover; otherwise the balance stops at 0.
    pub strict: bool,
}

pub(super) fn decide(state: &CustomerState, command: &UpdatePoints) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let reason = command.reason.trim();
    let mut errors = FieldErrors::default();
    if !(-limits::POINTS..=limits::POINTS).contains(&command.points) {
        errors.add("points", format!("Ensure this value is from -{0} to {0}", limits::POINTS));
    }
    check_text(&mut errors, "reason", reason, limits::REASON, Lines::Many);
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    if command.points == 0 {
        return Ok(Vec::new());
    }
    if command.strict {
        rules::the_balance_covers_it(state.loyalty_points, command.points)?;
    }
    points_updated(state, command.points, reason.to_owned()).map(|updated| vec![updated])
}

/// The change of the balance, stopped at 0.
pub(super) fn points_updated(state: &CustomerState, points: i64, reason: String) -> Result<CustomerEvent, CustomerRejection> {
    let balance = rules::the_balance_stays_in_bounds(state.loyalty_points, points)?;
    let applied = balance - state.loyalty_points;
    Ok(CustomerEvent::PointsUpdated(PointsUpdated { requested: points, applied, balance, reason }))
}
