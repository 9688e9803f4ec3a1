//! What a job tells while it runs, and what comes of it.

use super::Difference;

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It reads the log.
    Fills,
    /// It compares the stores of a projection.
    Compares(&'static str),
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it is doing.
    pub stage: Stage,
    /// Positions of the log that were read.
    pub read: u64,
    /// How many there are to be read.
    pub of: u64,
    /// Events that were folded in, over all projections.
    pub folded: u64,
}

/// What came of a projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub projection: &'static str,
    /// Events that were folded into the new store.
    pub events: u64,
    /// Rows that were compared; `None` when there was nothing to compare with, because the store that is read was filled from
    /// another log.
    pub rows: Option<u64>,
    /// Rows that were not the same.
    pub differences: u64,
    /// The generation that is read from now on, after a rebuild.
    pub generation: Option<i64>,
}

/// Who wants to know how far a job is, and what differs.
pub trait Witness: Send {
    /// It is so far.
    fn progress(&mut self, told: Told);

    /// This is not the same.
    fn differs(&mut self, difference: &Difference);
}
