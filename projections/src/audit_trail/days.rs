//! Which rows a day begins and ends with, so that it can be told which days a position of the log is within.

use std::collections::{BTreeMap, BTreeSet};

use events::TenantId;
use sea_query::Value;

use super::counts::{DAY_MICROS, day_of};
use super::row::AuditRow;
use super::table::DAYS;
use crate::db::{DbError, Existing, Sql, Tx};
use crate::value::{parsed, text};

/// A day of a tenant.
type Day = (TenantId, i64);

/// Where a row stands: the day, and its number.
pub type Place = (Day, i64);

/// Where a row stands.
pub fn place(row: &AuditRow) -> Place {
    ((row.tenant.clone(), day_of(row.recorded_at)), row.no)
}

/// Takes rows into their days.
pub async fn extend(tx: &mut Tx, rows: &[AuditRow]) -> Result<(), DbError> {
    let mut days: BTreeMap<Day, (i64, i64)> = BTreeMap::new();
    for (day, no) in rows.iter().map(place) {
        let (first, last) = days.entry(day).or_insert((no, no));
        (*first, *last) = ((*first).min(no), (*last).max(no));
    }
    let known = load(tx, days.keys()).await?;
    for (day, (first, last)) in &mut days {
        if let Some((known_first, known_last)) = known.get(day) {
            (*first, *last) = ((*first).min(*known_first), (*last).max(*known_last));
        }
    }
    tx.insert(DAYS, Existing::Replace, days.iter().map(|(day, ends)| values(day, *ends)).collect()).await
}

/// Takes note that rows are gone: a day that began or ended with one of them is looked through again.
pub async fn shrink(tx: &mut Tx, gone: Vec<Place>) -> Result<(), DbError> {
    let days: BTreeSet<&Day> = gone.iter().map(|(day, _)| day).collect();
    let known = load(tx, days.iter().copied()).await?;
    let was_end = |(day, no): &&Place| known.get(day).is_some_and(|(first, last)| no == first || no == last);
    let touched: BTreeSet<&Day> = gone.iter().filter(was_end).map(|(day, _)| day).collect();
    for day in touched {
        let (tenant, number) = (text(day.0.as_str()), day.1);
        let ends = "SELECT MIN(no), MAX(no) FROM audit_events WHERE tenant_id = $1 AND recorded_at >= $2 AND recorded_at < $3";
        let from = number.saturating_mul(DAY_MICROS);
        let within = [tenant, from.into(), from.saturating_add(DAY_MICROS).into()];
        let found: Vec<(Option<i64>, Option<i64>)> = tx.fetch_all(Sql::fixed(ends, within)).await?;
        match found.first() {
            Some((Some(first), Some(last))) => tx.insert(DAYS, Existing::Replace, vec![values(day, (*first, *last))]).await?,
            _ => tx.delete(DAYS.table, DAYS.key, "0 = 0", vec![key(day)]).await?,
        }
    }
    Ok(())
}

async fn load<'a>(tx: &mut Tx, days: impl Iterator<Item = &'a Day>) -> Result<BTreeMap<Day, (i64, i64)>, DbError> {
    let select = "SELECT d.tenant_id, d.day, d.first_no, d.last_no FROM audit_days d \
                  WHERE (d.tenant_id, d.day) IN (SELECT v.column1, v.column2 FROM {keys})";
    let stored: Vec<(String, i64, i64, i64)> = tx.lookup(select, days.map(key).collect()).await?;
    let known = |(tenant, day, first, last)| Ok(((parsed(tenant, DAYS.table, "tenant_id")?, day), (first, last)));
    stored.into_iter().map(known).collect()
}

fn key((tenant, day): &Day) -> Vec<Value> {
    vec![text(tenant.as_str()), (*day).into()]
}

fn values(day: &Day, (first, last): (i64, i64)) -> Vec<Value> {
    [key(day), vec![first.into(), last.into()]].concat()
}
