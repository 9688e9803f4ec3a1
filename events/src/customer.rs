//! What happens to a customer (specs 000 and 002).

mod tier;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::amount::{Amount, Currency};
use crate::contact::{Contact, Source};
use crate::define::define_events;
use crate::ids::TagId;

pub use tier::LoyaltyTier;

define_events! {
    /// The events of a customer.
    CustomerEvent {
        /// The customer was entered.
        Registered(Registered) = "customer.registered" v 1,
        /// The customer came from another system, with a past.
        Imported(Imported) = "customer.imported" v 1,
        /// The customer wrote for the first time, in a channel.
        Arrived(Box<Arrived>) = "customer.arrived" v 1,
        /// Parts of the profile changed.
        ProfileChanged(ProfileChanged) = "customer.profile_changed" v 1,
        /// What a channel tells about the customer changed.
        ContactChanged(ContactChanged) = "customer.contact_changed" v 1,
        /// The customer has one more tag.
        Tagged(Tagged) = "customer.tagged" v 1,
        /// The customer has a tag less.
        Untagged(Untagged) = "customer.untagged" v 1,
        /// The points balance changed.
        PointsUpdated(PointsUpdated) = "customer.points_updated" v 1,
        /// The customer bought something.
        OrderRecorded(OrderRecorded) = "customer.order_recorded" v 1,
        /// The customer is active again.
        Activated(Activated) = "customer.activated" v 1,
        /// The customer is not active any more.
        Deactivated(Deactivated) = "customer.deactivated" v 1,
        /// The customer is not in lists any more, and can be restored.
        Deleted(Deleted) = "customer.deleted" v 1,
        /// The customer is back in lists.
        Restored(Restored) = "customer.restored" v 1,
        /// The person asked to be forgotten: all earlier events of the stream are erased.
        Forgotten(Forgotten) = "customer.forgotten" v 1,
    }
}

/// What a tenant writes down about a customer. Text that is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Full name.
    pub name: String,
    /// Email address, trimmed, as it was given. Unique in the tenant without regard to case, where there is one.
    pub email: String,
    /// Phone number as it was given.
    pub phone: String,
    /// Street address.
    pub address: String,
    /// City.
    pub city: String,
    /// Province or state.
    pub province: String,
    /// Postal code.
    pub postal_code: String,
    /// Free notes.
    pub notes: String,
}

impl Profile {
    /// The profile with every text put through a function.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self {
            name: change(&self.name),
            email: change(&self.email),
            phone: change(&self.phone),
            address: change(&self.address),
            city: change(&self.city),
            province: change(&self.province),
            postal_code: change(&self.postal_code),
            notes: change(&self.notes),
        }
    }
}

/// The customer was entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// Who the customer is.
    pub profile: Profile,
    /// Whether the customer starts out active.
    pub is_active: bool,
    /// The opening balance of points.
    pub loyalty_points: i64,
    /// When the customer last ordered, where the tenant knows.
    #[serde(with = "ts_microseconds_option")]
    pub last_order_at: Option<DateTime<Utc>>,
}

/// The customer came from another system, with a past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// Who the customer is.
    pub profile: Profile,
    /// Whether the customer is active.
    pub is_active: bool,
    /// The opening balance of points.
    pub loyalty_points: i64,
    /// Orders made before the import.
    pub total_orders: i64,
    /// Amount spent before the import, in the tenant's currency.
    pub total_spent: Amount,
    /// When the customer was first entered anywhere.
    #[serde(with = "ts_microseconds")]
    pub created_at: DateTime<Utc>,
    /// When the customer last ordered.
    #[serde(with = "ts_microseconds_option")]
    pub last_order_at: Option<DateTime<Utc>>,
}

/// The customer wrote for the first time, in a channel: active, without points and orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arrived {
    /// Who the customer is. The name is the channel's; the email address is empty where the channel told none.
    pub profile: Profile,
    /// What the channel tells.
    pub contact: Contact,
}

/// What a channel tells about the customer changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactChanged {
    /// All that it tells from now on.
    pub contact: Contact,
}

/// The customer has one more tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tagged {
    /// The tag.
    pub tag: TagId,
    /// Its name at the time.
    pub name: String,
}

/// The customer has a tag less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Untagged {
    /// The tag.
    pub tag: TagId,
    /// Its name when it was put on.
    pub name: String,
}

/// Parts of the profile changed; what is `None` stayed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProfileChanged {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The new phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The new street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The new city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The new province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The new postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The new notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The corrected date of the last order.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "ts_microseconds_option")]
    pub last_order_at: Option<DateTime<Utc>>,
}

impl ProfileChanged {
    /// Puts the new values over the old ones.
    pub fn apply_to(&self, profile: &mut Profile) {
        let pairs = [
            (&mut profile.name, &self.name),
            (&mut profile.email, &self.email),
            (&mut profile.phone, &self.phone),
            (&mut profile.address, &self.address),
            (&mut profile.city, &self.city),
            (&mut profile.province, &self.province),
            (&mut profile.postal_code, &self.postal_code),
            (&mut profile.notes, &self.notes),
        ];
        for (old, new) in pairs {
            if let Some(new) = new {
                old.clone_from(new);
            }
        }
    }
}

/// The points balance changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointsUpdated {
    /// The change that was asked for.
    pub requested: i64,
    /// The change that was made; smaller where the balance would have gone below zero.
    pub applied: i64,
    /// The balance after it.
    pub balance: i64,
    /// Why, in the words of who asked.
    pub reason: String,
}

/// The customer bought something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderRecorded {
    /// The tenant's own number of the order; empty where it gave none.
    pub number: String,
    /// What was paid.
    pub amount: Amount,
    /// The tenant's currency.
    pub currency: Currency,
    /// When the order was placed.
    #[serde(with = "ts_microseconds")]
    pub placed_at: DateTime<Utc>,
}

/// The customer is active again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activated {}

/// The customer is not active any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deactivated {}

/// The customer is not in lists any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deleted {}

/// The customer is back in lists.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// The channel that they wrote over, where that brought them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Source>,
}

/// The person asked to be forgotten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forgotten {}
