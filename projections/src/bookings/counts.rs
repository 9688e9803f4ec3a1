//! How many customers providers have of every kind, kept so that the statistics at any moment are sums of a few rows.
//!
//! What a commit adds stands in four levels: by itself, in its block of 1,024 moments, in the block of 1,024 such blocks, and in all.
//! The sum up to a moment is the great blocks before it, the small blocks behind those, and the single commits behind these. Every
//! row is a sum of what commits added, so a relation is taken out again by adding what it added, negated; and a row that nothing
//! is in any more goes, so that a rebuild agrees.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use events::TenantId;
use sea_query::Value;

use super::history::Step;
use super::relation::RelationRow;
use super::status::{CustomerStatus, REGULAR_FROM};
use crate::customer_history::Moment;
use crate::db::{DbError, Existing, Target, Tx};
use crate::value::text;

/// The table.
pub const COUNTS: Target = Target { table: "provider_counts", columns: &COLUMNS, key: &KEY };

/// The columns that tell rows apart.
pub const KEY: [&str; 5] = ["tenant_id", "provider_id", "month", "level", "block"];
/// The columns that are added up, in the order of [`Tally`].
pub const SUMS: [&str; 12] = [
    "changes",
    "total",
    "bookings",
    "returning_customers",
    "regular_customers",
    "rated",
    "rating_sum",
    "status_new",
    "status_returning",
    "status_regular",
    "status_favorite",
    "status_blocked",
];
const COLUMNS: [&str; KEY.len() + SUMS.len()] = {
    let mut all = [""; KEY.len() + SUMS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < KEY.len() { KEY[at] } else { SUMS[at - KEY.len()] };
        at += 1;
    }
    all
};

/// The provider under whose name all of a tenant's stand.
pub const ALL_PROVIDERS: &str = "";
/// The month under which all relations stand, whenever they began.
pub const ALL_MONTHS: i64 = 0;
/// How many bits of a block's number tell the blocks below it apart.
pub const BITS: u32 = 10;
/// The level in which everything is in one block.
pub const WHOLE: i64 = 3;

/// How many relations of every kind there are, or by how much that changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally(pub [i64; SUMS.len()]);

impl Tally {
    /// What a relation counts.
    fn of(row: &RelationRow) -> Self {
        let is = |holds: bool| i64::from(holds);
        let status = |wanted| is(row.status() == wanted);
        Self([
            0,
            1,
            row.bookings,
            is(row.bookings > 1),
            is(row.bookings >= REGULAR_FROM),
            is(row.ratings > 0),
            row.average_rating().unwrap_or(0),
            status(CustomerStatus::New),
            status(CustomerStatus::Returning),
            status(CustomerStatus::Regular),
            status(CustomerStatus::Favorite),
            status(CustomerStatus::Blocked),
        ])
    }

    /// A relation that began in a month.
    const BEGAN: Self = Self([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

    fn add(&mut self, other: Self, times: i64) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += times * more);
    }

    fn changed(mut self, times: i64) -> Self {
        let [changes, ..] = &mut self.0;
        *changes += times;
        self
    }
}

/// The month of a time: year and month, such as 202403.
#[must_use]
pub fn month(time: DateTime<Utc>) -> i64 {
    i64::from(time.year()) * 100 + i64::from(time.month())
}

/// Tenant, provider, month, level, block.
type Key = (TenantId, String, i64, i64, i64);

/// By how much the counts change.
#[derive(Debug, Default)]
pub struct Deltas(BTreeMap<Key, Tally>);

impl Deltas {
    /// Adds what steps add.
    pub fn add(&mut self, steps: &[Step]) {
        steps.iter().for_each(|step| self.step(step, 1));
    }

    /// Takes out what steps added.
    pub fn remove(&mut self, steps: &[Step]) {
        steps.iter().for_each(|step| self.step(step, -1));
    }

    fn step(&mut self, Step { before, after }: &Step, times: i64) {
        let mut change = Tally::of(after);
        if let Some(before) = before {
            change.add(Tally::of(before), -1);
        }
        self.put(after, ALL_MONTHS, change, times);
        let month_of = |row: &RelationRow| row.first_booking_at.map(month);
        let (old, new) = (before.as_ref().and_then(month_of), month_of(after));
        if old != new {
            for (month, sign) in old.map(|month| (month, -1)).into_iter().chain(new.map(|month| (month, 1))) {
                let mut began = Tally::default();
                began.add(Tally::BEGAN, sign);
                self.put(after, month, began, times);
            }
        }
    }

    fn put(&mut self, row: &RelationRow, month: i64, change: Tally, times: i64) {
        if change == Tally::default() {
            return;
        }
        for provider in [row.provider.as_str(), ALL_PROVIDERS] {
            for level in 0..=WHOLE {
                let key = (row.tenant.clone(), provider.to_owned(), month, level, block(row.at, level));
                self.0.entry(key).or_default().add(change.changed(1), times);
            }
        }
    }

    /// Adds the changes to the table.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn save(self, tx: &mut Tx) -> Result<(), DbError> {
        let deltas: Vec<(Key, Tally)> = self.0.into_iter().filter(|(_, by)| *by != Tally::default()).collect();
        let fewer = deltas.iter().filter(|(_, by)| by.0.first().is_some_and(|changes| *changes < 0));
        let fewer = fewer.map(|(key, _)| values(key)).collect();
        let rows = deltas.iter().map(|(key, by)| values(key).into_iter().chain(by.0.map(Value::from)).collect());
        tx.insert(COUNTS, Existing::Add, rows.collect()).await?;
        tx.delete(COUNTS.table, &KEY, "changes = 0", fewer).await
    }
}

/// The number of the block of a level that a moment is in.
#[must_use]
pub const fn block(at: Moment, level: i64) -> i64 {
    match level {
        0 => at.0,
        1 => at.0 >> BITS,
        2 => at.0 >> (2 * BITS),
        _ => 0,
    }
}

fn values((tenant, provider, month, level, block): &Key) -> Vec<Value> {
    vec![text(tenant.as_str()), text(provider), (*month).into(), (*level).into(), (*block).into()]
}
