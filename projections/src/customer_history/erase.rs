//! Taking every trace of a forgotten customer out of the tables, as if there had never been one.

use std::collections::{BTreeMap, BTreeSet};

use events::TenantId;
use sea_query::Value;

use super::fold::{Forgotten, Step, Version};
use super::marks::{self, Mark, Marks};
use super::moment::Moment;
use super::orders::{Order, Place};
use super::peaks::{self, Peak};
use super::traces::Traces;
use super::{store, table};
use crate::customer_list::facets::Facet;
use crate::db::{DbError, Existing, Sql, TextIndex, Tx};
use crate::value::text;

/// Leaves nothing of a customer but that there was one. What the customer's versions once left is found by taking the same steps
/// again.
pub async fn erase(tx: &mut Tx, forgotten: &Forgotten) -> Result<(), DbError> {
    tx.insert(table::FORGOTTEN, Existing::Replace, vec![table::forgotten(forgotten)]).await?;
    let Some(no) = forgotten.no else { return Ok(()) };
    let (tenant, _) = &forgotten.key;
    let versions = store::versions(tx, no).await?;
    let traces = Traces::of(&steps(&versions));
    erase_texts(tx, &traces).await?;
    erase_counts(tx, tenant, &traces).await?;
    // Peaks that the customer made are found among the stays of the others.
    erase_stays(tx, &traces).await?;
    erase_peaks(tx, tenant, &traces).await?;
    let profiles = versions.iter().filter(|version| version.has_new_profile()).map(|version| vec![version.at.0.into()]);
    tx.delete(table::PROFILES.table, table::PROFILES.key, "0 = 0", profiles.collect()).await?;
    tx.delete(table::VERSIONS.table, &["no"], "0 = 0", vec![vec![no.into()]]).await
}

fn steps(versions: &[Version]) -> Vec<Step> {
    let before = std::iter::once(None).chain(versions.iter().cloned().map(Some));
    before.zip(versions).map(|(before, after)| Step { before, after: after.clone() }).collect()
}

async fn erase_texts(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    tx.remove_grams(TextIndex::Search, store::grams(&traces.begins)).await?;
    if tx.backend().matching_is_exact() {
        tx.remove_grams(TextIndex::Ended, store::grams(&traces.ends)).await?;
    }
    Ok(())
}

async fn erase_stays(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    let places: BTreeSet<(&TenantId, &Place, i64)> =
        traces.stays.iter().map(|stay| (&stay.tenant, &stay.place, stay.no)).collect();
    let keys = places.into_iter().map(|(tenant, place, no)| table::place(tenant.as_str(), place, no).to_vec());
    tx.delete(table::STAYS.table, &["tenant_id", "list", "text", "number", "no"], "0 = 0", keys.collect()).await
}

/// All marks behind a change have it in them: each is lowered by what the customer's changes up to it come to.
async fn erase_counts(tx: &mut Tx, tenant: &TenantId, traces: &Traces) -> Result<(), DbError> {
    let sums = marks::sums(&traces.changes);
    let fewer = "UPDATE customer_marks AS m SET changes = m.changes - v.column8 FROM ({values}) AS v \
                 WHERE m.tenant_id = v.column1 AND m.level = v.column2 AND m.city = v.column3 AND m.province = v.column4 \
                 AND m.is_active = v.column5 AND m.tier = v.column6 AND m.block = v.column7";
    let changes = sums.iter().map(|((facet, block), sum)| keyed(facet, [(*block).into(), sum.changes.into()]));
    tx.run_for(fewer, changes.collect()).await?;
    let lower = "UPDATE customer_marks AS m SET n = m.n - v.column9, points = m.points - v.column10 FROM ({values}) AS v \
                 WHERE m.tenant_id = v.column1 AND m.level = v.column2 AND m.city = v.column3 AND m.province = v.column4 \
                 AND m.is_active = v.column5 AND m.tier = v.column6 AND m.block >= v.column7 AND m.block < v.column8";
    tx.run_for(lower, stretches(&sums)).await?;
    let blocks = sums.keys().map(|(facet, block)| keyed(facet, [(*block).into()]));
    tx.delete(table::MARKS.table, table::MARKS.key, "changes = 0", blocks.collect()).await?;
    let moments: BTreeSet<Moment> = traces.changes.iter().map(|change| change.at).collect();
    let keys = moments.into_iter().map(|at| vec![text(tenant.as_str()), at.0.into()]);
    tx.delete(table::CHANGES.table, &["tenant_id", "at"], "0 = 0", keys.collect()).await
}

fn keyed(facet: &Facet, more: impl IntoIterator<Item = Value>) -> Vec<Value> {
    table::facet(facet).into_iter().chain(more).collect()
}

/// Stretches of blocks of a facet, each with the customers and points that were counted too much in it.
fn stretches(sums: &Marks) -> Vec<Vec<Value>> {
    let mut by_facet: BTreeMap<&Facet, Vec<(i64, &Mark)>> = BTreeMap::new();
    for ((facet, block), sum) in sums {
        by_facet.entry(facet).or_default().push((*block, sum));
    }
    let mut stretches = Vec::new();
    for (facet, blocks) in by_facet {
        let (mut customers, mut points) = (0_i64, 0_i64);
        for (index, (block, sum)) in blocks.iter().enumerate() {
            let end = blocks.get(index + 1).map_or(i64::MAX, |(next, _)| *next);
            customers += sum.customers;
            points = points.saturating_add(sum.points);
            if (customers, points) != (0, 0) {
                stretches.push(keyed(facet, [(*block).into(), end.into(), customers.into(), points.into()]));
            }
        }
    }
    stretches
}

/// Peaks that the customer made are not there any more, and what was hidden behind them is: greater than what came before, and
/// no greater than the greatest of them.
async fn erase_peaks(tx: &mut Tx, tenant: &TenantId, traces: &Traces) -> Result<(), DbError> {
    let moments: BTreeSet<Moment> = traces.stays.iter().map(|stay| stay.from).collect();
    for order in Order::ALL.into_iter().filter(|order| order.peaks() == Some(*order)) {
        let key = |at: &Moment| vec![text(tenant.as_str()), order.number().into(), at.0.into()];
        let select = "SELECT p.at, p.number FROM {keys} CROSS JOIN customer_peaks p WHERE p.tenant_id = v.column1 \
                      AND p.list = v.column2 AND p.at = v.column3";
        let mut own: Vec<(i64, i64)> = tx.lookup(select, moments.iter().map(key).collect()).await?;
        own.sort_unstable();
        let (Some(first), Some(last)) = (own.first().copied(), own.last().copied()) else { continue };
        let keys = own.iter().map(|(at, _)| key(&Moment(*at))).collect();
        tx.delete(table::PEAKS.table, table::PEAKS.key, "0 = 0", keys).await?;
        let before = last_before(tx, tenant, order, first.0).await?;
        let behind = first_behind(tx, tenant, order, last.0).await?;
        let hidden = between(tx, tenant, order, (first.0, behind), (before, last.1)).await?;
        let peaks = peaks::rising(before, hidden.into_iter().map(|(at, number)| (Moment(at), number)));
        let peaks = peaks.into_iter().map(|(at, number)| table::peak(&Peak { tenant: tenant.clone(), order, at, number }));
        tx.insert(table::PEAKS, Existing::Replace, peaks.collect()).await?;
    }
    Ok(())
}

/// The height of the last peak before a moment.
async fn last_before(tx: &mut Tx, tenant: &TenantId, order: Order, moment: i64) -> Result<i64, DbError> {
    let select = "SELECT number FROM customer_peaks WHERE tenant_id = $1 AND list = $2 AND at < $3 ORDER BY at DESC LIMIT 1";
    let values = [text(tenant.as_str()), order.number().into(), moment.into()];
    let found: Vec<(i64,)> = tx.fetch_all(Sql::fixed(select, values)).await?;
    Ok(found.first().map_or(i64::MIN, |(number,)| *number))
}

/// The moment of the first peak behind a moment: it is higher than all before it, whoever made them.
async fn first_behind(tx: &mut Tx, tenant: &TenantId, order: Order, moment: i64) -> Result<i64, DbError> {
    let select = "SELECT at FROM customer_peaks WHERE tenant_id = $1 AND list = $2 AND at > $3 ORDER BY at LIMIT 1";
    let values = [text(tenant.as_str()), order.number().into(), moment.into()];
    let found: Vec<(i64,)> = tx.fetch_all(Sql::fixed(select, values)).await?;
    Ok(found.first().map_or(i64::MAX, |(at,)| *at))
}

/// The numbers of a list above one and up to another that came behind a moment and before another, in the order of the log.
async fn between(
    tx: &mut Tx,
    tenant: &TenantId,
    order: Order,
    (behind, before): (i64, i64),
    (above, up_to): (i64, i64),
) -> Result<Vec<(i64, i64)>, DbError> {
    let select = "SELECT valid_from, number FROM customer_stays WHERE tenant_id = $1 AND list = $2 AND text = '' \
                  AND number > $3 AND number <= $4 AND valid_from > $5 AND valid_from < $6 ORDER BY valid_from";
    let list = [text(tenant.as_str()), order.number().into()];
    let values = list.into_iter().chain([above, up_to, behind, before].map(Value::from));
    tx.fetch_all(Sql::fixed(select, values)).await
}
