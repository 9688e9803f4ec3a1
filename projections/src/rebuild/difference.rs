//! What is not the same in two stores.

use super::Cell;

/// A row that is not the same in the two stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The projection.
    pub projection: &'static str,
    /// The table.
    pub table: &'static str,
    /// The key of the row: columns with their values. None where it is about the whole table.
    pub key: Vec<(&'static str, Cell)>,
    /// What is not the same.
    pub what: What,
    /// From where on in the log.
    pub since: Since,
}

/// What is not the same about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is not stored, and by the log it should be.
    Missing,
    /// It is stored, and by the log it should not be.
    Needless,
    /// Columns hold something else: their names, what is stored, and what should be by the log.
    Columns(Vec<(&'static str, Cell, Cell)>),
    /// A text index finds the row by other terms: how many places of terms it lacks, and how many it should not have.
    Terms {
        /// Places that are not stored.
        missing: u64,
        /// Places that should not be stored.
        needless: u64,
    },
    /// The text index cannot be relied on at all: what the database says of it.
    Damaged(String),
}

/// From where on in the log a row is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// What the row itself tells: when it came about, or last changed. In a row that should be otherwise the earlier of the two.
    Position(u64),
    /// The row does not tell. A count, for one, comes from many commits, and which of them made it wrong cannot be told from what
    /// it has come to. Beside it the first position of the projection's other differences so far, if one tells any.
    Untold {
        /// That position.
        others: Option<u64>,
    },
}

impl Difference {
    /// The same, beside the first position so far; which this may be.
    #[must_use]
    pub(super) fn beside(self, first: &mut Option<u64>) -> Self {
        let since = match self.since {
            Since::Position(position) => {
                *first = Some(first.map_or(position, |first| first.min(position)));
                self.since
            }
            Since::Untold { .. } => Since::Untold { others: *first },
        };
        Self { since, ..self }
    }
}
