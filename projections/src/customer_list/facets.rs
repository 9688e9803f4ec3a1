//! How many live customers there are of every kind, kept so that the count of any filtered list is the sum of a few rows. Pure.

use std::collections::HashMap;

use events::TenantId;
use events::customer::LoyaltyTier;

use crate::customer::CustomerRow;

/// Which of city and province a facet tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Neither.
    All,
    /// The city.
    City,
    /// The province.
    Province,
    /// Both.
    Both,
}

impl Level {
    /// Every level there is.
    pub const ALL: [Self; 4] = [Self::All, Self::City, Self::Province, Self::Both];

    /// The level that answers a filter.
    #[must_use]
    pub const fn of(city: bool, province: bool) -> Self {
        match (city, province) {
            (false, false) => Self::All,
            (true, false) => Self::City,
            (false, true) => Self::Province,
            (true, true) => Self::Both,
        }
    }

    /// The number in tables.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    const fn has_city(self) -> bool {
        matches!(self, Self::City | Self::Both)
    }

    const fn has_province(self) -> bool {
        matches!(self, Self::Province | Self::Both)
    }
}

/// A kind of customer at some level; what the level does not tell apart is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Facet {
    /// Whose customers.
    pub tenant: TenantId,
    /// The level.
    pub level: Level,
    /// The city.
    pub city: String,
    /// The province.
    pub province: String,
    /// Whether they are active.
    pub is_active: bool,
    /// Their tier.
    pub tier: LoyaltyTier,
}

/// By how much the counts change.
#[derive(Debug, Default)]
pub struct Deltas(HashMap<Facet, i64>);

impl Deltas {
    /// A row changed from one to the other.
    pub fn change(&mut self, before: Option<&CustomerRow>, now: Option<&CustomerRow>) {
        let (before, now) = (before.filter(|row| row.is_live()), now.filter(|row| row.is_live()));
        if let (Some(before), Some(now)) = (before, now)
            && kind(before) == kind(now)
        {
            return;
        }
        for (row, by) in [(before, -1), (now, 1)] {
            for level in Level::ALL.into_iter().filter(|_| row.is_some()) {
                if let Some(row) = row {
                    *self.0.entry(facet(row, level)).or_default() += by;
                }
            }
        }
    }

    /// The counts that change at all, in a fixed order.
    #[must_use]
    pub fn into_sorted(self) -> Vec<(Facet, i64)> {
        let mut deltas: Vec<_> = self.0.into_iter().filter(|(_, by)| *by != 0).collect();
        deltas.sort_unstable();
        deltas
    }
}

fn kind(row: &CustomerRow) -> (&str, &str, bool, LoyaltyTier) {
    (&row.profile.city, &row.profile.province, row.is_active, row.tier())
}

fn facet(row: &CustomerRow, level: Level) -> Facet {
    let part = |counts: bool, text: &String| if counts { text.clone() } else { String::new() };
    Facet {
        tenant: row.tenant.clone(),
        level,
        city: part(level.has_city(), &row.profile.city),
        province: part(level.has_province(), &row.profile.province),
        is_active: row.is_active,
        tier: row.tier(),
    }
}
