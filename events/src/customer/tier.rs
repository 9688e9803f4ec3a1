//! Loyalty tiers.

use serde::{Deserialize, Serialize};

/// The loyalty tier that a balance gives (spec 002, `loyalty_tier`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LoyaltyTier {
    /// Below 100 points.
    Bronze,
    /// From 100 points.
    Silver,
    /// From 500 points.
    Gold,
    /// From 1,000 points.
    Platinum,
}

impl LoyaltyTier {
    /// Every tier, lowest first.
    pub const ALL: [Self; 4] = [Self::Bronze, Self::Silver, Self::Gold, Self::Platinum];

    /// The tier of a balance.
    #[must_use]
    pub const fn of(points: i64) -> Self {
        match points {
            1000.. => Self::Platinum,
            500.. => Self::Gold,
            100.. => Self::Silver,
            _ => Self::Bronze,
        }
    }

    /// The name to show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bronze => "Bronze",
            Self::Silver => "Silver",
            Self::Gold => "Gold",
            Self::Platinum => "Platinum",
        }
    }

    /// The least balance of the tier, and the least of the next one where there is one.
    #[must_use]
    pub const fn bounds(self) -> (i64, Option<i64>) {
        match self {
            Self::Bronze => (0, Some(100)),
            Self::Silver => (100, Some(500)),
            Self::Gold => (500, Some(1000)),
            Self::Platinum => (1000, None),
        }
    }
}
