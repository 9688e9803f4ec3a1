//! Snapshots: folded states of long streams, kept beside the log so that a load does not grow with the stream.

use std::sync::Arc;

use event_log::{LogError, Snapshot};
use events::{StreamRef, StreamVersion};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::Executor;
use super::cache::Held;
use super::outcome::Loaded;
use super::turns::Turn;
use crate::aggregate::Aggregate;

/// How many snapshots are asked for at a time.
const SNAPSHOTS_IN_FLIGHT: usize = 128;

impl Executor {
    /// What is known of each stream, or else its snapshot, or else nothing.
    pub(super) async fn with_snapshots<A: Aggregate>(
        &self,
        streams: Vec<(StreamRef, Option<Held<A>>)>,
    ) -> Result<Vec<(StreamRef, Held<A>)>, LogError> {
        stream::iter(streams)
            .map(|(stream, known)| async move {
                let held = match known {
                    Some(held) => held,
                    None => self.log().snapshot(&stream).await?.as_ref().and_then(read::<A>).unwrap_or_default(),
                };
                Ok((stream, held))
            })
            .buffered(SNAPSHOTS_IN_FLIGHT)
            .try_collect()
            .await
    }

    /// Saves a snapshot in the background when the last one is long ago.
    pub(super) fn snapshot_when_due<A: Aggregate>(&self, stream: &StreamRef, held: &Held<A>) {
        if !self.is_due(held.loaded.version, held.snapshot_version) {
            return;
        }
        let (executor, stream, loaded) = (self.clone(), stream.clone(), held.loaded.clone());
        tokio::spawn(async move {
            let _turn = executor.wait_to_tidy(&stream).await;
            // The command before this one may have saved one meanwhile.
            let saved = executor.inner.cache.get::<A>(&stream).map_or(0, |held| held.snapshot_version);
            if !executor.is_due(loaded.version, saved) {
                return;
            }
            match executor.save_snapshot(&stream, &loaded).await {
                Ok(()) => tracing::debug!(kind = A::KIND.name(), version = loaded.version, "snapshot saved"),
                Err(error) => tracing::warn!(kind = A::KIND.name(), %error, "snapshot not saved"),
            }
        });
    }

    fn is_due(&self, version: StreamVersion, snapshot_version: StreamVersion) -> bool {
        version.saturating_sub(snapshot_version) >= self.options().snapshot_every
    }

    /// The turn of those who tidy up behind a stream: one snapshot or erasure at a time.
    pub(super) async fn wait_to_tidy(&self, stream: &StreamRef) -> Turn {
        self.inner.turns.wait(format!("{stream}/tidy")).await
    }

    async fn save_snapshot<A: Aggregate>(&self, stream: &StreamRef, loaded: &Loaded<A>) -> Result<(), LogError> {
        let data = rmp_serde::to_vec_named(&*loaded.state).map_err(|error| LogError::Unexpected(error.to_string()))?;
        let Loaded { version, position, .. } = *loaded;
        self.log().save_snapshot(stream, &Snapshot { schema: A::SNAPSHOT_SCHEMA, version, position, data }).await?;
        // An erasure that came in between has removed the snapshot before it was there.
        let behind = self.log().load(stream, position).await?;
        let now = super::loading::fold(loaded.clone(), behind);
        if A::is_erased(&now.state) {
            self.log().erase(stream, now.position).await?;
            return Ok(());
        }
        if let Some(mut held) = self.inner.cache.get::<A>(stream) {
            held.snapshot_version = held.snapshot_version.max(version);
            self.inner.cache.put(stream, &held);
        }
        Ok(())
    }
}

/// A snapshot as a state; `None` when it has another layout.
fn read<A: Aggregate>(snapshot: &Snapshot) -> Option<Held<A>> {
    if snapshot.schema != A::SNAPSHOT_SCHEMA {
        return None;
    }
    let state: A::State = rmp_serde::from_slice(&snapshot.data).ok()?;
    let loaded = Loaded { state: Arc::new(state), version: snapshot.version, position: snapshot.position };
    Some(Held { loaded, snapshot_version: snapshot.version })
}
