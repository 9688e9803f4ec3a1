//! Rows that show a thing as it is now, one per stream: how they are read, folded and written.

use std::collections::HashMap;

use events::{Recorded, StreamKind, StreamVersion};
use sea_query::Value;

use super::streams;
use crate::db::{DbError, Existing, FromRows, Target, Tx};
use crate::projection::{ApplyError, Batch};
use crate::value::text;

/// A thing with one row. Its key is tenant and id.
pub trait Entity: Sized {
    /// The kind of its streams.
    const KIND: StreamKind;
    /// Its table.
    const TARGET: Target;
    /// The row as it is read.
    type Stored: FromRows;

    /// Reads a row.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    fn read(stored: Self::Stored) -> Result<Self, DbError>;

    /// The values of the row.
    fn values(&self) -> Vec<Value>;

    /// Tenant and id.
    fn key(&self) -> (&str, &str);

    /// The version of the stream's last event that is folded in.
    fn version(&self) -> StreamVersion;

    /// The row after an event that it has not seen.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    fn fold(old: Option<Self>, recorded: &Recorded) -> Result<Self, ApplyError>;
}

/// Folds the events of a batch into the rows of one kind.
///
/// # Errors
/// When an event does not fit, or the table cannot be read or written.
pub async fn apply<E: Entity>(tx: &mut Tx, batch: &Batch<'_>) -> Result<(), ApplyError> {
    let keys = streams(batch, E::KIND);
    if keys.is_empty() {
        return Ok(());
    }
    let columns = E::TARGET.columns.join(", ");
    let table = E::TARGET.table;
    let select = format!("SELECT {columns} FROM {table} WHERE (tenant_id, id) IN (SELECT v.column1, v.column2 FROM {{keys}})");
    let keys = keys.into_iter().map(|(tenant, id)| vec![text(tenant), text(id)]).collect();
    let stored: Vec<E::Stored> = tx.lookup(&select, keys).await?;
    let mut rows = HashMap::new();
    for row in stored {
        let row = E::read(row)?;
        rows.insert(owned(row.key()), row);
    }
    for recorded in batch.events.iter().filter(|recorded| recorded.event.kind() == E::KIND) {
        let stream = &recorded.envelope.stream;
        let key = owned((stream.tenant.as_str(), stream.id()));
        let row = next(rows.remove(&key), recorded)?;
        rows.insert(key, row);
    }
    tx.insert(E::TARGET, Existing::Replace, rows.values().map(E::values).collect()).await?;
    Ok(())
}

/// The row after an event, seen before or not.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn next<E: Entity>(old: Option<E>, recorded: &Recorded) -> Result<E, ApplyError> {
    match old {
        Some(old) if recorded.version <= old.version() => Ok(old),
        Some(old) if recorded.version != old.version() + 1 => {
            Err(ApplyError::event(recorded, format!("version {} follows version {}", recorded.version, old.version())))
        }
        old => E::fold(old, recorded),
    }
}

fn owned((tenant, id): (&str, &str)) -> (String, String) {
    (tenant.to_owned(), id.to_owned())
}
