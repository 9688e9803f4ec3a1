//! The row of a customer, as it is listed and shown.

use chrono::{DateTime, Utc};
use events::customer::{LoyaltyTier, Profile};
use events::{Amount, CustomerId, Position, StreamVersion, TenantId};
use serde::{Deserialize, Serialize};

/// Whether a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// In lists.
    Live,
    /// Not in lists; can be restored.
    Deleted,
    /// Erased: nothing is left but that there was a customer.
    Forgotten,
}

/// A customer with all fields of spec 002.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// Whose customer it is.
    pub tenant: TenantId,
    /// The customer.
    pub id: CustomerId,
    /// The number of the row: grows in the order in which customers were entered, and is the same after every rebuild.
    pub no: i64,
    /// Whether it is shown.
    pub state: RowState,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The position of the commit with that event: the row is valid from here.
    pub position: Position,
    /// Name, addresses, notes.
    pub profile: Profile,
    /// Whether the customer is active.
    pub is_active: bool,
    /// The balance of points.
    pub loyalty_points: i64,
    /// Orders so far.
    pub total_orders: i64,
    /// Spent so far, in the tenant's currency.
    pub total_spent: Amount,
    /// When the customer was entered.
    pub created_at: DateTime<Utc>,
    /// When anything about the customer changed last.
    pub updated_at: DateTime<Utc>,
    /// When the customer last ordered.
    pub last_order_at: Option<DateTime<Utc>>,
}

impl CustomerRow {
    /// The tier that the balance gives.
    #[must_use]
    pub const fn tier(&self) -> LoyaltyTier {
        LoyaltyTier::of(self.loyalty_points)
    }

    /// Whether the customer is in lists.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == RowState::Live
    }

    /// What orders by name compare: the name without regard to case.
    #[must_use]
    pub fn name_key(&self) -> String {
        super::search::fold(&self.profile.name)
    }

    /// What searches look in: name, email and phone without regard to case, one per line.
    #[must_use]
    pub fn search_text(&self) -> String {
        super::search::text(&self.profile)
    }
}
