//! Commits as bytes: MessagePack with field names, so that fields can be added.
//!
//! The layout is frozen by the samples in `events/golden`.

use chrono::serde::ts_microseconds;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::commit::{Commit, Envelope, NewEvent, StreamVersion};
use crate::event::Event;
use crate::ids::{CorrelationId, EventId, IdError, StreamKind, StreamRef, TenantId};
use crate::upcast;

/// Why bytes could not be read, or a value could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The type is in no catalogue of this program.
    #[error("event type {0:?} is not known to this version of the program")]
    UnknownType(String),
    /// The schema version is newer than this program.
    #[error("event type {name:?} has schema version {found}, newest known is {newest}")]
    UnknownVersion {
        /// The type.
        name: &'static str,
        /// The version in the bytes.
        found: u16,
        /// The newest version of this program.
        newest: u16,
    },
    /// The data of an event does not fit its type.
    #[error("data of event type {name:?} does not fit")]
    Data {
        /// The type.
        name: &'static str,
        /// What the decoder said.
        source: rmp_serde::decode::Error,
    },
    /// The data of an old event does not fit after upcasting.
    #[error("upcast data of event type {name:?} does not fit")]
    Upcast {
        /// The type.
        name: &'static str,
        /// What the decoder said.
        source: rmpv::ext::Error,
    },
    /// The bytes are not a commit.
    #[error("bytes are not a commit")]
    Commit {
        /// What the decoder said.
        source: rmp_serde::decode::Error,
    },
    /// The commit names a stream that cannot be.
    #[error("commit has a malformed stream id")]
    Stream {
        /// What is wrong with it.
        source: IdError,
    },
    /// The bytes are not a claim.
    #[error("bytes are not a claim record")]
    Claim {
        /// What the decoder said.
        source: rmp_serde::decode::Error,
    },
    /// A value could not be written.
    #[error("value cannot be written as MessagePack")]
    Encode {
        /// What the encoder said.
        source: rmp_serde::encode::Error,
    },
}

/// A commit as it is written.
#[derive(Serialize, Deserialize)]
struct WireCommit<'a> {
    tenant: TenantId,
    kind: StreamKind,
    id: String,
    first_version: StreamVersion,
    #[serde(with = "ts_microseconds")]
    recorded_at: DateTime<Utc>,
    actor: Actor,
    correlation_id: CorrelationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    causation_id: Option<EventId>,
    #[serde(borrow)]
    events: Vec<WireEvent<'a>>,
}

/// An event as it is written. Its data is MessagePack inside MessagePack, so that a reader can pass over types it does not know.
#[derive(Serialize, Deserialize)]
struct WireEvent<'a> {
    event_id: EventId,
    #[serde(rename = "type")]
    name: std::borrow::Cow<'a, str>,
    version: u16,
    #[serde(borrow, with = "serde_bytes")]
    data: std::borrow::Cow<'a, [u8]>,
}

/// Writes a commit.
///
/// # Errors
/// When a value cannot be written.
pub fn encode(commit: &Commit) -> Result<Vec<u8>, CodecError> {
    let envelope = &commit.envelope;
    let events = commit
        .events
        .iter()
        .map(|new| {
            let event_type = new.event.event_type();
            Ok(WireEvent {
                event_id: new.event_id,
                name: event_type.name.into(),
                version: event_type.version,
                data: new.event.encode_data()?.into(),
            })
        })
        .collect::<Result<_, CodecError>>()?;
    encode_named(&WireCommit {
        tenant: envelope.stream.tenant.clone(),
        kind: envelope.stream.kind,
        id: envelope.stream.id().to_owned(),
        first_version: commit.first_version,
        recorded_at: envelope.recorded_at,
        actor: envelope.actor.clone(),
        correlation_id: envelope.correlation_id.clone(),
        causation_id: envelope.causation_id,
        events,
    })
}

/// Reads a commit; events of older schema versions come out in their newest form.
///
/// # Errors
/// When the bytes are not a commit that this program knows.
pub fn decode(bytes: &[u8]) -> Result<Commit, CodecError> {
    let wire: WireCommit<'_> = rmp_serde::from_slice(bytes).map_err(|source| CodecError::Commit { source })?;
    let events = wire
        .events
        .iter()
        .map(|event| {
            Ok(NewEvent {
                event_id: event.event_id,
                event: Event::decode_data(wire.kind, &event.name, event.version, &event.data)?,
            })
        })
        .collect::<Result<_, CodecError>>()?;
    let stream = StreamRef::new(wire.tenant, wire.kind, &wire.id).map_err(|source| CodecError::Stream { source })?;
    Ok(Commit {
        envelope: Envelope {
            stream,
            recorded_at: wire.recorded_at,
            actor: wire.actor,
            correlation_id: wire.correlation_id,
            causation_id: wire.causation_id,
        },
        first_version: wire.first_version,
        events,
    })
}

/// When a commit was recorded. Reads nothing else, so it does for types that this program does not know.
///
/// # Errors
/// When the bytes are not a commit.
pub fn recorded_at(bytes: &[u8]) -> Result<DateTime<Utc>, CodecError> {
    #[derive(Deserialize)]
    struct Recorded {
        #[serde(with = "ts_microseconds")]
        recorded_at: DateTime<Utc>,
    }
    let recorded: Recorded = rmp_serde::from_slice(bytes).map_err(|source| CodecError::Commit { source })?;
    Ok(recorded.recorded_at)
}

pub(crate) fn encode_named<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    rmp_serde::to_vec_named(value).map_err(|source| CodecError::Encode { source })
}

/// Reads data of any version up to the newest one.
pub(crate) fn decode_versioned<T: DeserializeOwned>(
    name: &'static str,
    found: u16,
    newest: u16,
    data: &[u8],
) -> Result<T, CodecError> {
    if found == newest {
        return rmp_serde::from_slice(data).map_err(|source| CodecError::Data { name, source });
    }
    if found == 0 || found > newest {
        return Err(CodecError::UnknownVersion { name, found, newest });
    }
    let old: rmpv::Value = rmp_serde::from_slice(data).map_err(|source| CodecError::Data { name, source })?;
    let new = upcast::upcast(upcast::UPCASTERS, name, found, newest, old);
    rmpv::ext::from_value(new).map_err(|source| CodecError::Upcast { name, source })
}
