//! What is kept of a request that was carried out, so that its repeat can be answered: references only, no personal data.

use std::sync::Arc;
use std::time::Duration;

use event_log::{Entry, StoredClaim};
use events::{ClaimKey, ClaimRecord, CustomerId, Position, StreamKind, StreamRef, StreamVersion, TenantId};
use serde::{Deserialize, Serialize};

use super::Executor;
use super::claims;
use super::error::CommandError;
use super::outcome::{BulkItem, BulkOutcome, BulkReport, Executed, ImportOutcome, Loaded};
use super::request::Idempotency;
use crate::aggregate::{Aggregate, EventMeta, Rejection};

/// What one stream was before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Span {
    /// The version before.
    pub from: StreamVersion,
    /// The version after; the same when nothing changed.
    pub version: StreamVersion,
}

/// One command of a bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Fate {
    /// It led to events.
    Changed,
    /// There was nothing to do.
    Unchanged,
    /// There is no such aggregate (any more).
    Missing,
}

/// One row of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum RowAnswer {
    /// The customer with this id was entered.
    Created(CustomerId),
    /// The email address was taken.
    Exists,
    /// It was refused for what it says, and would be again.
    Refused,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// A command on one stream. The id is kept, since a repeat of a creation comes with another.
    One { kind: StreamKind, id: String, span: Span },
    /// Commands on many, in the order of the request.
    Many(Vec<(Fate, StreamVersion)>),
    /// Rows, in the order of the request.
    Rows(Vec<RowAnswer>),
}

/// An answer as it was given.
pub(super) struct Given {
    pub answer: Answer,
    /// Its place, right behind what it is about.
    pub position: Position,
}

impl Answer {
    /// The entry that keeps the answer for as long as the key counts.
    pub fn entry<R: Rejection>(
        &self,
        key: ClaimKey,
        fingerprint: [u8; 32],
        stored: Option<&StoredClaim>,
        ttl: Duration,
    ) -> Result<Entry, CommandError<R>> {
        let answer = rmp_serde::to_vec(self).map_err(|error| CommandError::Record(error.to_string()))?;
        let record = ClaimRecord::Answered { fingerprint: fingerprint.to_vec(), answer };
        Ok(Entry::Claim { key, record, expected: claims::expected(stored), ttl: Some(ttl) })
    }

    /// The answer that was given under the key; `None` when none was.
    pub fn given<R: Rejection>(
        idempotency: &Idempotency,
        stored: Option<&StoredClaim>,
    ) -> Result<Option<Given>, CommandError<R>> {
        let Some(stored) = stored else { return Ok(None) };
        match &stored.record {
            ClaimRecord::Answered { fingerprint, answer } if *fingerprint == idempotency.fingerprint => {
                let answer = rmp_serde::from_slice(answer).map_err(|error| CommandError::Record(error.to_string()))?;
                Ok(Some(Given { answer, position: stored.position }))
            }
            ClaimRecord::Answered { .. } => Err(CommandError::IdempotencyKeyReused),
            ClaimRecord::Held { .. } | ClaimRecord::Released => Ok(None),
        }
    }
}

/// The report of a bulk that was carried out before. `None`: the answer is not one of these streams.
pub(super) fn bulk_report(given: Given, streams: impl ExactSizeIterator<Item = StreamRef>) -> Option<BulkReport> {
    let Given { answer: Answer::Many(fates), position } = given else { return None };
    if fates.len() != streams.len() {
        return None;
    }
    let item = |(stream, (fate, version)): (StreamRef, (Fate, StreamVersion))| BulkItem { stream, outcome: fate.into(), version };
    Some(BulkReport { items: streams.zip(fates).map(item).collect(), position, replayed: true })
}

impl From<Fate> for BulkOutcome {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Changed => Self::Changed,
            Fate::Unchanged => Self::Unchanged,
            Fate::Missing => Self::Missing,
        }
    }
}

/// The outcome of a row that was judged before; `refusal` judges one that was refused again.
pub(super) fn row_outcome(answer: RowAnswer, refusal: impl FnOnce() -> ImportOutcome) -> ImportOutcome {
    match answer {
        RowAnswer::Created(id) => ImportOutcome::Created(id),
        RowAnswer::Exists => ImportOutcome::AlreadyExists,
        RowAnswer::Refused => refusal(),
    }
}

impl Executor {
    /// What a request with this key was answered, when it was carried out before: for whoever does more for a request than one
    /// command, and is to do none of it again. A request that is still on its way is not seen: what is done for both must bear it.
    ///
    /// # Errors
    /// [`CommandError::IdempotencyKeyReused`], [`CommandError::Erased`], or why the log cannot be read.
    pub async fn answered<A: Aggregate>(
        &self,
        tenant: &TenantId,
        idempotency: &Idempotency,
    ) -> Result<Option<Executed<A>>, CommandError<A::Rejection>> {
        let stored = self.log().claims(&[idempotency.claim(tenant)]).await?.pop().flatten();
        match Answer::given(idempotency, stored.as_ref())? {
            Some(given) => self.replay_one(tenant, given.answer).await.map(Some),
            None => Ok(None),
        }
    }

    /// The first answer again: the stream folded up to the version that it had then.
    pub(super) async fn replay_one<A: Aggregate>(
        &self,
        tenant: &TenantId,
        answer: Answer,
    ) -> Result<Executed<A>, CommandError<A::Rejection>> {
        let Answer::One { kind, id, span } = answer else { return Err(CommandError::IdempotencyKeyReused) };
        if kind != A::KIND {
            return Err(CommandError::IdempotencyKeyReused);
        }
        let stream = StreamRef::new(tenant.clone(), kind, &id).map_err(|error| CommandError::Record(error.to_string()))?;
        let mut start = self.early::<A>(&stream, |known| known.version <= span.from).await?;
        let mut events = Vec::new();
        for stored in self.log().load(&stream, start.position).await? {
            if stored.commit.first_version > span.version {
                break;
            }
            let meta = EventMeta { recorded_at: stored.commit.envelope.recorded_at };
            let is_its_own = stored.commit.first_version > span.from;
            let mut state = Arc::unwrap_or_clone(start.state);
            start.version = stored.commit.last_version();
            start.position = stored.position;
            for event in stored.commit.events.into_iter().filter_map(|new| A::Event::try_from(new.event).ok()) {
                state = A::evolve(state, &event, &meta);
                if is_its_own {
                    events.push(event);
                }
            }
            start.state = Arc::new(state);
        }
        let Loaded { state, version, position } = start;
        if version != span.version {
            return Err(CommandError::Erased);
        }
        Ok(Executed { stream, state, version, position, events, replayed: true })
    }
}
