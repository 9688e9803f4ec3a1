//! The statistics of a tenant's customers, as sums over the facets.

use events::TenantId;
use events::customer::LoyaltyTier;

use crate::db::{Db, DbError, Sql};
use crate::value::text;

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

/// The statistics of a tenant, from eight rows at most; all zero when it has no customers.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(db: &Db, tenant: &TenantId) -> Result<CustomerStats, DbError> {
    let select = Sql::fixed(
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), CAST(COALESCE(SUM(n * is_active), 0) AS BIGINT), \
         CAST(COALESCE(SUM(points), 0) AS BIGINT), CAST(COALESCE(SUM(CASE tier WHEN 0 THEN n END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE tier WHEN 1 THEN n END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE tier WHEN 2 THEN n END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE tier WHEN 3 THEN n END), 0) AS BIGINT) \
         FROM customer_facets WHERE tenant_id = $1 AND level = 0 AND city = '' AND province = ''",
        [text(tenant.as_str())],
    );
    let row: Option<(i64, i64, i64, i64, i64, i64, i64)> = db.fetch_optional(select).await?;
    let (total, active, points, bronze, silver, gold, platinum) = row.unwrap_or_default();
    Ok(CustomerStats { total, active, points, by_tier: [bronze, silver, gold, platinum] })
}
