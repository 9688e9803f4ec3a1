//! How a state comes about: from the cache or a snapshot, and the commits behind it.

use std::sync::Arc;

use event_log::{LogError, Stored};
use events::{ClaimKey, Position, StreamRef};

use super::Executor;
use super::cache::Held;
use super::claims;
use super::error::Winner;
use super::outcome::Loaded;
use crate::aggregate::{Aggregate, EventMeta};

/// A state as it was just read from the log, and the newest commit that was new to the reader.
pub(super) struct Refreshed<A: Aggregate> {
    pub held: Held<A>,
    pub winner: Option<Winner>,
}

impl Executor {
    /// The state of a stream as the log has it now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load<A: Aggregate>(&self, stream: &StreamRef) -> Result<Loaded<A>, LogError> {
        let known = self.inner.cache.get::<A>(stream);
        let mut refreshed = self.refresh(vec![(stream.clone(), known)]).await?;
        Ok(refreshed.pop().map(|refreshed| refreshed.held.loaded).unwrap_or_default())
    }

    /// The state of a stream as it was at a position: its snapshot where that is not too late, and the commits behind it. Nothing is
    /// left of one that was erased since.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load_at<A: Aggregate>(&self, stream: &StreamRef, at: Position) -> Result<Loaded<A>, LogError> {
        let early = self.early::<A>(stream, |known| known.position <= at).await?;
        let commits = self.log().load(stream, early.position).await?;
        let (then, later): (Vec<_>, Vec<_>) = commits.into_iter().partition(|stored| stored.position <= at);
        let then = fold(early, then);
        // An erasure that is on its way, or was cut off, has left a snapshot or some of the commits.
        let was_erased = !A::is_erased(&then.state) && A::is_erased(&fold(then.clone(), later).state);
        Ok(if was_erased { Loaded::default() } else { then })
    }

    /// The snapshot of a stream when it is early enough, else the beginning: where to start folding.
    pub(super) async fn early<A: Aggregate>(
        &self,
        stream: &StreamRef,
        is_early: impl FnOnce(&Loaded<A>) -> bool,
    ) -> Result<Loaded<A>, LogError> {
        let known = self.with_snapshots::<A>(vec![(stream.clone(), None)]).await?.pop();
        Ok(known.map(|(_, held)| held.loaded).filter(is_early).unwrap_or_default())
    }

    /// Who holds a unique name, as the log has it now: the id of the aggregate; `None`: nobody does.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn holder(&self, key: &ClaimKey) -> Result<Option<String>, LogError> {
        let stored = self.log().claims(std::slice::from_ref(key)).await?.pop().flatten();
        Ok(claims::holder(stored.as_ref()).map(str::to_owned))
    }

    /// Brings states up to what the log has now; those that are not known yet start at their snapshot.
    pub(super) async fn refresh<A: Aggregate>(
        &self,
        streams: Vec<(StreamRef, Option<Held<A>>)>,
    ) -> Result<Vec<Refreshed<A>>, LogError> {
        if streams.is_empty() {
            return Ok(Vec::new());
        }
        let streams = self.with_snapshots(streams).await?;
        let wanted: Vec<_> = streams.iter().map(|(stream, held)| (stream.clone(), held.loaded.position)).collect();
        let tails = match wanted.as_slice() {
            [(stream, after)] => vec![self.log().load(stream, *after).await?],
            many => self.log().load_many(many).await?,
        };
        let mut refreshed = Vec::with_capacity(streams.len());
        for ((stream, held), tail) in streams.into_iter().zip(tails) {
            let winner = tail.last().and_then(winner_of);
            let commits = tail.len();
            let held = Held { loaded: fold(held.loaded, tail), snapshot_version: held.snapshot_version };
            if !A::is_erased(&held.loaded.state) {
                self.snapshot_when_due(&stream, &held);
            } else if commits > 1 {
                // Whoever recorded the tombstone went away before the rest was erased.
                self.erase_in_background(&stream, held.loaded.position);
            }
            self.inner.cache.put(&stream, &held);
            refreshed.push(Refreshed { held, winner });
        }
        Ok(refreshed)
    }
}

/// The state behind more commits.
pub(super) fn fold<A: Aggregate>(loaded: Loaded<A>, commits: Vec<Stored>) -> Loaded<A> {
    if commits.is_empty() {
        return loaded;
    }
    let (mut version, mut position) = (loaded.version, loaded.position);
    let mut state = Arc::unwrap_or_clone(loaded.state);
    for stored in commits {
        version = stored.commit.last_version();
        position = stored.position;
        let meta = EventMeta { recorded_at: stored.commit.envelope.recorded_at };
        for new in stored.commit.events {
            if let Ok(event) = A::Event::try_from(new.event) {
                state = A::evolve(state, &event, &meta);
            }
        }
    }
    Loaded { state: Arc::new(state), version, position }
}

fn winner_of(stored: &Stored) -> Option<Winner> {
    let event_type = stored.commit.events.last()?.event.event_type().name;
    Some(Winner { event_type, actor: stored.commit.envelope.actor.name.clone(), position: stored.position })
}
