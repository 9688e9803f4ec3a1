//! What an event does to the row of a customer. Pure.

use events::customer::{Arrived, CustomerEvent, Imported, Profile, Registered};
use events::subject::Partition;
use events::{Amount, CustomerId, Position, Recorded, TenantId};

use super::row::{CustomerRow, RowState};
use crate::projection::ApplyError;
use crate::value::storable;

/// The row of a customer after an event, from the row before it: `None` as long as nothing is known of the customer.
///
/// An event that the row has already seen changes nothing, and neither does anything after the customer was forgotten.
///
/// # Errors
/// When the event does not fit behind those folded in before, or its stream names no customer.
pub fn fold(
    partition: Partition,
    row: Option<CustomerRow>,
    recorded: &Recorded,
    event: &CustomerEvent,
) -> Result<Option<CustomerRow>, ApplyError> {
    match row {
        None => enter(partition, recorded, event),
        Some(row) if recorded.version <= row.version || row.state == RowState::Forgotten => Ok(Some(row)),
        Some(row) => change(partition, row, recorded, event).map(Some),
    }
}

/// The first event that is seen of a customer. Where the beginning of a stream was erased, there is nothing to say until the
/// tombstone comes.
fn enter(partition: Partition, recorded: &Recorded, event: &CustomerEvent) -> Result<Option<CustomerRow>, ApplyError> {
    let stream = &recorded.envelope.stream;
    let id = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no customer"))?;
    let blank = tombstone(partition, stream.tenant.clone(), id, recorded);
    Ok(match event {
        CustomerEvent::Registered(data) => Some(registered(blank, data)),
        CustomerEvent::Imported(data) => Some(imported(blank, data)),
        CustomerEvent::Arrived(data) => Some(arrived(blank, data)),
        CustomerEvent::Forgotten(_) => Some(blank),
        CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => None,
    })
}

fn change(
    partition: Partition,
    mut row: CustomerRow,
    recorded: &Recorded,
    event: &CustomerEvent,
) -> Result<CustomerRow, ApplyError> {
    if let CustomerEvent::Forgotten(_) = event {
        return Ok(tombstone(partition, row.tenant, row.id, recorded));
    }
    if recorded.version != row.version + 1 {
        let reason = format!("version {} follows version {}", recorded.version, row.version);
        return Err(ApplyError::event(recorded, reason));
    }
    row.version = recorded.version;
    row.position = recorded.position;
    row.updated_at = recorded.envelope.recorded_at;
    match event {
        CustomerEvent::Registered(_) | CustomerEvent::Imported(_) | CustomerEvent::Arrived(_) => {
            return Err(ApplyError::event(recorded, "the customer is there already"));
        }
        CustomerEvent::Forgotten(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_) => {}
        CustomerEvent::ProfileChanged(data) => {
            data.apply_to(&mut row.profile);
            row.profile = row.profile.map(storable);
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

fn registered(blank: CustomerRow, data: &Registered) -> CustomerRow {
    CustomerRow {
        state: RowState::Live,
        profile: data.profile.map(storable),
        is_active: data.is_active,
        loyalty_points: data.loyalty_points,
        last_order_at: data.last_order_at,
        ..blank
    }
}

fn arrived(blank: CustomerRow, data: &Arrived) -> CustomerRow {
    CustomerRow { state: RowState::Live, profile: data.profile.map(storable), is_active: true, ..blank }
}

fn imported(blank: CustomerRow, data: &Imported) -> CustomerRow {
    CustomerRow {
        state: RowState::Live,
        profile: data.profile.map(storable),
        is_active: data.is_active,
        loyalty_points: data.loyalty_points,
        total_orders: data.total_orders,
        total_spent: data.total_spent,
        created_at: data.created_at,
        last_order_at: data.last_order_at,
        ..blank
    }
}

/// What is left of a forgotten customer: only what the tombstone itself says, so that a rebuild from the erased log agrees.
fn tombstone(partition: Partition, tenant: TenantId, id: CustomerId, recorded: &Recorded) -> CustomerRow {
    CustomerRow {
        tenant,
        id,
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
pub fn row_number(partition: Partition, position: Position) -> i64 {
    let high = i64::from(partition.0 & 0x7FFF) << 48;
    high | i64::try_from(position.0 & 0xFFFF_FFFF_FFFF).unwrap_or(0)
}

#[cfg(test)]
mod tests;
