//! The tables of counts: totals, changes of kinds, and marks.

use std::collections::{BTreeMap, BTreeSet};

use events::TenantId;
use sea_query::Value;

use super::marks::{self, Mark, Marks};
use super::moment::Moment;
use super::table;
use super::totals::{self, COLUMNS, End, Totals};
use super::traces::{Change, Traces};
use crate::customer_list::facets::Facet;
use crate::db::{DbError, Existing, Tx};
use crate::value::text;

/// The condition that a row `m` is about the facet of a row `v`.
const FACET: &str = "m.tenant_id = v.column1 AND m.level = v.column2 AND m.city = v.column3 AND m.province = v.column4 \
                     AND m.is_active = v.column5 AND m.tier = v.column6";

/// Writes what changes come to.
pub async fn save(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    let tenants: BTreeSet<&TenantId> = traces.changes.iter().map(|change| &change.tenant).collect();
    let added = totals::fold(ends(tx, &tenants).await?, &traces.changes);
    let running = added.running.iter().map(|(tenant, at, totals)| table::running(tenant, *at, *totals));
    tx.insert(table::RUNNING, Existing::Refuse, running.collect()).await?;
    let blocks = added.ends.iter().map(|((tenant, _), end)| table::block(tenant, end));
    tx.insert(table::BLOCKS, Existing::Replace, blocks.collect()).await?;
    let facets: BTreeSet<Facet> = traces.changes.iter().flat_map(marks::facets).collect();
    let marks = marks::fold(last_marks(tx, facets).await?, &traces.changes);
    let marks = marks.iter().map(|((facet, block), mark)| table::mark(facet, *block, *mark));
    tx.insert(table::MARKS, Existing::Replace, marks.collect()).await?;
    let changes = traces.changes.iter().filter(|change| change.customers != 0);
    tx.insert(table::CHANGES, Existing::Refuse, changes.map(table::change).collect()).await
}

/// A row of totals as it is read.
#[derive(sqlx::FromRow)]
struct StoredTotals {
    tenant_id: String,
    block: i64,
    changes: i64,
    #[sqlx(flatten)]
    totals: Columns,
}

/// The columns of totals as they are read.
#[derive(sqlx::FromRow)]
struct Columns {
    inactive_bronze: i64,
    inactive_silver: i64,
    inactive_gold: i64,
    inactive_platinum: i64,
    active_bronze: i64,
    active_silver: i64,
    active_gold: i64,
    active_platinum: i64,
    points: i64,
}

impl From<Columns> for Totals {
    fn from(of: Columns) -> Self {
        let inactive = [of.inactive_bronze, of.inactive_silver, of.inactive_gold, of.inactive_platinum];
        let active = [of.active_bronze, of.active_silver, of.active_gold, of.active_platinum];
        let mut columns = inactive.into_iter().chain(active).chain([of.points]);
        Self(std::array::from_fn(|_| columns.next().unwrap_or_default()))
    }
}

/// Where the totals of tenants end.
async fn ends(tx: &mut Tx, tenants: &BTreeSet<&TenantId>) -> Result<BTreeMap<TenantId, End>, DbError> {
    let keys: Vec<Vec<Value>> = tenants.iter().map(|tenant| vec![text(tenant.as_str())]).collect();
    let columns = COLUMNS.map(|column| format!("t.{column}")).join(", ");
    let blocks = format!(
        "SELECT t.tenant_id, t.block, t.changes, {columns} FROM {{keys}} CROSS JOIN customer_block_totals t \
         WHERE t.tenant_id = v.column1 \
         AND t.block = (SELECT MAX(l.block) FROM customer_block_totals l WHERE l.tenant_id = v.column1)"
    );
    let running = format!(
        "SELECT t.tenant_id, CAST(0 AS BIGINT) AS block, CAST(0 AS BIGINT) AS changes, {columns} \
         FROM {{keys}} CROSS JOIN customer_totals t WHERE t.tenant_id = v.column1 \
         AND t.at = (SELECT MAX(l.at) FROM customer_totals l WHERE l.tenant_id = v.column1)"
    );
    let in_all: Vec<StoredTotals> = tx.lookup(&blocks, keys.clone()).await?;
    let in_block: Vec<StoredTotals> = tx.lookup(&running, keys).await?;
    let mut in_block: BTreeMap<String, Totals> =
        in_block.into_iter().map(|stored| (stored.tenant_id, stored.totals.into())).collect();
    let found = in_all.into_iter().filter_map(|stored| {
        let tenant = tenants.iter().find(|tenant| tenant.as_str() == stored.tenant_id)?;
        let in_block = in_block.remove(&stored.tenant_id).unwrap_or_default();
        let end = End { block: stored.block, changes: stored.changes, in_block, in_all: stored.totals.into() };
        Some(((*tenant).clone(), end))
    });
    Ok(found.collect())
}

/// The last marks of facets, with their blocks.
async fn last_marks(tx: &mut Tx, facets: BTreeSet<Facet>) -> Result<BTreeMap<Facet, (i64, Mark)>, DbError> {
    let select = format!(
        "SELECT v.column7, m.block, m.changes, m.n FROM {{keys}} CROSS JOIN customer_marks m \
         WHERE {FACET} AND m.block = (SELECT MAX(l.block) FROM customer_marks l WHERE {})",
        FACET.replace("m.", "l.")
    );
    let facets: Vec<Facet> = facets.into_iter().collect();
    let key = |(index, facet): (i64, &Facet)| keyed(facet, [index.into()]);
    let found: Vec<(i64, i64, i64, i64)> = tx.lookup(&select, (0_i64..).zip(&facets).map(key).collect()).await?;
    let mut last = BTreeMap::new();
    for (index, block, changes, customers) in found {
        let facet = usize::try_from(index).ok().and_then(|index| facets.get(index));
        last.extend(facet.map(|facet| (facet.clone(), (block, Mark { changes, customers }))));
    }
    Ok(last)
}

/// Takes changes of a tenant out, as if they had never been.
pub async fn erase(tx: &mut Tx, tenant: &TenantId, changes: &[Change]) -> Result<(), DbError> {
    erase_totals(tx, tenant, changes).await?;
    erase_marks(tx, changes).await?;
    let moments: BTreeSet<Moment> = changes.iter().map(|change| change.at).collect();
    let keys = || moments.iter().map(|at| vec![text(tenant.as_str()), at.0.into()]).collect();
    tx.delete(table::RUNNING.table, table::RUNNING.key, "0 = 0", keys()).await?;
    tx.delete(table::CHANGES.table, &["tenant_id", "at"], "0 = 0", keys()).await
}

/// What stands behind a change has it in it: the rest of its block, and the ends of that and all later blocks.
async fn erase_totals(tx: &mut Tx, tenant: &TenantId, changes: &[Change]) -> Result<(), DbError> {
    let lower = COLUMNS.iter().zip(4..).map(|(column, place)| format!("{column} = t.{column} - v.column{place}"));
    let lower = lower.collect::<Vec<_>>().join(", ");
    let key = |from: i64, to: i64, sum: Totals| {
        let head = [text(tenant.as_str()), from.into(), to.into()];
        head.into_iter().chain(sum.0.map(Value::from)).collect::<Vec<_>>()
    };
    let (mut in_block, mut in_all) = (Vec::new(), Vec::new());
    let mut blocks: BTreeMap<i64, (i64, Totals)> = BTreeMap::new();
    let sums: Vec<(Moment, Totals)> = Totals::by_moment(changes).into_iter().map(|((_, at), sum)| (at, sum)).collect();
    for (index, (at, sum)) in sums.iter().enumerate() {
        let (count, so_far) = blocks.entry(at.block()).or_default();
        (*count, *so_far) = (*count + 1, so_far.plus(*sum));
        let next = sums.get(index + 1).map_or(i64::MAX, |(next, _)| next.0);
        in_block.push(key(at.0, next.min(at.block_end().0), *so_far));
    }
    let mut so_far = Totals::default();
    let mut ends = blocks.iter().peekable();
    while let Some((block, (_, sum))) = ends.next() {
        so_far = so_far.plus(*sum);
        in_all.push(key(*block, ends.peek().map_or(i64::MAX, |(next, _)| **next), so_far));
    }
    let within = "t.tenant_id = v.column1 AND";
    let running = format!(
        "UPDATE customer_totals AS t SET {lower} FROM ({{values}}) AS v WHERE {within} t.at >= v.column2 AND t.at < v.column3"
    );
    tx.run_for(&running, in_block).await?;
    let of_blocks = format!(
        "UPDATE customer_block_totals AS t SET {lower} FROM ({{values}}) AS v WHERE {within} t.block >= v.column2 AND t.block < v.column3"
    );
    tx.run_for(&of_blocks, in_all).await?;
    let counts = blocks.iter().map(|(block, (count, _))| vec![text(tenant.as_str()), (*block).into(), (*count).into()]);
    let fewer = "UPDATE customer_block_totals AS t SET changes = t.changes - v.column3 FROM ({values}) AS v \
                 WHERE t.tenant_id = v.column1 AND t.block = v.column2";
    tx.run_for(fewer, counts.collect()).await?;
    let keys = blocks.keys().map(|block| vec![text(tenant.as_str()), (*block).into()]).collect();
    tx.delete(table::BLOCKS.table, table::BLOCKS.key, "changes = 0", keys).await
}

/// All marks behind a change have it in them: each is lowered by what the changes up to it come to.
async fn erase_marks(tx: &mut Tx, changes: &[Change]) -> Result<(), DbError> {
    let sums = marks::sums(changes);
    let fewer = format!(
        "UPDATE customer_marks AS m SET changes = m.changes - v.column8 FROM ({{values}}) AS v \
         WHERE {FACET} AND m.block = v.column7"
    );
    let counts = sums.iter().map(|((facet, block), sum)| keyed(facet, [(*block).into(), sum.changes.into()]));
    tx.run_for(&fewer, counts.collect()).await?;
    let lower = format!(
        "UPDATE customer_marks AS m SET n = m.n - v.column9 FROM ({{values}}) AS v \
         WHERE {FACET} AND m.block >= v.column7 AND m.block < v.column8"
    );
    tx.run_for(&lower, stretches(&sums)).await?;
    let blocks = sums.keys().map(|(facet, block)| keyed(facet, [(*block).into()]));
    tx.delete(table::MARKS.table, table::MARKS.key, "changes = 0", blocks.collect()).await
}

/// Stretches of blocks of a facet, each with the customers who were counted too much in it.
fn stretches(sums: &Marks) -> Vec<Vec<Value>> {
    let mut stretches = Vec::new();
    let mut marks = sums.iter().peekable();
    let mut customers = 0;
    while let Some(((facet, block), sum)) = marks.next() {
        customers += sum.customers;
        let next = marks.peek().filter(|((next, _), _)| next == facet).map(|((_, block), _)| *block);
        if customers != 0 {
            stretches.push(keyed(facet, [(*block).into(), next.unwrap_or(i64::MAX).into(), customers.into()]));
        }
        if next.is_none() {
            customers = 0;
        }
    }
    stretches
}

fn keyed(facet: &Facet, more: impl IntoIterator<Item = Value>) -> Vec<Value> {
    table::facet(facet).into_iter().chain(more).collect()
}
