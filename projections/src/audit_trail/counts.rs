//! Counts that are kept: how many rows and changed fields there are of every kind, per day and in all.
//!
//! So the length of a list is the sum of a few cells, whatever stands in it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use events::{StreamKind, TenantId};

use super::row::AuditRow;

/// The day under which all days are counted together.
pub const ALL_DAYS: i64 = -1;
/// The first day that anything is counted under: the id of an event counts its time from there.
pub const FIRST_DAY: i64 = 0;
/// Microseconds of a day.
pub const DAY_MICROS: i64 = 86_400_000_000;

/// The day of a time: whole days since 1970, in UTC.
#[must_use]
pub const fn day_of(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros().div_euclid(DAY_MICROS)
}

/// What rows are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    /// Whose they are.
    pub tenant: TenantId,
    /// When they were recorded, or [`ALL_DAYS`].
    pub day: i64,
    /// The kind of the record.
    pub kind: StreamKind,
    /// What happened.
    pub activity: &'static str,
    /// Who did it.
    pub actor_id: String,
}

/// What changed fields are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldKey {
    /// Whose they are.
    pub tenant: TenantId,
    /// When they were recorded, or [`ALL_DAYS`].
    pub day: i64,
    /// The kind of the record.
    pub kind: StreamKind,
    /// The field.
    pub field: String,
}

/// By how much counts change.
#[derive(Debug, Default)]
pub struct Counts {
    /// Rows, and fields that they changed.
    pub rows: BTreeMap<CellKey, (i64, i64)>,
    /// Changes by field.
    pub fields: BTreeMap<FieldKey, i64>,
}

impl Counts {
    /// Counts a row, or with -1 takes it out again.
    pub fn add(&mut self, row: &AuditRow, by: i64) {
        let fields = i64::try_from(row.changes.len()).unwrap_or(0);
        for day in [ALL_DAYS, day_of(row.recorded_at)] {
            let (activity, actor_id) = (row.activity.name, row.actor.id.clone());
            let key = CellKey { tenant: row.tenant.clone(), day, kind: row.kind, activity, actor_id };
            let cell = self.rows.entry(key).or_default();
            *cell = (cell.0 + by, cell.1 + by * fields);
            for change in &row.changes {
                let key = FieldKey { tenant: row.tenant.clone(), day, kind: row.kind, field: change.field.clone() };
                *self.fields.entry(key).or_default() += by;
            }
        }
    }
}
