//! The customer list as it is now: rows, text search, and counts and points of every kind.

pub mod facets;
mod fold;
pub mod stats;
mod store;
mod table;

use std::collections::BTreeSet;

use events::StreamKind;
use futures_util::future::BoxFuture;

pub use stats::CustomerStats;

use crate::customer::Key;
use crate::db::{Backend, TextIndex, Texts, Tx};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, customer_events, shape};
use facets::FACETS;
use table::CUSTOMERS;

/// The name of the projection.
pub const NAME: &str = "customer_list";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct CustomerList;

impl Projection for CustomerList {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        2
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("customer_list")
    }

    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: CUSTOMERS.table, columns: CUSTOMERS.columns, key: CUSTOMERS.key },
            Table { name: FACETS.table, columns: FACETS.columns, key: FACETS.key },
        ]
    }

    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        const { &[TextIndex::Search.texts()] }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Customer]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let events = customer_events(&batch)?;
            let keys: BTreeSet<&Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut rows = store::load(tx, &keys).await?;
            for (key, recorded, event) in events {
                rows.apply(batch.partition, key, recorded, event)?;
            }
            Ok(store::save(tx, rows).await?)
        })
    }
}
