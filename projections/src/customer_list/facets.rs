//! How many live customers there are of every kind and how many points they have, kept so that the count of any filtered list
//! and the statistics are sums of a few rows.

use std::collections::HashMap;

use events::TenantId;
use events::customer::LoyaltyTier;

use sea_query::Value;

use crate::customer::{CustomerRow, tier_number};
use crate::db::{DbError, Existing, Target, Tx};
use crate::value::text;

/// The table.
pub const FACETS: Target = Target {
    table: "customer_facets",
    columns: &["tenant_id", "level", "city", "province", "is_active", "tier", "n", "points"],
    key: &["tenant_id", "level", "city", "province", "is_active", "tier"],
};

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

/// By how much a facet changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delta {
    /// More or fewer customers.
    pub customers: i64,
    /// More or fewer points. Kept at level [`Level::All`] only, so that a change of a balance touches no other level.
    pub points: i64,
}

/// By how much the facets change.
#[derive(Debug, Default)]
pub struct Deltas(HashMap<Facet, Delta>);

impl Deltas {
    /// A row changed from one to the other.
    pub fn change(&mut self, before: Option<&CustomerRow>, now: Option<&CustomerRow>) {
        let (before, now) = (before.filter(|row| row.is_live()), now.filter(|row| row.is_live()));
        let same_kind = before.is_some() && before.map(kind) == now.map(kind);
        let levels: &[Level] = if same_kind { &[Level::All] } else { &Level::ALL };
        for (row, by) in before.map(|row| (row, -1)).into_iter().chain(now.map(|row| (row, 1))) {
            for level in levels.iter().copied() {
                let delta = self.0.entry(facet(row, level)).or_default();
                delta.customers += by;
                if level == Level::All {
                    delta.points += by * row.loyalty_points;
                }
            }
        }
    }

    /// The facets that change at all, in a fixed order.
    #[must_use]
    pub fn into_sorted(self) -> Vec<(Facet, Delta)> {
        let mut deltas: Vec<_> = self.0.into_iter().filter(|(_, by)| *by != Delta::default()).collect();
        deltas.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        deltas
    }
}

/// Adds the changes to the table.
///
/// # Errors
/// When the database does not do it.
pub async fn save(tx: &mut Tx, deltas: Deltas) -> Result<(), DbError> {
    let deltas = deltas.into_sorted();
    let fewer = deltas.iter().filter(|(_, by)| by.customers < 0).map(|(facet, _)| facet.key()).collect();
    let rows = deltas.iter().map(|(facet, by)| {
        let mut row = facet.key();
        row.extend([by.customers.into(), by.points.into()]);
        row
    });
    tx.insert(FACETS, Existing::Add, rows.collect()).await?;
    // A kind that nobody is of any more leaves no trace: a rebuild would not know of it either.
    tx.delete(FACETS.table, FACETS.key, "n = 0", fewer).await
}

impl Facet {
    fn key(&self) -> Vec<Value> {
        vec![
            text(self.tenant.as_str()),
            self.level.number().into(),
            text(self.city.as_str()),
            text(self.province.as_str()),
            i64::from(self.is_active).into(),
            tier_number(self.tier).into(),
        ]
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
