//! Single events, as a log would give them: for tests that say "given these events, then this row".

use chrono::DateTime;
use events::{Actor, CorrelationId, Envelope, Event, EventId, Position, Recorded, StreamRef};

/// The event that is version `number` of its stream: at position 10 × `number`, `number` seconds after 1970, by actor `test`.
#[must_use]
pub fn recorded(stream: &StreamRef, number: u32, event: Event) -> Recorded {
    let envelope = Envelope {
        stream: stream.clone(),
        recorded_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(i64::from(number)),
        actor: Actor::system("test"),
        correlation_id: CorrelationId::generate(),
        causation_id: None,
    };
    Recorded {
        envelope: envelope.into(),
        position: Position(u64::from(number) * 10),
        index: 0,
        version: u64::from(number),
        event_id: EventId::generate(),
        event,
    }
}
