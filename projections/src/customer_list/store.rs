//! The tables of the customer list.

use std::collections::{BTreeMap, BTreeSet};

use super::facets::{self, Deltas};
use super::fold::{Rows, Touched};
use super::table::{self, CUSTOMERS, Columns};
use crate::customer::{CustomerRow, Key, SELECTED, StoredCustomer, search};
use crate::db::{DbError, Existing, TextIndex, Tx};
use crate::value::text;

/// The current rows of these customers.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<&Key>) -> Result<Rows, DbError> {
    let keys = keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    // The keys are the outer table: `CROSS JOIN` keeps SQLite from turning the join round.
    let select =
        format!("SELECT {SELECTED} FROM {{keys}} CROSS JOIN customers c WHERE c.tenant_id = v.column1 AND c.id = v.column2");
    let stored: Vec<StoredCustomer> = tx.lookup(&select, keys).await?;
    let rows: Result<Vec<CustomerRow>, DbError> = stored.into_iter().map(CustomerRow::try_from).collect();
    Ok(Rows::new(rows?))
}

/// Writes what a batch changed.
pub async fn save(tx: &mut Tx, rows: Rows) -> Result<(), DbError> {
    let changed = rows.into_changed();
    let mut plan = Plan::default();
    for entry in &changed {
        plan.add(entry);
    }
    plan.write(tx).await
}

/// What a batch does to the tables, sorted by statement.
#[derive(Default)]
struct Plan<'a> {
    /// Rows to take out.
    remove: Vec<&'a CustomerRow>,
    /// New rows, and those whose number changes.
    insert: Vec<&'a CustomerRow>,
    /// Rows of which anything may have changed.
    replace: Vec<&'a CustomerRow>,
    /// Rows of which only these columns changed.
    update: BTreeMap<Columns, Vec<&'a CustomerRow>>,
    unsearch: Vec<&'a CustomerRow>,
    search: Vec<&'a CustomerRow>,
    facets: Deltas,
}

impl<'a> Plan<'a> {
    fn add(&mut self, entry: &'a Touched) {
        let (before, Some(now)) = (entry.before.as_ref(), entry.now.as_ref()) else { return };
        self.facets.change(before, Some(now));
        self.add_search(before, now);
        let Some(before) = before else { return self.insert.push(now) };
        if before.no != now.no {
            self.remove.push(before);
            return self.insert.push(now);
        }
        match Columns::of(before, now) {
            Some(columns) => self.update.entry(columns).or_default().push(now),
            None => self.replace.push(now),
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
        tx.delete(CUSTOMERS.table, CUSTOMERS.key, "0 = 0", removed).await?;
        tx.insert(CUSTOMERS, Existing::Refuse, self.insert.into_iter().map(table::values).collect()).await?;
        tx.insert(CUSTOMERS, Existing::Replace, self.replace.into_iter().map(table::values).collect()).await?;
        for (columns, rows) in self.update {
            let rows = rows.into_iter().map(|row| columns.values(row)).collect();
            tx.update(CUSTOMERS.table, "no", columns.names(), rows).await?;
        }
        let grams = |rows: Vec<&CustomerRow>| {
            rows.into_iter().map(|row| (row.no, search::grams(&row.tenant, &row.search_text()).join(" "))).collect()
        };
        tx.remove_grams(TextIndex::Search, grams(self.unsearch)).await?;
        tx.add_grams(TextIndex::Search, grams(self.search)).await?;
        facets::save(tx, self.facets).await
    }
}
