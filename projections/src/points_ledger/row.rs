//! An entry of the points ledger.

use chrono::{DateTime, Utc};
use events::{Actor, Position};

/// What put an entry into the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LedgerCause {
    /// The customer was entered with an opening balance.
    Registered,
    /// The customer was imported with an opening balance.
    Imported,
    /// The balance was changed.
    Updated,
}

impl LedgerCause {
    /// Every cause there is.
    pub const ALL: [Self; 3] = [Self::Registered, Self::Imported, Self::Updated];

    /// The name in tables and in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Imported => "imported",
            Self::Updated => "updated",
        }
    }
}

/// An entry of a customer's points ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its number in the customer's ledger, from 1.
    pub seq: i64,
    /// The position of its commit.
    pub position: Position,
    /// Its place in the commit, from 0.
    pub index: u32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What put it here.
    pub cause: LedgerCause,
    /// The change that was asked for.
    pub requested: i64,
    /// The change that was made.
    pub applied: i64,
    /// The balance after it.
    pub balance: i64,
    /// Why, in the words of who asked; empty for opening balances.
    pub reason: String,
    /// Who did it.
    pub actor: Actor,
}
