//! A commit: all events that one command puts on one stream. It travels as one message, so it is atomic.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::event::Event;
use crate::ids::{CorrelationId, EventId, StreamRef};

/// The place of a commit in the log of the tenant's partition: a growing integer. 0 is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// Before everything.
    pub const START: Self = Self(0);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an event in its stream, from 1. 0 is the version of a stream without events.
pub type StreamVersion = u64;

/// What all events of a commit have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The stream they are on.
    pub stream: StreamRef,
    /// When they were recorded, to the microsecond.
    pub recorded_at: DateTime<Utc>,
    /// Who caused them.
    pub actor: Actor,
    /// The outside request that they come from.
    pub correlation_id: CorrelationId,
    /// The event that led to them, where one did.
    pub causation_id: Option<EventId>,
}

/// An event that is about to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Its identity.
    pub event_id: EventId,
    /// What happened.
    pub event: Event,
}

/// All events that one command puts on one stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// What they have in common.
    pub envelope: Envelope,
    /// The version of the first of them.
    pub first_version: StreamVersion,
    /// The events, in order; at least one.
    pub events: Vec<NewEvent>,
}

impl Commit {
    /// The version of the stream after this commit.
    #[must_use]
    pub fn last_version(&self) -> StreamVersion {
        (self.first_version + self.events.len() as u64).saturating_sub(1)
    }

    /// The events as they stand in the log at this position.
    pub fn recorded_at(self, position: Position) -> impl Iterator<Item = Recorded> {
        let envelope = Arc::new(self.envelope);
        let first_version = self.first_version;
        self.events.into_iter().enumerate().map(move |(index, new)| Recorded {
            envelope: Arc::clone(&envelope),
            position,
            index: u32::try_from(index).unwrap_or(u32::MAX),
            version: first_version + index as u64,
            event_id: new.event_id,
            event: new.event,
        })
    }
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// What it has in common with the rest of its commit.
    pub envelope: Arc<Envelope>,
    /// The place of its commit in the log.
    pub position: Position,
    /// Its place in the commit, from 0.
    pub index: u32,
    /// Its number in the stream, from 1.
    pub version: StreamVersion,
    /// Its identity.
    pub event_id: EventId,
    /// What happened.
    pub event: Event,
}
