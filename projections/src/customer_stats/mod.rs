//! The statistics of every tenant, one maintained row each.

mod fold;
mod row;
mod store;

use std::collections::BTreeSet;

use events::Event;
use futures_util::future::BoxFuture;

pub use row::CustomerStats;
pub use store::of_tenant;

use crate::db::Tx;
use crate::projection::{ApplyError, Batch, Projection, Replay, Table, customer_events};

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct CustomerStatsProjection;

impl Projection for CustomerStatsProjection {
    fn name(&self) -> &'static str {
        "customer_stats"
    }

    fn version(&self) -> u32 {
        1
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: store::STATS.table, columns: store::STATS.columns, key: store::STATS.key },
            Table { name: store::MEMBERS.table, columns: store::MEMBERS.columns, key: store::MEMBERS.key },
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
            let keys: BTreeSet<&fold::Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut members = store::load(tx, &keys).await?;
            for (key, recorded, event) in &events {
                members.apply(key, recorded, event)?;
            }
            Ok(store::save(tx, members).await?)
        })
    }
}
