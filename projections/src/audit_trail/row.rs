//! A row of the audit trail: one event, told to people.

use chrono::{DateTime, Utc};
use events::subject::Partition;
use events::{Actor, CorrelationId, EventId, Position, Recorded, StreamKind, TenantId};
use serde_json::Value as Json;

use super::words::Activity;
use crate::projection::ApplyError;

/// Bits of a row's number that are the event's place in its commit.
const INDEX_BITS: u32 = 12;
/// Bits of a row's number that are the position of its commit.
const POSITION_BITS: u32 = 36;

/// An event as the audit trail tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// Its number: grows in the order of the log, and is the same after every rebuild.
    pub no: i64,
    /// Whose data it is about.
    pub tenant: TenantId,
    /// The event.
    pub event_id: EventId,
    /// The position of its commit.
    pub position: Position,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who caused it, under the name of the time.
    pub actor: Actor,
    /// What happened: the event's type, a word for it, and what was done with the record.
    pub activity: &'static Activity,
    /// The kind of the record.
    pub kind: StreamKind,
    /// The record; empty where it is about all records of the kind.
    pub object_id: String,
    /// What the record was called after the event.
    pub object_repr: String,
    /// What happened, in a sentence.
    pub description: String,
    /// The fields that changed.
    pub changes: Vec<FieldChange>,
    /// The outside request that it comes from.
    pub correlation_id: CorrelationId,
    /// The event that led to it, where one did.
    pub causation_id: Option<EventId>,
}

/// What an event did to a field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The name of the field.
    pub field: String,
    /// The value before; null where there was no object.
    pub old: Json,
    /// The value after.
    pub new: Json,
}

/// The number of an event's row: partition, position of the commit, and place in it.
///
/// # Errors
/// When the event stands where numbers do not reach: beyond position 2^36 or place 4,095.
pub(super) fn row_number(partition: Partition, recorded: &Recorded) -> Result<i64, ApplyError> {
    let beyond = || ApplyError::event(recorded, "it stands beyond what row numbers reach");
    let position = Some(recorded.position.0).filter(|position| position >> POSITION_BITS == 0).ok_or_else(beyond)?;
    let index = Some(u64::from(recorded.index)).filter(|index| index >> INDEX_BITS == 0).ok_or_else(beyond)?;
    let partition = u64::from(partition.0) << (POSITION_BITS + INDEX_BITS);
    i64::try_from(partition | (position << INDEX_BITS) | index).map_err(|_| beyond())
}
