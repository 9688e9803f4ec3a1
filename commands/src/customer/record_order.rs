//! Note that a customer bought something.

use chrono::{DateTime, Utc};
use events::customer::OrderRecorded;
use events::tenant::EarningRule;
use events::{Amount, Currency, CustomerEvent};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules::{self, limits};
use super::state::CustomerState;
use super::update_points::points_updated;
use crate::aggregate::Context;
use crate::fields::{FieldErrors, Lines, check_text};

/// Note an order. Each one counts, so this command is the exception: repeated with a number it is refused, since the number
/// is taken then; repeated without one it yields events again (an idempotency key makes a repeated request safe).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordOrder {
    /// The tenant's own number of the order; empty where it gives none. Unique in the tenant.
    pub number: String,
    /// What was paid.
    pub amount: Amount,
    /// What it was paid in.
    pub currency: Currency,
    /// When the order was placed; `None`: now.
    pub placed_at: Option<DateTime<Utc>>,
    /// The tenant's currency.
    pub tenant_currency: Currency,
    /// How the tenant's orders earn points; `None`: they earn none.
    pub earning_rule: Option<EarningRule>,
}

pub(super) fn decide(
    state: &CustomerState,
    command: &RecordOrder,
    context: &Context,
) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let number = command.number.trim();
    let mut errors = FieldErrors::default();
    check_text(&mut errors, "number", number, limits::ORDER_NUMBER, Lines::One);
    let placed_at = rules::check_past(&mut errors, "placed_at", command.placed_at.unwrap_or(context.now), context.now);
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    rules::the_currency_is_the_tenants(&command.currency, &command.tenant_currency)?;
    rules::the_total_stays_an_amount(state.total_spent, command.amount)?;
    let mut events = vec![CustomerEvent::OrderRecorded(OrderRecorded {
        number: number.to_owned(),
        amount: command.amount,
        currency: command.currency.clone(),
        placed_at,
    })];
    let earned = command.earning_rule.map_or(0, |rule| rule.points_for(command.amount));
    if earned > 0 {
        let reason = if number.is_empty() { "order".to_owned() } else { format!("order {number}") };
        events.push(points_updated(state, earned, reason)?);
    }
    Ok(events)
}
