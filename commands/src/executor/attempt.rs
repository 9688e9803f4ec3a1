//! One attempt at a request: decide, look the claims up, append, and keep what came of it.

use std::time::Instant;

use chrono::Utc;
use event_log::{Append, AppendError, Appended, Entry, StoredClaim};
use events::{ClaimKey, Position, StreamVersion};

use super::Executor;
use super::answer::Answer;
use super::batch::{Batch, batch};
use super::cache::Held;
use super::claims::ClaimObstacle;
use super::engine::{Attempt, Finished, Outcome, Ran, Request, Work};
use super::error::CommandError;
use super::judge::{Decided, is_sure, judge};
use super::observe;
use super::outcome::Loaded;
use crate::aggregate::{Aggregate, ClaimChange, to_micros};

impl Executor {
    pub(super) async fn attempt<A: Aggregate>(
        &self,
        request: &Request<'_, A>,
        key: Option<&ClaimKey>,
        works: &mut [Work<A>],
    ) -> Outcome<Attempt<A>, A> {
        let now = to_micros(Utc::now());
        let decisions: Vec<_> =
            request.jobs.iter().zip(&*works).map(|(job, work)| judge(request, job, &work.held.loaded, now)).collect();
        let unsure =
            decisions.iter().zip(&*works).enumerate().filter(|(_, (decision, work))| !work.is_fresh && !is_sure(decision));
        let behind: Vec<_> = unsure.map(|(index, _)| index).collect();
        if !behind.is_empty() {
            return Ok(Attempt::Behind(behind));
        }
        let changes: Vec<_> = decisions
            .iter()
            .enumerate()
            .map(|(index, decision)| changes(request, works, index, decision.as_ref().ok()))
            .collect();
        let (answered, stored) = self.look_up(key, &changes).await?;
        if let Some(idempotency) = request.idempotency
            && let Some(given) = Answer::given(idempotency, answered.as_ref())?
        {
            return Ok(Attempt::Done(Ran::Replayed(given)));
        }
        let decided = decisions.into_iter().collect::<Result<Vec<_>, _>>()?;
        let finished: Vec<_> =
            decided.into_iter().enumerate().filter_map(|(index, decided)| finish(request, works, index, decided)).collect();
        let mut batch = match batch::<A>(&finished, request.meta, now, changes, &stored) {
            Ok(batch) => batch,
            Err((index, obstacle)) => return obstructed(works, index, &obstacle),
        };
        if let (Some(idempotency), Some(key), Some(answer)) = (request.idempotency, key, (request.answer)(&finished)) {
            let ttl = self.options().idempotency_ttl;
            batch.entries.push(answer.entry(key.clone(), idempotency.fingerprint, answered.as_ref(), ttl)?);
        }
        let Some(appended) = self.append(request, std::mem::take(&mut batch.entries)).await? else { return Ok(Attempt::Lost) };
        self.conclude(works, finished, &batch, &appended).await.map(Attempt::Done)
    }

    /// The record under the request's key, and the records of the claims of each job.
    async fn look_up(
        &self,
        key: Option<&ClaimKey>,
        changes: &[Vec<ClaimChange>],
    ) -> Result<(Option<StoredClaim>, Vec<Vec<Option<StoredClaim>>>), event_log::LogError> {
        let of_changes = changes.iter().flatten().map(|change| &change.key);
        let keys: Vec<_> = key.into_iter().chain(of_changes).cloned().collect();
        let mut stored = if keys.is_empty() { Vec::new() } else { self.log().claims(&keys).await? }.into_iter();
        let answered = key.and_then(|_| stored.next()).flatten();
        Ok((answered, changes.iter().map(|changes| stored.by_ref().take(changes.len()).collect()).collect()))
    }

    /// Appends; `None` when somebody else was faster.
    async fn append<A: Aggregate>(&self, request: &Request<'_, A>, entries: Vec<Entry>) -> Outcome<Option<Appended>, A> {
        if entries.is_empty() {
            return Ok(Some(Appended { positions: Vec::new() }));
        }
        let (started, count) = (Instant::now(), entries.len());
        match self.log().append(Append { tenant: request.tenant.clone(), entries }).await {
            Ok(appended) => {
                observe::append(started, count);
                Ok(Some(appended))
            }
            Err(AppendError::Conflict { .. }) => Ok(None),
            Err(error) => Err(CommandError::of_append(error)),
        }
    }

    /// Keeps the new states, and erases what is to be erased.
    async fn conclude<A: Aggregate>(
        &self,
        works: &[Work<A>],
        mut finished: Vec<Finished<A>>,
        batch: &Batch,
        appended: &Appended,
    ) -> Outcome<Ran<A>, A> {
        for ((job, work), commit) in finished.iter_mut().zip(works).zip(&batch.commits) {
            if let Some(position) = commit.and_then(|index| appended.positions.get(index)) {
                job.after.position = *position;
                let held = Held { loaded: job.after.clone(), snapshot_version: work.held.snapshot_version };
                self.inner.cache.put(&job.stream, &held);
                if !A::is_erased(&held.loaded.state) {
                    self.snapshot_when_due(&job.stream, &held);
                }
            }
            // Also when it was recorded before: the erasure may have been interrupted.
            if A::is_erased(&job.after.state) && !job.fates.contains(&super::answer::Fate::Missing) {
                self.erase(&job.stream, job.after.position).await?;
            }
        }
        Ok(Ran::Done(finished, if appended.positions.is_empty() { Position::START } else { appended.last() }))
    }
}

fn changes<A: Aggregate>(
    request: &Request<'_, A>,
    works: &[Work<A>],
    index: usize,
    decided: Option<&Decided<A>>,
) -> Vec<ClaimChange> {
    match (request.jobs.get(index), works.get(index), decided) {
        (Some(job), Some(work), Some(decided)) => A::claims(&job.stream, &work.held.loaded.state, &decided.events),
        (_, _, _) => Vec::new(),
    }
}

fn finish<A: Aggregate>(request: &Request<'_, A>, works: &[Work<A>], index: usize, decided: Decided<A>) -> Option<Finished<A>> {
    let (job, before) = (request.jobs.get(index)?, &works.get(index)?.held.loaded);
    let version = before.version + decided.events.len() as StreamVersion;
    let after = Loaded { state: decided.state, version, position: before.position };
    let (stream, before) = (job.stream.clone(), before.clone());
    Some(Finished { stream, before, after, events: decided.events, fates: decided.fates })
}

/// A claim stands in the way. Before that counts, the state is confirmed once more.
fn obstructed<A: Aggregate>(works: &mut [Work<A>], index: usize, obstacle: &ClaimObstacle) -> Outcome<Attempt<A>, A> {
    let (ClaimObstacle::Taken(key) | ClaimObstacle::HeldByItself(key)) = obstacle;
    let may_be_behind =
        |work: &Work<A>| !work.is_fresh || (matches!(obstacle, ClaimObstacle::HeldByItself(_)) && !work.is_doubted);
    match works.get_mut(index) {
        Some(work) if may_be_behind(work) => {
            work.is_doubted |= work.is_fresh;
            Ok(Attempt::Behind(vec![index]))
        }
        Some(_) | None => Err(CommandError::Rejected(A::taken(key))),
    }
}
