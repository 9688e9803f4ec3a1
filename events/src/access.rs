//! What was looked at. Nobody decides these facts: they are noted when a tenant audits its reading.
//!
//! They stand on streams of their own, one set per process, so that noting one never waits for anything. They name records and
//! hold nothing of them.

use serde::{Deserialize, Serialize};

use crate::define::define_events;
use crate::ids::StreamKind;

define_events! {
    /// The events of reading.
    AccessEvent {
        /// Somebody was shown a record.
        Viewed(Viewed) = "access.viewed" v 1,
        /// Somebody was handed all records of a kind, or a part of them, as a file.
        Exported(Exported) = "access.exported" v 1,
    }
}

/// Somebody was shown a record. Who and when is in the envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Viewed {
    /// The kind of the record.
    pub kind: StreamKind,
    /// The record.
    pub id: String,
}

/// Somebody was handed records as a file. Who and when is in the envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// The kind of the records.
    pub kind: StreamKind,
}
