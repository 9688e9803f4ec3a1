//! What was decided as entries of one append.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use event_log::{Entry, StoredClaim};
use events::{Commit, Envelope, Event, EventId, NewEvent, Position, StreamRef, StreamVersion};

use super::claims::{self, ClaimObstacle};
use super::engine::Finished;
use super::request::Meta;
use crate::aggregate::{Aggregate, ClaimChange};

/// Entries, and which of them is the commit of which job.
pub(super) struct Batch {
    pub entries: Vec<Entry>,
    pub commits: Vec<Option<usize>>,
}

/// The entries of an append: each stream's commit and its claims. When a claim stands in the way: of which job, and how.
pub(super) fn batch<A: Aggregate>(
    finished: &[Finished<A>],
    meta: &Meta,
    now: DateTime<Utc>,
    changes: Vec<Vec<ClaimChange>>,
    stored: &[Vec<Option<StoredClaim>>],
) -> Result<Batch, (usize, ClaimObstacle)> {
    let mut batch = Batch { entries: Vec::with_capacity(finished.len()), commits: Vec::with_capacity(finished.len()) };
    let mut seen = HashSet::new();
    for (index, ((job, changes), stored)) in finished.iter().zip(changes).zip(stored).enumerate() {
        if job.events.is_empty() {
            batch.commits.push(None);
            continue;
        }
        batch.commits.push(Some(batch.entries.len()));
        let (version, position) = (job.before.version, job.before.position);
        batch.entries.push(commit_entry(&job.stream, version, position, &job.events, meta, now));
        let claims = claims::entries(job.stream.id(), changes, stored, &mut seen).map_err(|obstacle| (index, obstacle))?;
        batch.entries.extend(claims);
    }
    Ok(batch)
}

/// The commit of events on a stream that is known up to a version and a position.
pub(super) fn commit_entry<E: Clone + Into<Event>>(
    stream: &StreamRef,
    version: StreamVersion,
    position: Position,
    events: &[E],
    meta: &Meta,
    now: DateTime<Utc>,
) -> Entry {
    let new = |event: &E| NewEvent { event_id: EventId::generate(), event: event.clone().into() };
    let envelope = Envelope {
        stream: stream.clone(),
        recorded_at: now,
        actor: meta.actor.clone(),
        correlation_id: meta.correlation_id.clone(),
        causation_id: meta.causation_id,
    };
    let commit = Commit { envelope, first_version: version + 1, events: events.iter().map(new).collect() };
    Entry::Commit { commit, expected: position }
}
