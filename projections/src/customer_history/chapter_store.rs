//! The tables of chapters and of the stays in them.

use std::collections::{BTreeMap, HashMap};

use events::TenantId;
use sea_query::Value;

use super::chapters::{self, Beginnings, Change, Chapter};
use super::moment::Moment;
use super::orders::Order;
use super::table;
use super::traces::Traces;
use crate::db::{DbError, Existing, Sql, Tx};
use crate::value::text;

/// How many stays are copied at once.
const SLICE: u64 = 10_000;

/// The chapters in which a batch writes.
type Current<'a> = BTreeMap<(&'a TenantId, Order), Moment>;

/// Writes the stays that begin, and the ends of those that began earlier. Lists whose chapter is full are begun anew before.
pub async fn save(tx: &mut Tx, mut traces: Traces, slack: i64) -> Result<(), DbError> {
    // Side by side in the table, side by side in the statement.
    traces.leaves.sort_unstable_by(|a, b| (&a.tenant, &a.place, a.no).cmp(&(&b.tenant, &b.place, b.no)));
    traces.stays.sort_unstable_by(|a, b| (&a.tenant, &a.place, a.no, a.from).cmp(&(&b.tenant, &b.place, b.no, b.from)));
    let current = begin(tx, &traces, slack).await?;
    let chapter = |tenant, order| {
        let chapter = current.get(&(tenant, order)).copied();
        chapter.ok_or(DbError::Value { table: table::CHAPTERS.table, column: "begins" })
    };
    // A customer can have been at a place more than once, but only one stay there has not ended.
    let end = "UPDATE customer_stays AS s SET valid_to = v.column6 FROM ({values}) AS v WHERE s.list = v.column1 \
               AND s.chapter = v.column2 AND s.text = v.column3 AND s.number = v.column4 AND s.no = v.column5 \
               AND s.valid_to IS NULL";
    let leaves = traces.leaves.iter().map(|leave| Ok(table::leave(leave, chapter(&leave.tenant, leave.place.order)?)));
    tx.run_for(end, leaves.collect::<Result<_, DbError>>()?).await?;
    let stays = traces.stays.iter().map(|stay| Ok(table::stay(stay, chapter(&stay.tenant, stay.place.order)?)));
    tx.insert(table::STAYS, Existing::Refuse, stays.collect::<Result<_, DbError>>()?).await
}

/// Finds the chapters in which traces are written, begins those that are needed, and counts what comes into each.
async fn begin<'a>(tx: &mut Tx, traces: &'a Traces, slack: i64) -> Result<Current<'a>, DbError> {
    let lists: Vec<((&TenantId, Order), Change)> = chapters::changes(traces).into_iter().collect();
    let mut last = last_chapters(tx, &lists).await?;
    let (mut current, mut counts) = (Current::new(), Vec::with_capacity(lists.len()));
    for (index, ((tenant, order), change)) in lists.into_iter().enumerate() {
        // What is there before this batch, and is not counted yet.
        let before = match last.remove(&index) {
            None => Chapter::empty(change.first),
            Some(chapter) if chapter.is_full(slack) => {
                copy(tx, order, chapter.begins, change.first).await?;
                chapter.next(change.first)
            }
            Some(chapter) => Chapter::empty(chapter.begins),
        };
        current.insert((tenant, order), before.begins);
        counts.push(table::chapter(tenant, order, before.with(change.stays, change.open)));
    }
    tx.insert(table::CHAPTERS, Existing::Add, counts).await?;
    Ok(current)
}

/// The last chapters of lists, by the places of the lists.
async fn last_chapters(tx: &mut Tx, lists: &[((&TenantId, Order), Change)]) -> Result<HashMap<usize, Chapter>, DbError> {
    let select = "SELECT v.column3, k.begins, k.stays, k.open FROM {keys} CROSS JOIN customer_chapters k \
                  WHERE k.tenant_id = v.column1 AND k.list = v.column2 AND k.begins = (SELECT MAX(l.begins) \
                  FROM customer_chapters l WHERE l.tenant_id = v.column1 AND l.list = v.column2)";
    let keys = (0_i64..).zip(lists);
    let keys = keys.map(|(index, ((tenant, order), _))| vec![text(tenant.as_str()), order.number().into(), index.into()]);
    let found: Vec<(i64, i64, i64, i64)> = tx.lookup(select, keys.collect()).await?;
    let chapter =
        |(index, begins, stays, open)| Some((usize::try_from(index).ok()?, Chapter { begins: Moment(begins), stays, open }));
    Ok(found.into_iter().filter_map(chapter).collect())
}

/// Copies what is open in a chapter to another one, in slices: SQLite holds in memory what a statement reads from the table that
/// it writes to.
async fn copy(tx: &mut Tx, list: Order, from: Moment, to: Moment) -> Result<(), DbError> {
    let rest = "text, number, no, valid_from, valid_to, is_active, tier, city, province";
    let copy = format!(
        "INSERT INTO customer_stays (list, chapter, {rest}) SELECT list, CAST($1 AS BIGINT), {rest} FROM customer_stays \
         WHERE list = $2 AND chapter = $3 AND (text, number, no) > ($4, $5, $6) AND valid_to IS NULL \
         ORDER BY text, number, no LIMIT {SLICE}"
    );
    let last = "SELECT text, number, no FROM customer_stays WHERE list = $1 AND chapter = $2 \
                ORDER BY text DESC, number DESC, no DESC LIMIT 1";
    let mut after = Some((String::new(), i64::MIN, i64::MIN));
    while let Some((behind, number, no)) = after.take() {
        let values = [to.0.into(), list.number().into(), from.0.into(), text(&behind), number.into(), no.into()];
        if tx.execute(Sql::composed(copy.clone(), values)).await? == SLICE {
            after = tx.fetch_all(Sql::fixed(last, [list.number().into(), to.0.into()])).await?.pop();
        }
    }
    Ok(())
}

/// Takes what a tenant's customer left out of every chapter that has it.
pub async fn erase(tx: &mut Tx, tenant: &TenantId, traces: &Traces) -> Result<(), DbError> {
    let beginnings = beginnings(tx, tenant).await?;
    let (mut keys, mut fewer) = (Vec::new(), BTreeMap::new());
    for stay in &traces.stays {
        let (order, chapters) = (stay.place.order, chapters::of_stay(&beginnings, stay));
        let key = |chapter: &Moment| {
            let place = table::place(*chapter, &stay.place, stay.no);
            place.into_iter().chain([Value::from(stay.from.0)]).collect()
        };
        keys.extend(chapters.iter().map(key));
        // Nobody asks any more what is in those before the last one.
        if let Some(last) = chapters.last().filter(|chapter| beginnings.get(&order).and_then(|all| all.last()) == Some(*chapter))
        {
            let counted = fewer.entry(order).or_insert(Chapter::empty(*last));
            *counted = counted.with(-1, -i64::from(stay.is_open()));
        }
    }
    tx.delete(table::STAYS.table, table::STAYS.key, "0 = 0", keys).await?;
    let fewer = fewer.into_iter().map(|(order, counted)| table::chapter(tenant, order, counted));
    tx.insert(table::CHAPTERS, Existing::Add, fewer.collect()).await
}

/// When the chapters of a tenant's lists begin.
async fn beginnings(tx: &mut Tx, tenant: &TenantId) -> Result<Beginnings, DbError> {
    let select = "SELECT list, begins FROM customer_chapters WHERE tenant_id = $1 ORDER BY list, begins";
    let found: Vec<(i64, i64)> = tx.fetch_all(Sql::fixed(select, [text(tenant.as_str())])).await?;
    let mut beginnings = Beginnings::new();
    for (list, begins) in found {
        let order = Order::ALL.into_iter().find(|order| order.number() == list);
        let order = order.ok_or(DbError::Value { table: table::CHAPTERS.table, column: "list" })?;
        beginnings.entry(order).or_default().push(Moment(begins));
    }
    Ok(beginnings)
}
