//! Enter a customer.

use chrono::{DateTime, Utc};
use events::CustomerEvent;
use events::customer::{Profile, Registered};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::{CustomerState, Standing};
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// Enter a customer. Again with what is known about them already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Register {
    /// Who they are.
    pub profile: Profile,
    /// Whether they start out active.
    pub is_active: bool,
    /// The opening balance of points.
    pub loyalty_points: i64,
    /// When they last ordered, where the tenant knows.
    pub last_order_at: Option<DateTime<Utc>>,
}

impl Register {
    /// Somebody new: active, without points and orders.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self { profile, is_active: true, loyalty_points: 0, last_order_at: None }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &Register,
    context: &Context,
) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    let profile = rules::trimmed(&command.profile);
    let mut errors = FieldErrors::default();
    rules::check_profile(&mut errors, &profile);
    rules::check_balance(&mut errors, command.loyalty_points);
    let last_order_at = command.last_order_at.map(|time| rules::check_past(&mut errors, "last_order_date", time, context.now));
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    let registered = Registered { profile, is_active: command.is_active, loyalty_points: command.loyalty_points, last_order_at };
    match state.standing {
        Standing::Missing => Ok(vec![CustomerEvent::Registered(registered)]),
        Standing::Present if is_known(state, &registered) => Ok(Vec::new()),
        Standing::Present | Standing::Deleted => Err(CustomerRejection::AlreadyExists),
        Standing::Forgotten => Err(CustomerRejection::Forgotten),
    }
}

fn is_known(state: &CustomerState, registered: &Registered) -> bool {
    state.profile == registered.profile
        && state.is_active == registered.is_active
        && state.loyalty_points == registered.loyalty_points
        && state.last_order_at == registered.last_order_at
        && state.total_orders == 0
}
