//! How many live customers a tenant has of every activity and tier, and how many points they have, at any moment. Pure.
//!
//! After every change stands what the changes of its block have come to so far, and at the end of every block what all changes
//! have come to. So a count at any moment is two rows, and taking a customer's changes out rewrites no more than the rest of
//! their blocks and the ends of the blocks behind them.

use std::collections::BTreeMap;

use events::TenantId;
use events::customer::LoyaltyTier;

use super::moment::Moment;
use super::traces::Change;

/// The columns of [`Totals::values`].
pub const COLUMNS: [&str; 9] = [
    "inactive_bronze",
    "inactive_silver",
    "inactive_gold",
    "inactive_platinum",
    "active_bronze",
    "active_silver",
    "active_gold",
    "active_platinum",
    "points",
];

/// Where customers of an activity and a tier are counted in [`COLUMNS`].
#[must_use]
pub const fn column_of(is_active: bool, tier: LoyaltyTier) -> usize {
    (if is_active { 4 } else { 0 }) + tier as usize
}

/// Customers by activity and tier, then the sum of their balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals(pub [i64; 9]);

impl Totals {
    /// With a change.
    pub fn add(&mut self, change: &Change) {
        self.0[column_of(change.kind.is_active, change.kind.tier)] += change.customers;
        self.0[8] = self.0[8].saturating_add(change.points);
    }

    /// With other totals.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|column| self.0[column].saturating_add(other.0[column])))
    }

    /// What one moment's changes come to.
    pub fn by_moment<'a>(changes: impl IntoIterator<Item = &'a Change>) -> BTreeMap<(TenantId, Moment), Self> {
        let mut sums: BTreeMap<(TenantId, Moment), Self> = BTreeMap::new();
        for change in changes {
            sums.entry((change.tenant.clone(), change.at)).or_default().add(change);
        }
        sums
    }
}

/// Where a tenant's totals end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct End {
    /// The last block with changes.
    pub block: i64,
    /// In how many moments of it something changed.
    pub changes: i64,
    /// What its changes come to.
    pub in_block: Totals,
    /// What all changes come to.
    pub in_all: Totals,
}

/// What changes add.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// After every moment with changes, what those of its block have come to.
    pub running: Vec<(TenantId, Moment, Totals)>,
    /// At the end of every block with changes.
    pub ends: BTreeMap<(TenantId, i64), End>,
}

/// What changes in the order of the log add, from where the totals of their tenants end.
pub fn fold(mut ends: BTreeMap<TenantId, End>, changes: &[Change]) -> Added {
    let mut added = Added::default();
    for ((tenant, at), sum) in Totals::by_moment(changes) {
        let end = ends.entry(tenant.clone()).or_default();
        if end.block != at.block() {
            *end = End { block: at.block(), in_all: end.in_all, ..End::default() };
        }
        end.changes += 1;
        end.in_block = end.in_block.plus(sum);
        end.in_all = end.in_all.plus(sum);
        added.ends.insert((tenant.clone(), end.block), *end);
        added.running.push((tenant, at, end.in_block));
    }
    added
}
