//! What the events of a batch do to the rows of their customers. Pure.

use std::collections::HashMap;

use events::customer::CustomerEvent;
use events::subject::Partition;
use events::{Position, Recorded};

use crate::customer::{CustomerRow, Key, RowState, fold};
use crate::projection::ApplyError;

/// A row as it was, and the position at which it ceased to be so.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The row.
    pub row: CustomerRow,
    /// Valid until before this position.
    pub valid_to: Position,
}

/// The rows that a batch touches: as they were before it, and as they become.
#[derive(Debug, Default)]
pub struct Rows {
    touched: HashMap<Key, Touched>,
    past: Vec<Past>,
}

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
        Self { touched: rows.into_iter().map(entry).collect(), past: Vec::new() }
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(
        &mut self,
        partition: Partition,
        key: &Key,
        recorded: &Recorded,
        event: &CustomerEvent,
    ) -> Result<(), ApplyError> {
        if !self.touched.contains_key(key) {
            self.touched.insert(key.clone(), Touched::default());
        }
        let Some(entry) = self.touched.get_mut(key) else { return Ok(()) };
        let old = entry.now.clone();
        entry.now = fold(partition, entry.now.take(), recorded, event)?;
        // One row per position: what was true only within a commit never was.
        self.past.extend(
            old.filter(|row| row.position < recorded.position && entry.now.as_ref() != Some(row))
                .map(|row| Past { row, valid_to: recorded.position }),
        );
        Ok(())
    }

    /// What was touched, and what is past. Nothing of a forgotten customer is.
    pub fn into_changes(self) -> (HashMap<Key, Touched>, Vec<Past>) {
        let Self { touched, mut past } = self;
        let forgotten =
            |key: &Key| touched.get(key).and_then(|entry| entry.now.as_ref()).is_some_and(|row| row.state == RowState::Forgotten);
        past.retain(|past| !forgotten(&(past.row.tenant.clone(), past.row.id.clone())));
        (touched, past)
    }
}
