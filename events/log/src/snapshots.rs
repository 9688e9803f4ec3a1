//! Snapshots of streams.

use std::sync::Arc;

use events::{Position, StreamRef, StreamVersion};
use serde::{Deserialize, Serialize};

use crate::error::LogError;
use crate::keep::Keep;
use crate::link::{Link, unexpected};
use crate::types::Snapshot;

/// The store of snapshots. What is replaced or dropped is erased on the disk.
#[derive(Clone)]
pub(crate) struct Snapshots {
    keep: Keep,
}

/// A snapshot as it is written.
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    schema: u32,
    version: StreamVersion,
    position: Position,
    #[serde(borrow, with = "serde_bytes")]
    data: std::borrow::Cow<'a, [u8]>,
}

impl Snapshots {
    pub(crate) async fn open(link: &Arc<Link>) -> Result<Self, LogError> {
        Ok(Self { keep: Keep::open(link, "kith_snapshots", "Kith: folded states of long streams").await? })
    }

    /// A snapshot that cannot be read counts as none: it only saves work.
    pub(crate) async fn get(&self, stream: &StreamRef) -> Result<Option<Snapshot>, LogError> {
        let Some(kept) = self.keep.get(&key(stream)).await? else { return Ok(None) };
        let wire: Result<Wire<'_>, _> = rmp_serde::from_slice(&kept.value);
        Ok(wire.ok().map(|wire| Snapshot {
            schema: wire.schema,
            version: wire.version,
            position: wire.position,
            data: wire.data.into_owned(),
        }))
    }

    pub(crate) async fn put(&self, stream: &StreamRef, snapshot: &Snapshot) -> Result<(), LogError> {
        let &Snapshot { schema, version, position, ref data } = snapshot;
        let wire = Wire { schema, version, position, data: data.as_slice().into() };
        let bytes = rmp_serde::to_vec_named(&wire).map_err(unexpected)?;
        self.keep.put(&key(stream), bytes, None, None).await.map(|_| ())
    }

    pub(crate) async fn delete(&self, stream: &StreamRef) -> Result<(), LogError> {
        self.keep.delete(&key(stream)).await
    }
}

fn key(stream: &StreamRef) -> String {
    format!("{}.{}.{}", stream.tenant, stream.kind.name(), stream.id())
}
