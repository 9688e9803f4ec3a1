//! The points ledger: every change of every balance.

mod fold;
mod row;
mod store;

use std::collections::BTreeSet;

use events::{CustomerEvent, Event};
use futures_util::future::BoxFuture;

pub use row::{LedgerCause, LedgerRow};
pub use store::page;

use crate::db::Tx;
use crate::projection::{ApplyError, Batch, Projection, Replay, Table, customer_events};

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct PointsLedger;

impl Projection for PointsLedger {
    fn name(&self) -> &'static str {
        "points_ledger"
    }

    fn version(&self) -> u32 {
        1
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn tables(&self) -> &'static [Table] {
        &[Table { name: store::LEDGER.table, columns: store::LEDGER.columns, key: store::LEDGER.key }]
    }

    fn wants(&self, event: &Event) -> bool {
        match event {
            Event::Customer(
                CustomerEvent::Registered(_)
                | CustomerEvent::Imported(_)
                | CustomerEvent::PointsUpdated(_)
                | CustomerEvent::Forgotten(_),
            ) => true,
            Event::Customer(
                CustomerEvent::ProfileChanged(_)
                | CustomerEvent::OrderRecorded(_)
                | CustomerEvent::Activated(_)
                | CustomerEvent::Deactivated(_)
                | CustomerEvent::Deleted(_)
                | CustomerEvent::Restored(_),
            )
            | Event::Tenant(_)
            | Event::User(_) => false,
        }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let events = customer_events(&batch)?;
            let keys: BTreeSet<&fold::Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut ledgers = store::load(tx, &keys).await?;
            for (key, recorded, event) in &events {
                ledgers.apply(key, recorded, event);
            }
            Ok(store::save(tx, ledgers).await?)
        })
    }
}
