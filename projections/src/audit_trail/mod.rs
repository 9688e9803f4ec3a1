//! The audit trail: every event of every aggregate, told to people. It serves the audit trail, the field history and the timeline.
//!
//! One fold for all of them: an object's events are folded by the fold that exists for its rows, and what an event changed is the
//! difference of the states before and after it, so that it cannot disagree with the data. All that an aggregate adds are
//! [`words`].

pub mod counts;
mod days;
mod fold;
mod row;
mod store;
pub mod table;
pub mod terms;
pub mod words;

use events::StreamKind;
use futures_util::future::BoxFuture;

pub use row::{AuditRow, FieldChange};

use crate::db::{Backend, DbError, Texts, Tx, WORDS};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, shape};

/// The name of the projection.
pub const NAME: &str = "audit_trail";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct AuditTrail;

impl Projection for AuditTrail {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        4
    }

    fn readable_from(&self) -> u32 {
        3
    }

    fn pace(&self) -> Pace {
        Pace::Trailing
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("audit_trail")
    }

    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: table::EVENTS.table, columns: table::EVENTS.columns, key: table::EVENTS.key },
            Table { name: table::OBJECTS.table, columns: table::OBJECTS.columns, key: table::OBJECTS.key },
            Table { name: table::CELLS.table, columns: table::CELLS.columns, key: table::CELLS.key },
            Table { name: table::FIELDS.table, columns: table::FIELDS.columns, key: table::FIELDS.key },
            Table { name: table::DAYS.table, columns: table::DAYS.columns, key: table::DAYS.key },
        ]
    }

    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        &[WORDS]
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &StreamKind::ALL
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut trail = store::load(tx, batch.partition, &batch.events).await?;
            for recorded in &batch.events {
                trail.apply(recorded)?;
            }
            let added = trail.into_added().map_err(|_| DbError::Value { table: table::OBJECTS.table, column: "state" })?;
            Ok(store::save(tx, added).await?)
        })
    }
}

#[cfg(test)]
mod tests;
