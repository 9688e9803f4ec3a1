//! What an event does to the row of a customer in the live list. Pure.
//!
//! What the list does not show leaves the row as it is: no points posting moves a customer to the top of a desk's list. What has
//! been folded in already changes nothing either.

use chrono::{DateTime, Utc};
use events::customer::{CustomerEvent, Profile};
use events::subject::Partition;
use events::{Contact, CustomerId, Recorded};

use super::row::ContactRow;
use crate::customer::row_number;
use crate::projection::ApplyError;
use crate::value::storable;

/// Whether an event can change what the list shows.
pub const fn shows(event: &CustomerEvent) -> bool {
    match event {
        CustomerEvent::Registered(_)
        | CustomerEvent::Imported(_)
        | CustomerEvent::Arrived(_)
        | CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_)
        | CustomerEvent::Forgotten(_) => true,
        CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_) => false,
    }
}

/// The row of a customer after an event of theirs; `None` where there is none, and once the customer was forgotten.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn customer(
    partition: Partition,
    row: Option<ContactRow>,
    (id, recorded): (&CustomerId, &Recorded),
    event: &CustomerEvent,
) -> Result<Option<ContactRow>, ApplyError> {
    if let CustomerEvent::Forgotten(_) = event {
        return Ok(None);
    }
    let Some(row) = row else {
        let entered = entry(event).map(|(profile, contact, since)| enter(partition, (id, recorded), profile, contact, since));
        return Ok(entered);
    };
    if recorded.version <= row.version {
        return Ok(Some(row));
    }
    let mut after = row.clone();
    change(&mut after, recorded, event)?;
    if after == row {
        return Ok(Some(row));
    }
    after.version = recorded.version;
    Ok(Some(touched(after, recorded)))
}

/// The row after something in it changed.
pub(super) fn touched(mut row: ContactRow, recorded: &Recorded) -> ContactRow {
    row.position = recorded.position;
    row.updated_at = row.updated_at.max(recorded.envelope.recorded_at);
    row
}

/// Who enters by an event, and since when they are known, where the event says so.
fn entry(event: &CustomerEvent) -> Option<(&Profile, Contact, Option<DateTime<Utc>>)> {
    match event {
        CustomerEvent::Registered(data) => Some((&data.profile, Contact::default(), None)),
        CustomerEvent::Imported(data) => Some((&data.profile, Contact::default(), Some(data.created_at))),
        CustomerEvent::Arrived(data) => Some((&data.profile, data.contact.map(storable), None)),
        CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_)
        | CustomerEvent::Forgotten(_) => None,
    }
}

fn enter(
    partition: Partition,
    (id, recorded): (&CustomerId, &Recorded),
    profile: &Profile,
    contact: Contact,
    since: Option<DateTime<Utc>>,
) -> ContactRow {
    let now = recorded.envelope.recorded_at;
    let created_at = since.unwrap_or(now);
    ContactRow {
        id: id.clone(),
        no: row_number(partition, recorded.position),
        is_live: true,
        version: recorded.version,
        position: recorded.position,
        name: storable(&profile.name),
        email: storable(&profile.email),
        phone: storable(&profile.phone),
        contact,
        tags: Vec::new(),
        conversations: Vec::new(),
        created_at,
        // Nobody changed before they were there, whatever another system said about when that was.
        updated_at: now.max(created_at),
    }
}

fn change(row: &mut ContactRow, recorded: &Recorded, event: &CustomerEvent) -> Result<(), ApplyError> {
    match event {
        CustomerEvent::Registered(_) | CustomerEvent::Imported(_) | CustomerEvent::Arrived(_) => {
            return Err(ApplyError::event(recorded, "the customer is there already"));
        }
        CustomerEvent::ProfileChanged(data) => {
            let new = [(&mut row.name, &data.name), (&mut row.email, &data.email), (&mut row.phone, &data.phone)];
            for (text, new) in new.into_iter().filter_map(|(text, new)| Some((text, new.as_deref()?))) {
                *text = storable(new);
            }
        }
        CustomerEvent::ContactChanged(data) => row.contact = data.contact.map(storable),
        CustomerEvent::Tagged(data) if row.tags.contains(&data.tag) => {}
        CustomerEvent::Tagged(data) => row.tags.push(data.tag.clone()),
        CustomerEvent::Untagged(data) => row.tags.retain(|tag| *tag != data.tag),
        CustomerEvent::Deleted(_) => row.is_live = false,
        CustomerEvent::Restored(_) => row.is_live = true,
        CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Forgotten(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
