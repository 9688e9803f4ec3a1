//! What a customer's events add up to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use events::customer::{LoyaltyTier, Profile};
use events::{Amount, Contact, CustomerEvent, TagId};
use serde::{Deserialize, Serialize};

use crate::aggregate::EventMeta;

/// Where a customer stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is no such customer.
    #[default]
    Missing,
    /// In lists.
    Present,
    /// Not in lists, and can be restored.
    Deleted,
    /// Forgotten for good; nothing is known any more.
    Forgotten,
}

/// A customer as the events tell: what decisions need and what an answer shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerState {
    /// Where they stand.
    pub standing: Standing,
    /// Who they are.
    pub profile: Profile,
    /// What a channel tells about them.
    pub contact: Contact,
    /// Their tags, each with the name that it had when it was put on.
    pub tags: BTreeMap<TagId, String>,
    /// Whether they are active.
    pub is_active: bool,
    /// The balance of points; never below 0.
    pub loyalty_points: i64,
    /// How many orders they made.
    pub total_orders: i64,
    /// What they spent in all, in the tenant's currency.
    pub total_spent: Amount,
    /// When they were entered, here or in the system that they came from. `Some` once they are.
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When they last ordered.
    pub last_order_at: Option<DateTime<Utc>>,
}

impl CustomerState {
    /// Whether they are in lists.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.standing == Standing::Present
    }

    /// Whether they were taken out of lists and can be restored.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.standing == Standing::Deleted
    }

    /// Whether they were forgotten.
    #[must_use]
    pub fn is_forgotten(&self) -> bool {
        self.standing == Standing::Forgotten
    }

    /// The tier that the balance gives.
    #[must_use]
    pub fn tier(&self) -> LoyaltyTier {
        LoyaltyTier::of(self.loyalty_points)
    }

    pub(super) fn weight(&self) -> usize {
        let p = &self.profile;
        let texts = [&p.name, &p.email, &p.phone, &p.address, &p.city, &p.province, &p.postal_code, &p.notes];
        let c = &self.contact;
        let told = [&c.source_id, &c.username, &c.first_name, &c.last_name, &c.profile_picture];
        let tag = 2 * std::mem::size_of::<String>() + events::ids::MAX_ID_LEN;
        let tags = self.tags.values().map(|name| name.capacity() + tag).sum::<usize>();
        std::mem::size_of::<Self>() + texts.iter().chain(&told).map(|text| text.capacity()).sum::<usize>() + tags
    }
}

/// The state after an event.
pub(super) fn evolve(state: CustomerState, event: &CustomerEvent, meta: &EventMeta) -> CustomerState {
    let mut state = CustomerState { updated_at: Some(meta.recorded_at), ..state };
    match event {
        CustomerEvent::Registered(registered) => CustomerState {
            standing: Standing::Present,
            profile: registered.profile.clone(),
            is_active: registered.is_active,
            loyalty_points: registered.loyalty_points,
            created_at: Some(meta.recorded_at),
            last_order_at: registered.last_order_at,
            ..state
        },
        CustomerEvent::Imported(imported) => CustomerState {
            standing: Standing::Present,
            profile: imported.profile.clone(),
            is_active: imported.is_active,
            loyalty_points: imported.loyalty_points,
            total_orders: imported.total_orders,
            total_spent: imported.total_spent,
            created_at: Some(imported.created_at),
            last_order_at: imported.last_order_at,
            ..state
        },
        CustomerEvent::Arrived(arrived) => CustomerState {
            standing: Standing::Present,
            profile: arrived.profile.clone(),
            contact: arrived.contact.clone(),
            is_active: true,
            created_at: Some(meta.recorded_at),
            ..state
        },
        CustomerEvent::ContactChanged(changed) => CustomerState { contact: changed.contact.clone(), ..state },
        CustomerEvent::Tagged(tagged) => {
            state.tags.insert(tagged.tag.clone(), tagged.name.clone());
            state
        }
        CustomerEvent::Untagged(untagged) => {
            state.tags.remove(&untagged.tag);
            state
        }
        CustomerEvent::ProfileChanged(changed) => {
            changed.apply_to(&mut state.profile);
            CustomerState { last_order_at: changed.last_order_at.or(state.last_order_at), ..state }
        }
        CustomerEvent::PointsUpdated(updated) => CustomerState { loyalty_points: updated.balance, ..state },
        CustomerEvent::OrderRecorded(order) => CustomerState {
            total_orders: state.total_orders.saturating_add(1),
            total_spent: state.total_spent.checked_add(order.amount).unwrap_or(Amount::MAX),
            last_order_at: state.last_order_at.max(Some(order.placed_at)),
            ..state
        },
        CustomerEvent::Activated(_) => CustomerState { is_active: true, ..state },
        CustomerEvent::Deactivated(_) => CustomerState { is_active: false, ..state },
        CustomerEvent::Deleted(_) => CustomerState { standing: Standing::Deleted, ..state },
        CustomerEvent::Restored(_) => CustomerState { standing: Standing::Present, ..state },
        // Folding the erased stream starts here, so nothing of before may be left over.
        CustomerEvent::Forgotten(_) => {
            CustomerState { standing: Standing::Forgotten, updated_at: state.updated_at, ..CustomerState::default() }
        }
    }
}
