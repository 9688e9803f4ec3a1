//! Take a customer over from another system, with a past.

use chrono::{DateTime, Utc};
use events::customer::{Imported, Profile};
use events::{Amount, CustomerEvent};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules::{self, limits};
use super::state::{CustomerState, Standing};
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// Take a customer over from another system. Again with what is known about them already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// Who they are.
    pub profile: Profile,
    /// Whether they are active.
    pub is_active: bool,
    /// The opening balance of points.
    pub loyalty_points: i64,
    /// Orders that they made before.
    pub total_orders: i64,
    /// What they spent before, in the tenant's currency.
    pub total_spent: Amount,
    /// When they were first entered anywhere; `None`: now.
    pub created_at: Option<DateTime<Utc>>,
    /// When they last ordered.
    pub last_order_at: Option<DateTime<Utc>>,
}

impl Import {
    /// Somebody without a past.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            is_active: true,
            loyalty_points: 0,
            total_orders: 0,
            total_spent: Amount::ZERO,
            created_at: None,
            last_order_at: None,
        }
    }

    /// What is wrong with the profile, for whoever found other faults and wants to tell all of them at once.
    #[must_use]
    pub fn profile_errors(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        rules::check_profile(&mut errors, &rules::trimmed(&self.profile));
        errors
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &Import,
    context: &Context,
) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    let profile = rules::trimmed(&command.profile);
    let mut errors = FieldErrors::default();
    rules::check_profile(&mut errors, &profile);
    rules::check_balance(&mut errors, command.loyalty_points);
    if !(0..=limits::ORDERS).contains(&command.total_orders) {
        errors.add("total_orders", format!("Ensure this value is from 0 to {}", limits::ORDERS));
    }
    let created_at = command.created_at.unwrap_or(context.now);
    let created_at = rules::check_past(&mut errors, "created_at", created_at, context.now);
    let last_order_at = command.last_order_at.map(|time| rules::check_past(&mut errors, "last_order_date", time, context.now));
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    let imported = Imported {
        profile,
        is_active: command.is_active,
        loyalty_points: command.loyalty_points,
        total_orders: command.total_orders,
        total_spent: command.total_spent,
        created_at,
        last_order_at,
    };
    match state.standing {
        Standing::Missing => Ok(vec![CustomerEvent::Imported(imported)]),
        Standing::Present if is_known(state, command, &imported) => Ok(Vec::new()),
        Standing::Present | Standing::Deleted => Err(CustomerRejection::AlreadyExists),
        Standing::Forgotten => Err(CustomerRejection::Forgotten),
    }
}

fn is_known(state: &CustomerState, command: &Import, imported: &Imported) -> bool {
    state.profile == imported.profile
        && state.is_active == imported.is_active
        && state.loyalty_points == imported.loyalty_points
        && state.total_orders == imported.total_orders
        && state.total_spent == imported.total_spent
        && state.last_order_at == imported.last_order_at
        && (command.created_at.is_none() || state.created_at == Some(imported.created_at))
}
