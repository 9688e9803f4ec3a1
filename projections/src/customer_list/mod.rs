//! The customer list: current rows, rows as they were, text search, and counts of every kind.

pub mod facets;
mod fold;
mod store;
mod table;

use std::collections::BTreeSet;

use events::Event;
use futures_util::future::BoxFuture;

pub use crate::customer::{CustomerRow, NEVER, RowState, SELECTED, StoredCustomer, search, state_of, tier_number};

use crate::customer::Key;
use crate::db::Tx;
use crate::projection::{ApplyError, Batch, Projection, Replay, Table, customer_events};

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct CustomerList;

impl Projection for CustomerList {
    fn name(&self) -> &'static str {
        "customer_list"
    }

    fn version(&self) -> u32 {
        1
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: "customers", columns: table::COLUMNS, key: &["no"] },
            Table { name: "customer_history", columns: table::PAST_COLUMNS, key: &["tenant_id", "id", "position"] },
            Table {
                name: "customer_facets",
                columns: &["tenant_id", "level", "city", "province", "is_active", "tier", "n"],
                key: &["tenant_id", "level", "city", "province", "is_active", "tier"],
            },
        ]
    }

    fn wants(&self, event: &Event) -> bool {
        match event {
            Event::Customer(_) => true,
            Event::Tenant(_) | Event::User(_) => false,
        }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let events = customer_events(&batch)?;
            let keys: BTreeSet<&Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut rows = store::load(tx, &keys).await?;
            for (key, recorded, event) in &events {
                rows.apply(batch.partition, key, recorded, event)?;
            }
            Ok(store::save(tx, rows).await?)
        })
    }
}
