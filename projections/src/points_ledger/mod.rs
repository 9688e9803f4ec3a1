//! The points ledger: every change of every balance.

mod fold;
mod row;
mod store;

use std::collections::BTreeSet;

use events::{CustomerEvent, Event, StreamKind};
use futures_util::future::BoxFuture;

pub use row::{LedgerCause, LedgerRow};
pub use store::page;

use crate::db::Tx;
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, customer_events, shape};

/// The name of the projection.
pub const NAME: &str = "points_ledger";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct PointsLedger;

impl Projection for PointsLedger {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        1
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("points_ledger")
    }

    fn tables(&self) -> &'static [Table] {
        &[Table { name: store::LEDGER.table, columns: store::LEDGER.columns, key: store::LEDGER.key }]
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Customer]
    }

    fn wants(&self, event: &Event) -> bool {
        if let Event::Customer(event) = event { fold::posts(event) } else { true }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut events = customer_events(&batch)?;
            events.retain(|(_, _, event)| concerns(event));
            let keys: BTreeSet<&fold::Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut ledgers = store::load(tx, &keys).await?;
            for (key, recorded, event) in &events {
                ledgers.apply(key, recorded, event);
            }
            Ok(store::save(tx, ledgers).await?)
        })
    }
}

/// Whether an event changes a ledger.
const fn concerns(event: &CustomerEvent) -> bool {
    match event {
        CustomerEvent::Registered(_)
        | CustomerEvent::Imported(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::Forgotten(_) => true,
        CustomerEvent::Arrived(_)
        | CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => false,
    }
}
