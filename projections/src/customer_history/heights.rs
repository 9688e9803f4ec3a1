//! The table of peaks.

use std::collections::BTreeSet;

use events::TenantId;
use sea_query::Value;

use super::moment::Moment;
use super::orders::Order;
use super::peaks::{self, Heights, Peak};
use super::table;
use super::traces::Traces;
use crate::db::{DbError, Existing, Sql, Tx};
use crate::value::text;

/// Writes the peaks that stays make.
pub async fn save(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    let lists: BTreeSet<_> = traces.stays.iter().map(|stay| (&stay.tenant, stay.place.order)).collect();
    let lists: Vec<_> = lists.into_iter().filter(|(_, order)| order.peaks() == Some(*order)).collect();
    let select = "SELECT v.column3, p.number FROM {keys} CROSS JOIN customer_peaks p WHERE p.tenant_id = v.column1 \
                  AND p.list = v.column2 AND p.at = (SELECT MAX(l.at) FROM customer_peaks l WHERE l.tenant_id = v.column1 \
                  AND l.list = v.column2)";
    let key =
        |(index, (tenant, order)): (i64, &(&TenantId, Order))| vec![text(tenant.as_str()), order.number().into(), index.into()];
    let found: Vec<(i64, i64)> = tx.lookup(select, (0_i64..).zip(&lists).map(key).collect()).await?;
    let mut heights = Heights::new();
    for (index, number) in found {
        let list = usize::try_from(index).ok().and_then(|index| lists.get(index));
        heights.extend(list.map(|(tenant, order)| (((*tenant).clone(), *order), number)));
    }
    let peaks = peaks::peaks(heights, &traces.stays);
    tx.insert(table::PEAKS, Existing::Refuse, peaks.iter().map(table::peak).collect()).await
}

/// Peaks that the customer made are not there any more, and what was hidden behind them is: greater than what came before, and
/// no greater than the greatest of them.
pub async fn erase(tx: &mut Tx, tenant: &TenantId, traces: &Traces) -> Result<(), DbError> {
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
    // In the chapter in which each began; later ones have copies.
    let select = "SELECT s.valid_from, s.number FROM customer_chapters k CROSS JOIN customer_stays s WHERE k.tenant_id = $1 \
                  AND k.list = $2 AND k.begins < $6 AND k.begins >= COALESCE((SELECT MAX(l.begins) FROM customer_chapters l \
                  WHERE l.tenant_id = $1 AND l.list = $2 AND l.begins <= $5), $5) AND s.list = $2 AND s.chapter = k.begins \
                  AND s.text = '' AND s.number > $3 AND s.number <= $4 \
                  AND s.valid_from > $5 AND s.valid_from < $6 AND s.valid_from >= k.begins ORDER BY s.valid_from";
    let list = [text(tenant.as_str()), order.number().into()];
    let values = list.into_iter().chain([above, up_to, behind, before].map(Value::from));
    tx.fetch_all(Sql::fixed(select, values)).await
}
