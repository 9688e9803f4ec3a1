//! What an event does to the row of a customer. Pure.

use std::collections::HashMap;

use events::customer::{CustomerEvent, Imported, Profile, Registered};
use events::subject::Partition;
use events::{Amount, CustomerId, Position, Recorded, TenantId};

use super::row::{CustomerRow, RowState};
use crate::projection::ApplyError;
use crate::value::storable;

/// Which customer.
pub type Key = (TenantId, CustomerId);

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
        let Some(old) = entry.now.take() else {
            entry.now = enter(partition, key, recorded, event);
            return Ok(());
        };
        if recorded.version <= old.version || old.state == RowState::Forgotten {
            entry.now = Some(old);
            return Ok(());
        }
        let new = change(partition, &old, recorded, event)?;
        // One row per position: what was true only within a commit never was.
        if old.position < recorded.position {
            self.past.push(Past { row: old, valid_to: recorded.position });
        }
        entry.now = Some(new);
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

/// The first event that is seen of a customer. Where the beginning of a stream was erased, there is nothing to say until the
/// tombstone comes.
fn enter(partition: Partition, key: &Key, recorded: &Recorded, event: &CustomerEvent) -> Option<CustomerRow> {
    match event {
        CustomerEvent::Registered(data) => Some(registered(partition, key, recorded, data)),
        CustomerEvent::Imported(data) => Some(imported(partition, key, recorded, data)),
        CustomerEvent::Forgotten(_) => Some(tombstone(partition, key, recorded)),
        CustomerEvent::ProfileChanged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => None,
    }
}

fn change(
    partition: Partition,
    old: &CustomerRow,
    recorded: &Recorded,
    event: &CustomerEvent,
) -> Result<CustomerRow, ApplyError> {
    if let CustomerEvent::Forgotten(_) = event {
        return Ok(tombstone(partition, &(old.tenant.clone(), old.id.clone()), recorded));
    }
    if recorded.version != old.version + 1 {
        let reason = format!("version {} follows version {}", recorded.version, old.version);
        return Err(ApplyError::event(recorded, reason));
    }
    let mut row = old.clone();
    row.version = recorded.version;
    row.position = recorded.position;
    row.updated_at = recorded.envelope.recorded_at;
    match event {
        CustomerEvent::Registered(_) | CustomerEvent::Imported(_) => {
            return Err(ApplyError::event(recorded, "the customer is there already"));
        }
        CustomerEvent::Forgotten(_) => {}
        CustomerEvent::ProfileChanged(data) => {
            data.apply_to(&mut row.profile);
            row.profile = storable_profile(&row.profile);
            row.last_order_at = data.last_order_at.or(row.last_order_at);
        }
        CustomerEvent::PointsUpdated(data) => row.loyalty_points = data.balance,
        CustomerEvent::OrderRecorded(data) => {
            row.total_orders = row.total_orders.saturating_add(1);
            row.total_spent = row.total_spent.checked_add(data.amount).unwrap_or(Amount::MAX);
            row.last_order_at = row.last_order_at.max(Some(data.placed_at));
        }
        CustomerEvent::Activated(_) => row.is_active = true,
        CustomerEvent::Deactivated(_) => row.is_active = false,
        CustomerEvent::Deleted(_) => row.state = RowState::Deleted,
        CustomerEvent::Restored(_) => row.state = RowState::Live,
    }
    Ok(row)
}

fn registered(partition: Partition, key: &Key, recorded: &Recorded, data: &Registered) -> CustomerRow {
    CustomerRow {
        state: RowState::Live,
        profile: storable_profile(&data.profile),
        is_active: data.is_active,
        loyalty_points: data.loyalty_points,
        last_order_at: data.last_order_at,
        ..tombstone(partition, key, recorded)
    }
}

fn imported(partition: Partition, key: &Key, recorded: &Recorded, data: &Imported) -> CustomerRow {
    CustomerRow {
        state: RowState::Live,
        profile: storable_profile(&data.profile),
        is_active: data.is_active,
        loyalty_points: data.loyalty_points,
        total_orders: data.total_orders,
        total_spent: data.total_spent,
        created_at: data.created_at,
        last_order_at: data.last_order_at,
        ..tombstone(partition, key, recorded)
    }
}

/// What is left of a forgotten customer: only what the tombstone itself says, so that a rebuild from the erased log agrees.
fn tombstone(partition: Partition, (tenant, id): &Key, recorded: &Recorded) -> CustomerRow {
    CustomerRow {
        tenant: tenant.clone(),
        id: id.clone(),
        no: row_number(partition, recorded.position),
        state: RowState::Forgotten,
        version: recorded.version,
        position: recorded.position,
        profile: Profile::default(),
        is_active: false,
        loyalty_points: 0,
        total_orders: 0,
        total_spent: Amount::ZERO,
        created_at: recorded.envelope.recorded_at,
        updated_at: recorded.envelope.recorded_at,
        last_order_at: None,
    }
}

/// A number that no other customer has and that every rebuild gives again: partition and position of the first commit.
fn row_number(partition: Partition, position: Position) -> i64 {
    let high = i64::from(partition.0 & 0x7FFF) << 48;
    high | i64::try_from(position.0 & 0xFFFF_FFFF_FFFF).unwrap_or(0)
}

fn storable_profile(profile: &Profile) -> Profile {
    Profile {
        name: storable(&profile.name),
        email: storable(&profile.email),
        phone: storable(&profile.phone),
        address: storable(&profile.address),
        city: storable(&profile.city),
        province: storable(&profile.province),
        postal_code: storable(&profile.postal_code),
        notes: storable(&profile.notes),
    }
}

#[cfg(test)]
mod tests;
