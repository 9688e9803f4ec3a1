//! What the events of a batch do to the rows of their customers. Pure.

use std::collections::HashMap;

use events::Recorded;
use events::customer::CustomerEvent;
use events::subject::Partition;

use crate::customer::{self, CustomerRow, Key};
use crate::projection::ApplyError;

/// The rows that a batch touches.
#[derive(Debug, Default)]
pub struct Rows(HashMap<Key, Touched>);

/// A row before the batch and now.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Touched {
    /// As it stood in the table.
    pub before: Option<CustomerRow>,
    /// As it is to stand there.
    pub now: Option<CustomerRow>,
}

impl Rows {
    /// The rows as they stand in the table.
    pub fn new(rows: impl IntoIterator<Item = CustomerRow>) -> Self {
        let entry = |row: CustomerRow| {
            let key = (row.tenant.clone(), row.id.clone());
            (key, Touched { before: Some(row.clone()), now: Some(row) })
        };
        Self(rows.into_iter().map(entry).collect())
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(
        &mut self,
        partition: Partition,
        key: Key,
        recorded: &Recorded,
        event: &CustomerEvent,
    ) -> Result<(), ApplyError> {
        let entry = self.0.entry(key).or_default();
        entry.now = customer::fold(partition, entry.now.take(), recorded, event)?;
        Ok(())
    }

    /// The rows that changed, in the order of their numbers: rows that lie together are written together, and the same batch
    /// gives the same statements.
    pub fn into_changed(self) -> Vec<Touched> {
        let mut changed: Vec<Touched> = self.0.into_values().filter(|entry| entry.before != entry.now).collect();
        changed.sort_unstable_by_key(|entry| entry.now.as_ref().map(|row| row.no));
        changed
    }
}
