//! Change what is written down about a customer, in whole or in part.

use chrono::{DateTime, Utc};
use events::CustomerEvent;
use events::customer::{Activated, Deactivated, PointsUpdated, Profile, ProfileChanged};
use serde::Serialize;

use super::error::CustomerRejection;
use super::rules;
use super::state::CustomerState;
use crate::aggregate::Context;
use crate::fields::FieldErrors;

/// The reason that the ledger gives for a balance that was set with the profile.
const REASON: &str = "profile update";

/// Change what is written down about a customer; what is `None` stays. What is so already yields no events.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// The phone number; empty takes it away.
    pub phone: Option<String>,
    /// The street address.
    pub address: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The province.
    pub province: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The notes.
    pub notes: Option<String>,
    /// Whether they are active.
    pub is_active: Option<bool>,
    /// The balance of points to set.
    pub loyalty_points: Option<i64>,
    /// The corrected time of the last order.
    pub last_order_at: Option<DateTime<Utc>>,
}

impl Change {
    /// The whole profile: a text that is empty here is empty afterwards. What is no part of the profile stays unless it is set.
    #[must_use]
    pub fn whole(profile: Profile) -> Self {
        Self {
            name: Some(profile.name),
            email: Some(profile.email),
            phone: Some(profile.phone),
            address: Some(profile.address),
            city: Some(profile.city),
            province: Some(profile.province),
            postal_code: Some(profile.postal_code),
            notes: Some(profile.notes),
            ..Self::default()
        }
    }

    /// The profile as it would be.
    fn over(&self, old: &Profile) -> Profile {
        let text = |new: &Option<String>, old: &String| new.as_ref().map_or_else(|| old.clone(), |new| new.trim().to_owned());
        Profile {
            name: text(&self.name, &old.name),
            email: text(&self.email, &old.email),
            phone: text(&self.phone, &old.phone),
            address: text(&self.address, &old.address),
            city: text(&self.city, &old.city),
            province: text(&self.province, &old.province),
            postal_code: text(&self.postal_code, &old.postal_code),
            notes: text(&self.notes, &old.notes),
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &Change,
    context: &Context,
) -> Result<Vec<CustomerEvent>, CustomerRejection> {
    rules::the_customer_is_present(state)?;
    let profile = command.over(&state.profile);
    let mut errors = FieldErrors::default();
    rules::check_profile_of_known(&mut errors, &state.profile.email, &profile);
    if let Some(points) = command.loyalty_points {
        rules::check_balance(&mut errors, points);
    }
    let last_order_at = command.last_order_at.map(|time| rules::check_past(&mut errors, "last_order_date", time, context.now));
    errors.into_result().map_err(CustomerRejection::Invalid)?;
    let changed = difference(&state.profile, profile, last_order_at.filter(|_| last_order_at != state.last_order_at));
    let mut events = Vec::new();
    if changed != ProfileChanged::default() {
        events.push(CustomerEvent::ProfileChanged(changed));
    }
    events.extend(activity(state, command.is_active));
    events.extend(command.loyalty_points.and_then(|points| points_set(state, points)));
    Ok(events)
}

/// What is another than before.
pub(super) fn difference(old: &Profile, new: Profile, last_order_at: Option<DateTime<Utc>>) -> ProfileChanged {
    let other = |old: &String, new: String| if *old == new { None } else { Some(new) };
    ProfileChanged {
        name: other(&old.name, new.name),
        email: other(&old.email, new.email),
        phone: other(&old.phone, new.phone),
        address: other(&old.address, new.address),
        city: other(&old.city, new.city),
        province: other(&old.province, new.province),
        postal_code: other(&old.postal_code, new.postal_code),
        notes: other(&old.notes, new.notes),
        last_order_at,
    }
}

fn activity(state: &CustomerState, wanted: Option<bool>) -> Option<CustomerEvent> {
    match wanted {
        Some(true) if !state.is_active => Some(CustomerEvent::Activated(Activated {})),
        Some(false) if state.is_active => Some(CustomerEvent::Deactivated(Deactivated {})),
        Some(true | false) | None => None,
    }
}

fn points_set(state: &CustomerState, balance: i64) -> Option<CustomerEvent> {
    let change = balance - state.loyalty_points;
    let updated = PointsUpdated { requested: change, applied: change, balance, reason: REASON.to_owned() };
    (change != 0).then_some(CustomerEvent::PointsUpdated(updated))
}
