//! The tables of the statistics.

use std::collections::{BTreeSet, HashMap};

use events::TenantId;

use super::fold::{Key, Member, Members};
use super::row::CustomerStats;
use crate::customer_list::{RowState, state_of};
use crate::db::{Db, DbError, Existing, Sql, Target, Tx};
use crate::value::{number, parsed, text, version};

/// The table of the statistics.
pub const STATS: Target = Target {
    table: "customer_stats",
    columns: &["tenant_id", "total", "active", "points", "bronze", "silver", "gold", "platinum"],
    key: &["tenant_id"],
};
/// The table of what each customer adds.
pub const MEMBERS: Target = Target {
    table: "customer_stats_members",
    columns: &["tenant_id", "id", "version", "state", "is_active", "points"],
    key: &["tenant_id", "id"],
};

/// The shares of these customers.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<&Key>) -> Result<Members, DbError> {
    let select = "SELECT m.tenant_id, m.id, m.version, m.state, m.is_active, m.points FROM {keys} \
                  CROSS JOIN customer_stats_members m WHERE m.tenant_id = v.column1 AND m.id = v.column2";
    let keys = keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    let stored: Vec<(String, String, i64, i64, i64, i64)> = tx.lookup(select, keys).await?;
    let mut members = HashMap::with_capacity(stored.len());
    for (tenant, id, at, state, is_active, points) in stored {
        let key = (parsed(tenant, MEMBERS.table, "tenant_id")?, parsed(id, MEMBERS.table, "id")?);
        let state = state_of(state).ok_or(DbError::Value { table: MEMBERS.table, column: "state" })?;
        members.insert(key, Member { version: version(at), state, is_active: is_active != 0, points });
    }
    Ok(Members::new(members))
}

/// Writes what a batch changed.
pub async fn save(tx: &mut Tx, members: Members) -> Result<(), DbError> {
    let (changed, deltas) = members.into_changes();
    let mut rows: Vec<(Key, Member)> = changed.into_iter().collect();
    rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let values = rows.into_iter().map(|((tenant, id), member)| {
        vec![
            text(tenant),
            text(id),
            number(member.version).into(),
            (member.state as i64).into(),
            i64::from(member.is_active).into(),
            member.points.into(),
        ]
    });
    tx.insert(MEMBERS, Existing::Replace, values.collect()).await?;
    let mut deltas: Vec<(TenantId, CustomerStats)> = deltas.into_iter().collect();
    deltas.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let values = deltas.into_iter().map(|(tenant, by)| {
        let counts = [by.total, by.active, by.points].into_iter().chain(by.by_tier).map(Into::into);
        std::iter::once(text(tenant)).chain(counts).collect()
    });
    tx.insert(STATS, Existing::Add, values.collect()).await
}

/// The statistics of a tenant; all zero when it has no customers.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(db: &Db, tenant: &TenantId) -> Result<CustomerStats, DbError> {
    let select = Sql::fixed(
        "SELECT total, active, points, bronze, silver, gold, platinum FROM customer_stats WHERE tenant_id = $1",
        [text(tenant.as_str())],
    );
    let row: Option<(i64, i64, i64, i64, i64, i64, i64)> = db.fetch_optional(select).await?;
    Ok(row.map_or_else(CustomerStats::default, |(total, active, points, bronze, silver, gold, platinum)| CustomerStats {
        total,
        active,
        points,
        by_tier: [bronze, silver, gold, platinum],
    }))
}

const _: () = assert!(RowState::Live as i64 == 0, "migrations count on the number of the live state");
