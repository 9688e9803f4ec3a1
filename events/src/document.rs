//! An event as it is shown to the outside: the same members whether as JSON or as MessagePack, through every door.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::actor::Actor;
use crate::commit::{Position, Recorded, StreamVersion};
use crate::event::Event;
use crate::ids::{CorrelationId, EventId, TenantId};

/// An event with its whole envelope, to be written by any serde format.
///
/// `data` is as it is stored: times in microseconds since 1970, amounts of money in minor units. Everything else is text or
/// a number, and an identity is a text in binary formats too.
#[derive(Debug, Clone, Serialize)]
pub struct EventDocument<'a> {
    /// Its identity.
    #[serde(serialize_with = "as_text")]
    event_id: EventId,
    /// Whose it is.
    tenant: &'a TenantId,
    /// The kind of the aggregate that it happened to.
    kind: &'static str,
    /// The aggregate.
    id: &'a str,
    /// Its number in the stream, from 1.
    version: StreamVersion,
    /// What happened, such as `customer.registered`.
    #[serde(rename = "type")]
    name: &'static str,
    /// The schema version of the data.
    schema_version: u16,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
    /// Who caused it.
    actor: &'a Actor,
    /// The outside request that it comes from.
    correlation_id: &'a CorrelationId,
    /// The event that led to it, where one did.
    #[serde(serialize_with = "as_optional_text")]
    causation_id: Option<EventId>,
    /// The place of its commit in the log.
    position: Position,
    /// Its place in the commit, from 0.
    index: u32,
    /// What happened, in detail.
    data: Data<'a>,
}

impl<'a> EventDocument<'a> {
    /// The document of an event.
    #[must_use]
    pub fn of(recorded: &'a Recorded) -> Self {
        let (envelope, event_type) = (&*recorded.envelope, recorded.event.event_type());
        Self {
            event_id: recorded.event_id,
            tenant: &envelope.stream.tenant,
            kind: envelope.stream.kind.name(),
            id: envelope.stream.id(),
            version: recorded.version,
            name: event_type.name,
            schema_version: event_type.version,
            recorded_at: envelope.recorded_at,
            actor: &envelope.actor,
            correlation_id: &envelope.correlation_id,
            causation_id: envelope.causation_id,
            position: recorded.position,
            index: recorded.index,
            data: Data(&recorded.event),
        }
    }
}

/// The data of an event without its type, which stands beside it.
#[derive(Debug, Clone)]
struct Data<'a>(&'a Event);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Event::Tenant(event) => event.serialize_data(serializer),
            Event::User(event) => event.serialize_data(serializer),
            Event::Customer(event) => event.serialize_data(serializer),
            Event::Access(event) => event.serialize_data(serializer),
            Event::Tag(event) => event.serialize_data(serializer),
            Event::Page(event) => event.serialize_data(serializer),
            Event::Conversation(event) => event.serialize_data(serializer),
            Event::Service(event) => event.serialize_data(serializer),
            Event::Booking(event) => event.serialize_data(serializer),
            Event::Relation(event) => event.serialize_data(serializer),
        }
    }
}

fn as_text<S: Serializer>(id: &EventId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn as_optional_text<S: Serializer>(id: &Option<EventId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => as_text(id, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::PointsUpdated;
    use crate::{Commit, CustomerEvent, CustomerId, Envelope, NewEvent, StreamRef};

    fn recorded() -> Recorded {
        let tenant: TenantId = "tenant".parse().expect("an id");
        let customer: CustomerId = "customer".parse().expect("an id");
        let event = PointsUpdated { requested: -9, applied: -5, balance: 0, reason: "used".to_owned() };
        let commit = Commit {
            envelope: Envelope {
                stream: StreamRef::customer(&tenant, &customer),
                recorded_at: DateTime::from_timestamp_micros(1_767_268_800_000_001).expect("a time"),
                actor: Actor::system("test"),
                correlation_id: "request".parse().expect("an id"),
                causation_id: Some(EventId(uuid::Uuid::nil())),
            },
            first_version: 7,
            events: vec![NewEvent { event_id: EventId(uuid::Uuid::max()), event: CustomerEvent::PointsUpdated(event).into() }],
        };
        commit.recorded_at(Position(42)).next().expect("an event")
    }

    #[test]
    fn the_whole_envelope_is_shown() {
        let shown = serde_json::to_string(&EventDocument::of(&recorded())).expect("writes");
        let expected = concat!(
            r#"{"event_id":"ffffffff-ffff-ffff-ffff-ffffffffffff","tenant":"tenant","kind":"customer","id":"customer","#,
            r#""version":7,"type":"customer.points_updated","schema_version":1,"recorded_at":"2026-01-01T12:00:00.000001Z","#,
            r#""actor":{"id":"test","kind":"system","name":"Kith test"},"correlation_id":"request","#,
            r#""causation_id":"00000000-0000-0000-0000-000000000000","position":42,"index":0,"#,
            r#""data":{"requested":-9,"applied":-5,"balance":0,"reason":"used"}}"#,
        );
        assert_eq!(shown, expected);
    }

    #[test]
    fn message_pack_says_the_same() {
        let recorded = recorded();
        let document = EventDocument::of(&recorded);
        let bytes = rmp_serde::to_vec_named(&document).expect("writes");
        let read: serde_json::Value = rmp_serde::from_slice(&bytes).expect("reads");
        assert_eq!(read, serde_json::to_value(&document).expect("writes"));
    }
}
