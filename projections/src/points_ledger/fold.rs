//! What an event adds to a customer's points ledger. Pure.

use std::collections::{BTreeSet, HashMap};

use events::customer::CustomerEvent;
use events::{Actor, CustomerId, Position, Recorded, TenantId};

use super::row::{LedgerCause, LedgerRow};
use crate::value::storable;

/// Which customer.
pub type Key = (TenantId, CustomerId);

/// The end of a customer's ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tip {
    /// The number of the last entry; 0 when there is none.
    pub seq: i64,
    /// The position of the last entry's commit.
    pub position: Position,
    /// The place of its event in the commit.
    pub index: u32,
}

/// What a batch adds to the ledgers.
#[derive(Debug, Default)]
pub struct Ledgers {
    tips: HashMap<Key, Tip>,
    added: Vec<(Key, LedgerRow)>,
    forgotten: BTreeSet<Key>,
}

/// Whether an event can add to a ledger, or end it.
pub const fn posts(event: &CustomerEvent) -> bool {
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

impl Ledgers {
    /// The ledgers as they end in the table.
    pub fn new(tips: HashMap<Key, Tip>) -> Self {
        Self { tips, ..Self::default() }
    }

    /// Folds an event in.
    pub fn apply(&mut self, key: &Key, recorded: &Recorded, event: &CustomerEvent) {
        match event {
            CustomerEvent::Registered(data) => self.open(key, recorded, LedgerCause::Registered, data.loyalty_points),
            CustomerEvent::Imported(data) => self.open(key, recorded, LedgerCause::Imported, data.loyalty_points),
            CustomerEvent::PointsUpdated(data) => {
                let change = (data.requested, data.applied, data.balance);
                self.add(key, recorded, LedgerCause::Updated, change, &data.reason);
            }
            CustomerEvent::Forgotten(_) => {
                self.tips.remove(key);
                self.added.retain(|(of, _)| of != key);
                self.forgotten.insert(key.clone());
            }
            CustomerEvent::Arrived(_)
            | CustomerEvent::ProfileChanged(_)
            | CustomerEvent::ContactChanged(_)
            | CustomerEvent::Tagged(_)
            | CustomerEvent::Untagged(_)
            | CustomerEvent::OrderRecorded(_)
            | CustomerEvent::Activated(_)
            | CustomerEvent::Deactivated(_)
            | CustomerEvent::Deleted(_)
            | CustomerEvent::Restored(_) => {}
        }
    }

    /// The entries to add, and the customers of whom no entry may stay.
    pub fn into_changes(self) -> (Vec<(Key, LedgerRow)>, BTreeSet<Key>) {
        (self.added, self.forgotten)
    }

    fn open(&mut self, key: &Key, recorded: &Recorded, cause: LedgerCause, points: i64) {
        if points != 0 {
            self.add(key, recorded, cause, (points, points, points), "");
        }
    }

    fn add(
        &mut self,
        key: &Key,
        recorded: &Recorded,
        cause: LedgerCause,
        (requested, applied, balance): (i64, i64, i64),
        reason: &str,
    ) {
        let tip = self.tips.get(key).copied().unwrap_or_default();
        if (recorded.position, recorded.index) <= (tip.position, tip.index) && tip.seq > 0 {
            return;
        }
        let Actor { id, kind, name } = &recorded.envelope.actor;
        let row = LedgerRow {
            seq: tip.seq + 1,
            position: recorded.position,
            index: recorded.index,
            recorded_at: recorded.envelope.recorded_at,
            cause,
            requested,
            applied,
            balance,
            reason: storable(reason),
            actor: Actor { id: storable(id), kind: *kind, name: storable(name) },
        };
        self.tips.insert(key.clone(), Tip { seq: row.seq, position: row.position, index: row.index });
        self.added.push((key.clone(), row));
    }
}

#[cfg(test)]
mod tests;
