//! The tables of the customer list.

use std::collections::BTreeSet;

use super::facets::{Deltas, Facet};
use super::fold::{Past, Rows, Touched};
use super::table;
use crate::customer::{CustomerRow, Key, RowState, SELECTED, StoredCustomer, search, tier_number};
use crate::db::{DbError, Existing, Target, Tx};
use crate::value::text;

const CUSTOMERS: Target = Target { table: "customers", columns: table::COLUMNS, key: &["no"] };
const HISTORY: Target = Target { table: "customer_history", columns: table::PAST_COLUMNS, key: &["tenant_id", "id", "position"] };
const FACETS: Target = Target {
    table: "customer_facets",
    columns: &["tenant_id", "level", "city", "province", "is_active", "tier", "n"],
    key: &["tenant_id", "level", "city", "province", "is_active", "tier"],
};

/// The current rows of these customers.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<&Key>) -> Result<Rows, DbError> {
    let keys = keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    // The keys are the outer table: `CROSS JOIN` keeps SQLite from turning the join round.
    let select =
        format!("SELECT {} FROM {{keys}} CROSS JOIN customers c WHERE c.tenant_id = v.column1 AND c.id = v.column2", SELECTED);
    let stored: Vec<StoredCustomer> = tx.lookup(&select, keys).await?;
    let rows: Result<Vec<CustomerRow>, DbError> = stored.into_iter().map(CustomerRow::try_from).collect();
    Ok(Rows::new(rows?))
}

/// What a batch does to the tables, sorted by statement.
#[derive(Default)]
struct Plan<'a> {
    /// New rows, and those whose number changes.
    insert: Vec<&'a CustomerRow>,
    /// Rows of which anything may have changed.
    replace: Vec<&'a CustomerRow>,
    /// Rows of which only points changed.
    points: Vec<&'a CustomerRow>,
    /// Rows of which only points and totals of orders changed.
    orders: Vec<&'a CustomerRow>,
    /// Rows to take out.
    remove: Vec<&'a CustomerRow>,
    /// Customers of whom no past may stay.
    forget: Vec<&'a CustomerRow>,
    unsearch: Vec<&'a CustomerRow>,
    search: Vec<&'a CustomerRow>,
    facets: Deltas,
}

/// Writes what a batch changed.
pub async fn save(tx: &mut Tx, rows: Rows) -> Result<(), DbError> {
    let (touched, past) = rows.into_changes();
    // In the order of the numbers: rows that lie together are written together, and the same batch gives the same statements.
    let mut changed: Vec<&Touched> = touched.values().filter(|entry| entry.before != entry.now).collect();
    changed.sort_unstable_by_key(|entry| entry.now.as_ref().map(|row| row.no));
    let mut plan = Plan::default();
    for entry in changed {
        plan.add(entry);
    }
    plan.write(tx).await?;
    save_past(tx, past).await
}

async fn save_past(tx: &mut Tx, mut past: Vec<Past>) -> Result<(), DbError> {
    past.sort_unstable_by_key(|past| past.valid_to);
    let rows = past.iter().map(|past| table::past_values(&past.row, past.valid_to.0)).collect();
    tx.insert(HISTORY, Existing::Refuse, rows).await
}

impl<'a> Plan<'a> {
    fn add(&mut self, entry: &'a Touched) {
        let (before, Some(now)) = (entry.before.as_ref(), entry.now.as_ref()) else { return };
        self.facets.change(before, Some(now));
        self.add_search(before, now);
        if now.state == RowState::Forgotten {
            self.forget.push(now);
        }
        let Some(before) = before else { return self.insert.push(now) };
        if before.no != now.no {
            self.remove.push(before);
            return self.insert.push(now);
        }
        // The columns of the indexes: what is not set again need not be taken out of its index and put back.
        let same_kind = before.state == now.state
            && before.profile == now.profile
            && before.is_active == now.is_active
            && before.created_at == now.created_at
            && before.tier() == now.tier();
        let same_orders = before.total_orders == now.total_orders
            && before.total_spent == now.total_spent
            && before.last_order_at == now.last_order_at;
        match (same_kind, same_orders) {
            (true, true) => self.points.push(now),
            (true, false) => self.orders.push(now),
            (false, _) => self.replace.push(now),
        }
    }

    fn add_search(&mut self, before: Option<&'a CustomerRow>, now: &'a CustomerRow) {
        let shown = before.filter(|row| row.is_live());
        let unchanged = shown.is_some_and(|row| {
            let (old, new) = (&row.profile, &now.profile);
            row.no == now.no && old.name == new.name && old.email == new.email && old.phone == new.phone
        });
        if unchanged && now.is_live() {
            return;
        }
        self.unsearch.extend(shown);
        if now.is_live() {
            self.search.push(now);
        }
    }

    async fn write(self, tx: &mut Tx) -> Result<(), DbError> {
        let removed = self.remove.iter().map(|row| vec![row.no.into()]).collect();
        tx.delete("customers", &["no"], "0 = 0", removed).await?;
        let forgotten = self.forget.iter().map(|row| vec![text(row.tenant.as_str()), text(row.id.as_str())]).collect();
        tx.delete("customer_history", &["tenant_id", "id"], "0 = 0", forgotten).await?;
        let of = |rows: Vec<&CustomerRow>, values: fn(&CustomerRow) -> Vec<sea_query::Value>| {
            rows.into_iter().map(values).collect::<Vec<_>>()
        };
        tx.insert(CUSTOMERS, Existing::Refuse, of(self.insert, table::values)).await?;
        tx.insert(CUSTOMERS, Existing::Replace, of(self.replace, table::values)).await?;
        tx.update("customers", "no", table::POINTS_COLUMNS, of(self.points, table::points_values)).await?;
        tx.update("customers", "no", table::ORDER_COLUMNS, of(self.orders, table::order_values)).await?;
        let grams = |rows: Vec<&CustomerRow>| {
            rows.into_iter().map(|row| (row.no, search::grams(&row.tenant, &row.search_text()).join(" "))).collect()
        };
        tx.remove_grams(grams(self.unsearch)).await?;
        tx.add_grams(grams(self.search)).await?;
        save_facets(tx, self.facets).await
    }
}

async fn save_facets(tx: &mut Tx, facets: Deltas) -> Result<(), DbError> {
    let deltas = facets.into_sorted();
    let key = |facet: &Facet| {
        vec![
            text(facet.tenant.as_str()),
            facet.level.number().into(),
            text(facet.city.as_str()),
            text(facet.province.as_str()),
            i64::from(facet.is_active).into(),
            tier_number(facet.tier).into(),
        ]
    };
    let fewer = deltas.iter().filter(|(_, by)| *by < 0).map(|(facet, _)| key(facet)).collect();
    let rows = deltas.iter().map(|(facet, by)| {
        let mut row = key(facet);
        row.push((*by).into());
        row
    });
    tx.insert(FACETS, Existing::Add, rows.collect()).await?;
    // A kind that nobody is of any more leaves no trace: a rebuild would not know of it either.
    tx.delete(FACETS.table, FACETS.key, "n = 0", fewer).await
}
