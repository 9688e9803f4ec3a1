//! Which unique names change hands with a customer's events: the email address, and the numbers of orders.

use events::{ClaimKey, ClaimName, CustomerEvent, StreamRef};

use super::state::CustomerState;
use crate::aggregate::{ClaimChange, ClaimMove};

/// The claims before and after the events. A customer holds its email address while it is in lists; an order's number stays taken
/// for ever, also when the customer goes.
pub(super) fn changes(stream: &StreamRef, before: &CustomerState, events: &[CustomerEvent]) -> Vec<ClaimChange> {
    let mut email = before.profile.email.as_str();
    let mut holds = before.is_present();
    let mut changes = Vec::new();
    for event in events {
        match event {
            CustomerEvent::Registered(registered) => (email, holds) = (&registered.profile.email, true),
            CustomerEvent::Imported(imported) => (email, holds) = (&imported.profile.email, true),
            CustomerEvent::ProfileChanged(changed) => email = changed.email.as_deref().unwrap_or(email),
            CustomerEvent::Restored(_) => holds = true,
            CustomerEvent::Deleted(_) | CustomerEvent::Forgotten(_) => holds = false,
            CustomerEvent::OrderRecorded(order) if !order.number.is_empty() => {
                let key = ClaimKey::new(&stream.tenant, ClaimName::OrderNumber, &order.number);
                changes.push(ClaimChange { key, change: ClaimMove::Acquire });
            }
            CustomerEvent::OrderRecorded(_)
            | CustomerEvent::PointsUpdated(_)
            | CustomerEvent::Activated(_)
            | CustomerEvent::Deactivated(_) => {}
        }
    }
    let key = |email: &str| ClaimKey::email(&stream.tenant, ClaimName::CustomerEmail, email);
    let held = before.is_present().then(|| key(&before.profile.email));
    let wanted = holds.then(|| key(email));
    if held != wanted {
        changes.extend(wanted.map(|key| ClaimChange { key, change: ClaimMove::Acquire }));
        changes.extend(held.map(|key| ClaimChange { key, change: ClaimMove::Release }));
    }
    changes
}
