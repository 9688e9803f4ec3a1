//! States in memory, weighed by their bytes. What is here may be behind the log: an append or a look at the log confirms it.

use std::any::Any;
use std::sync::Arc;

use events::{Position, StreamRef, StreamVersion};
use moka::sync::Cache;

use super::outcome::Loaded;
use crate::aggregate::Aggregate;

/// What an entry weighs beside its state: key, counters and the cache's own nodes.
const OVERHEAD_BYTES: usize = 400;

/// A state that was read or written here.
pub(super) struct Held<A: Aggregate> {
    /// The state and its place.
    pub loaded: Loaded<A>,
    /// The version of the last snapshot that is known of; 0: none.
    pub snapshot_version: StreamVersion,
}

impl<A: Aggregate> Clone for Held<A> {
    fn clone(&self) -> Self {
        Self { loaded: self.loaded.clone(), snapshot_version: self.snapshot_version }
    }
}

impl<A: Aggregate> Default for Held<A> {
    fn default() -> Self {
        Self { loaded: Loaded::default(), snapshot_version: 0 }
    }
}

#[derive(Clone)]
struct Slot {
    held: Arc<dyn Any + Send + Sync>,
    position: Position,
    bytes: u32,
}

/// The cache.
pub(super) struct StateCache {
    slots: Cache<StreamRef, Slot>,
}

impl StateCache {
    pub fn new(max_bytes: u64) -> Self {
        Self { slots: Cache::builder().max_capacity(max_bytes).weigher(|_, slot: &Slot| slot.bytes).build() }
    }

    pub fn get<A: Aggregate>(&self, stream: &StreamRef) -> Option<Held<A>> {
        self.slots.get(stream).and_then(|slot| slot.held.downcast_ref::<Held<A>>().cloned())
    }

    /// Keeps a state unless a later one is there. A stream without events is not kept.
    pub fn put<A: Aggregate>(&self, stream: &StreamRef, held: &Held<A>) {
        let position = held.loaded.position;
        if held.loaded.version == 0 || self.slots.get(stream).is_some_and(|slot| slot.position > position) {
            return;
        }
        let bytes = u32::try_from(A::weight(&held.loaded.state) + OVERHEAD_BYTES).unwrap_or(u32::MAX);
        self.slots.insert(stream.clone(), Slot { held: Arc::new(held.clone()), position, bytes });
    }

    pub fn forget(&self, stream: &StreamRef) {
        self.slots.invalidate(stream);
    }
}
