//! Statistics of providers' customers, now and then (spec 003, "Statistics Dashboard"): sums of a few kept rows.

use chrono::{DateTime, Utc};
use projections::bookings::counts::{ALL_MONTHS, BITS, WHOLE, month};
use projections::bookings::{CustomerStatus, NAME};
use projections::db::Sql;
use projections::{Db, ReadModels};

use super::filter::Whose;
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// How many customers of every kind providers have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProviderStats {
    /// Customers.
    pub total: u64,
    /// Their bookings.
    pub bookings: u64,
    /// With more than one booking.
    pub returning: u64,
    /// With five bookings or more.
    pub regular: u64,
    /// Who rated.
    pub rated: u64,
    /// The sum of their averages, in thousandths.
    pub rating_sum: u64,
    /// By status, in the order of [`CustomerStatus::ALL`].
    pub by_status: [u64; 5],
    /// Whose first booking was in the month.
    pub new_in_month: u64,
}

impl ProviderStats {
    /// How many have this status.
    #[must_use]
    pub fn with(&self, status: CustomerStatus) -> u64 {
        self.by_status.get(status as usize).copied().unwrap_or(0)
    }

    /// The average of the customers' averages in thousandths, rounded half up; 0 where nobody rated.
    #[must_use]
    pub fn average_rating(&self) -> u64 {
        (self.rating_sum + self.rated / 2).checked_div(self.rated).unwrap_or(0)
    }

    /// How many of a hundred came back, in hundredths, rounded half up.
    #[must_use]
    pub fn retention(&self) -> u64 {
        (self.returning * 10_000 + self.total / 2).checked_div(self.total).unwrap_or(0)
    }
}

/// The statistics, and how many had their first booking in the month (in UTC) that `month_of` is in; `as_of`: as it was then.
///
/// # Errors
/// When the database does not answer.
pub async fn stats(
    models: &ReadModels,
    scope: &Scope,
    whose: &Whose,
    as_of: Option<AsOf>,
    month_of: DateTime<Utc>,
) -> Result<ProviderStats, QueryError> {
    let db = &models.of(NAME)?;
    let new_in_month = sums(db, scope, whose, month(month_of), as_of).await?.total;
    Ok(ProviderStats { new_in_month, ..counts(db, scope, whose, as_of).await? })
}

/// The statistics without the month.
pub(super) async fn counts(db: &Db, scope: &Scope, whose: &Whose, as_of: Option<AsOf>) -> Result<ProviderStats, QueryError> {
    sums(db, scope, whose, ALL_MONTHS, as_of).await
}

const SUMS: &str = "CAST(COALESCE(SUM(total), 0) AS BIGINT), CAST(COALESCE(SUM(bookings), 0) AS BIGINT), CAST(COALESCE(SUM(returning_customers), 0) AS BIGINT), \
     CAST(COALESCE(SUM(regular_customers), 0) AS BIGINT), CAST(COALESCE(SUM(rated), 0) AS BIGINT), \
     CAST(COALESCE(SUM(rating_sum), 0) AS BIGINT), CAST(COALESCE(SUM(status_new), 0) AS BIGINT), \
     CAST(COALESCE(SUM(status_returning), 0) AS BIGINT), CAST(COALESCE(SUM(status_regular), 0) AS BIGINT), \
     CAST(COALESCE(SUM(status_favorite), 0) AS BIGINT), CAST(COALESCE(SUM(status_blocked), 0) AS BIGINT)";

type Row = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

async fn sums(db: &Db, scope: &Scope, whose: &Whose, month: i64, as_of: Option<AsOf>) -> Result<ProviderStats, QueryError> {
    let mut stats = ProviderStats::default();
    for (level, from, to) in stretches(as_of) {
        let text = format!(
            "SELECT {SUMS} FROM provider_counts WHERE tenant_id = $1 AND provider_id = $2 AND month = $3 AND level = $4 \
             AND block >= $5 AND block < $6"
        );
        let key = [scope.id().as_str().into(), whose.key().into(), month.into(), level.into(), from.into(), to.into()];
        let row: Option<Row> = db.fetch_optional(Sql::composed(text, key)).await?;
        let (total, bookings, returning, regular, rated, rating_sum, new, again, often, favorite, blocked) =
            row.unwrap_or_default();
        let sum = |sum: &mut u64, more: i64| *sum = sum.wrapping_add_signed(more);
        sum(&mut stats.total, total);
        sum(&mut stats.bookings, bookings);
        sum(&mut stats.returning, returning);
        sum(&mut stats.regular, regular);
        sum(&mut stats.rated, rated);
        sum(&mut stats.rating_sum, rating_sum);
        stats.by_status.iter_mut().zip([new, again, often, favorite, blocked]).for_each(|(known, more)| sum(known, more));
    }
    Ok(stats)
}

/// The stretches of blocks whose sums add up: level, first block, and the one behind the last. Parts may be negative where the sum
/// is not: a stretch can be one in which customers only left a kind.
fn stretches(as_of: Option<AsOf>) -> Vec<(i64, i64, i64)> {
    let Some(as_of) = as_of else { return vec![(WHOLE, 0, 1)] };
    let at = as_of.moment().0;
    let (small, great) = (at >> BITS, at >> (2 * BITS));
    vec![(2, 0, great), (1, great << BITS, small), (0, small << BITS, at + 1)]
}
