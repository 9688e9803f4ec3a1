//! The lists in which customers stand in order: one for every order of the customer list, and two for narrow filters.

use events::TenantId;
use events::customer::LoyaltyTier;

use super::moment::Moment;
use crate::customer::{CustomerRow, last_order};
use crate::value::micros;

/// A list in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Order {
    /// By name, without regard to case.
    Name,
    /// By the time of entry.
    CreatedAt,
    /// By the balance of points.
    LoyaltyPoints,
    /// By the number of orders.
    TotalOrders,
    /// By what was spent.
    TotalSpent,
    /// By the time of the last order.
    LastOrder,
    /// By city, then by the time of entry.
    City,
    /// By province, then by the time of entry.
    Province,
}

impl Order {
    /// Every list there is.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::CreatedAt,
        Self::LoyaltyPoints,
        Self::TotalOrders,
        Self::TotalSpent,
        Self::LastOrder,
        Self::City,
        Self::Province,
    ];

    /// Its number in tables.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// The list whose peaks bound the numbers of this one; by name there are no numbers.
    #[must_use]
    pub const fn peaks(self) -> Option<Self> {
        match self {
            Self::Name => None,
            Self::City | Self::Province => Some(Self::CreatedAt),
            Self::CreatedAt | Self::LoyaltyPoints | Self::TotalOrders | Self::TotalSpent | Self::LastOrder => Some(self),
        }
    }

    /// Whether its stays tell who was active. Where they do not, the version of everybody who is walked past is asked: activity is
    /// changed for a thousand customers at once, and would end a thousand stays in each list.
    #[must_use]
    pub const fn tells_activity(self) -> bool {
        match self {
            Self::CreatedAt => true,
            Self::Name
            | Self::LoyaltyPoints
            | Self::TotalOrders
            | Self::TotalSpent
            | Self::LastOrder
            | Self::City
            | Self::Province => false,
        }
    }

    /// Where a customer stands in it.
    #[must_use]
    pub fn place(self, row: &CustomerRow) -> Place {
        let (text, number) = match self {
            Self::Name => (row.name_key(), 0),
            Self::CreatedAt => (String::new(), micros(row.created_at)),
            Self::LoyaltyPoints => (String::new(), row.loyalty_points),
            Self::TotalOrders => (String::new(), row.total_orders),
            Self::TotalSpent => (String::new(), row.total_spent.minor()),
            Self::LastOrder => (String::new(), last_order(row)),
            Self::City => (row.profile.city.clone(), micros(row.created_at)),
            Self::Province => (row.profile.province.clone(), micros(row.created_at)),
        };
        Place { order: self, text, number }
    }
}

/// A place in a list: under a text, then under a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The list.
    pub order: Order,
    /// What it is ordered by first; empty where the list has no texts.
    pub text: String,
    /// What it is ordered by then; 0 where the list has no numbers.
    pub number: i64,
}

/// What filters ask of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Whether the customer is active.
    pub is_active: bool,
    /// The tier.
    pub tier: LoyaltyTier,
    /// The city.
    pub city: String,
    /// The province.
    pub province: String,
}

impl Kind {
    /// The kind of a row.
    #[must_use]
    pub fn of(row: &CustomerRow) -> Self {
        let (city, province) = (row.profile.city.clone(), row.profile.province.clone());
        Self { is_active: row.is_active, tier: row.tier(), city, province }
    }
}

/// A customer's stay at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Whose customer it is.
    pub tenant: TenantId,
    /// The number of the customer's rows.
    pub no: i64,
    /// The place.
    pub place: Place,
    /// What the customer is during the stay. Activity counts only where the list tells it.
    pub kind: Kind,
    /// Since when.
    pub from: Moment,
    /// Until before this moment.
    pub to: Moment,
}

impl Stay {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.to == Moment::OPEN
    }
}

/// The end of a stay that began in an earlier batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// Whose customer it is.
    pub tenant: TenantId,
    /// The number of the customer's rows.
    pub no: i64,
    /// The place.
    pub place: Place,
    /// When.
    pub at: Moment,
}
