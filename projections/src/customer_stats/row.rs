//! The statistics of a tenant.

use events::customer::LoyaltyTier;

/// The statistics of a tenant's customers; those who were deleted or forgotten do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CustomerStats {
    /// All customers.
    pub total: i64,
    /// Those who are active.
    pub active: i64,
    /// The sum of all balances.
    pub points: i64,
    /// Customers in each tier, in the order of [`LoyaltyTier::ALL`].
    pub by_tier: [i64; 4],
}

impl CustomerStats {
    /// Customers in a tier.
    #[must_use]
    pub const fn in_tier(&self, tier: LoyaltyTier) -> i64 {
        self.by_tier[tier as usize]
    }
}
