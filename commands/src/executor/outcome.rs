//! What a command led to.

use std::fmt;
use std::sync::Arc;

use events::{CustomerId, Position, StreamRef, StreamVersion};

use crate::aggregate::Aggregate;
use crate::fields::FieldErrors;

/// A stream as it is: its state and its place.
pub struct Loaded<A: Aggregate> {
    /// What its events add up to; the default state when there are none.
    pub state: Arc<A::State>,
    /// How many events it had; 0: there is no such stream.
    pub version: StreamVersion,
    /// The position of its last commit.
    pub position: Position,
}

impl<A: Aggregate> Clone for Loaded<A> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), version: self.version, position: self.position }
    }
}

impl<A: Aggregate> Default for Loaded<A> {
    fn default() -> Self {
        Self { state: Arc::default(), version: 0, position: Position::START }
    }
}

impl<A: Aggregate> fmt::Debug for Loaded<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, version, position } = self;
        f.debug_struct("Loaded").field("state", state).field("version", version).field("position", position).finish()
    }
}

/// What a command led to.
pub struct Executed<A: Aggregate> {
    /// The stream; for a repeated request the one of the first time.
    pub stream: StreamRef,
    /// The state after it.
    pub state: Arc<A::State>,
    /// The version after it.
    pub version: StreamVersion,
    /// The position of its commit, or of the state when nothing changed.
    pub position: Position,
    /// What happened; empty when there was nothing to do.
    pub events: Vec<A::Event>,
    /// Whether this is the answer to an earlier request with the same key.
    pub replayed: bool,
}

impl<A: Aggregate> fmt::Debug for Executed<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream, state, version, position, events, replayed } = self;
        let mut debug = f.debug_struct("Executed");
        debug.field("stream", stream).field("state", state).field("version", version).field("position", position);
        debug.field("events", events).field("replayed", replayed).finish()
    }
}

/// How a bulk command is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkMode {
    /// All or nothing, in one piece: up to 1,000 aggregates (more entries than the log takes at once are refused).
    Atomic,
    /// In pieces, each of them all or nothing. When a later piece fails the earlier ones stay; repeating the whole with the same
    /// idempotency key carries out only what is missing.
    Chunked,
}

/// What a bulk command did to one aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkOutcome {
    /// It changed.
    Changed,
    /// It was so already.
    Unchanged,
    /// There is no such aggregate (any more).
    Missing,
}

/// One aggregate of a bulk command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkItem {
    /// Its stream.
    pub stream: StreamRef,
    /// What was done.
    pub outcome: BulkOutcome,
    /// Its version afterwards; 0: there is no such stream.
    pub version: StreamVersion,
}

/// What a bulk command did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkReport {
    /// One item per command, in order.
    pub items: Vec<BulkItem>,
    /// The last position that it wrote; [`Position::START`] when it wrote nothing.
    pub position: Position,
    /// Whether all of it was the answer to an earlier request with the same key.
    pub replayed: bool,
}

impl BulkReport {
    /// How many items had an outcome.
    #[must_use]
    pub fn count(&self, outcome: BulkOutcome) -> usize {
        self.items.iter().filter(|item| item.outcome == outcome).count()
    }
}

/// How far a bulk command in pieces has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkProgress {
    /// Commands carried out.
    pub done: usize,
    /// Commands in all.
    pub total: usize,
}

/// How an import treats rows that cannot go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// They are reported and the others go in.
    EachRow,
    /// Nothing goes in. Limited to what the log takes in one piece.
    Atomic,
}

/// What became of one row of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The customer was entered.
    Created(CustomerId),
    /// A customer with the email address is there already, in the tenant or in an earlier row.
    AlreadyExists,
    /// Fields are wrong.
    Invalid(FieldErrors),
    /// Nothing is wrong with it, and it did not go in since another row could not.
    Withheld,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// One outcome per row, in order.
    pub rows: Vec<ImportOutcome>,
    /// The last position that it wrote; [`Position::START`] when it wrote nothing.
    pub position: Position,
    /// Whether all of it was the answer to an earlier request with the same key.
    pub replayed: bool,
}

impl ImportReport {
    /// How many customers were entered.
    #[must_use]
    pub fn created(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row, ImportOutcome::Created(_))).count()
    }
}
