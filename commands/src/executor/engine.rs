//! The loop behind every command: decide on what is known, confirm it with the log, append, and begin again when others were
//! faster.

use events::{ClaimKey, Position, StreamRef, TenantId};

use super::Executor;
use super::answer::{Answer, Fate, Given};
use super::cache::Held;
use super::error::{CommandError, Winner};
use super::judge::Job;
use super::observe;
use super::outcome::Loaded;
use super::request::{Idempotency, Meta, Precondition};
use super::retry::{Patience, pass_on};
use crate::aggregate::Aggregate;

/// After so many losses in a row, states are read from their beginning: what is known here may not be of this log at all.
const LOSSES_BEFORE_STARTING_OVER: u32 = 4;

/// Commands on streams of one tenant that are carried out in one piece.
pub(super) struct Request<'c, A: Aggregate> {
    pub tenant: &'c TenantId,
    pub jobs: Vec<Job<'c, A>>,
    pub meta: &'c Meta,
    pub idempotency: Option<&'c Idempotency>,
    pub precondition: Precondition,
    /// Whether aggregates that are not there are passed over.
    pub passes_over_missing: bool,
    /// What is kept under the key.
    pub answer: &'c (dyn Fn(&[Finished<A>]) -> Option<Answer> + Send + Sync),
}

/// What became of one stream.
pub(super) struct Finished<A: Aggregate> {
    pub stream: StreamRef,
    pub before: Loaded<A>,
    pub after: Loaded<A>,
    pub events: Vec<A::Event>,
    /// One per command.
    pub fates: Vec<Fate>,
}

/// What became of a request.
pub(super) enum Ran<A: Aggregate> {
    /// It had been carried out before.
    Replayed(Given),
    /// It was carried out now, and wrote up to this position.
    Done(Vec<Finished<A>>, Position),
}

/// A stream's state while commands are decided on it.
pub(super) struct Work<A: Aggregate> {
    pub held: Held<A>,
    /// Whether it was read from the log for this very request.
    pub is_fresh: bool,
    /// Whether it was read again because a claim spoke against it.
    pub is_doubted: bool,
}

/// What one attempt came to.
pub(super) enum Attempt<A: Aggregate> {
    Done(Ran<A>),
    /// What was decided on these states is to be confirmed with the log.
    Behind(Vec<usize>),
    /// Somebody else was faster.
    Lost,
}

pub(super) type Outcome<T, A> = Result<T, CommandError<<A as Aggregate>::Rejection>>;

impl Executor {
    /// Carries out a request.
    pub(super) async fn run<A: Aggregate>(&self, request: &Request<'_, A>) -> Outcome<Ran<A>, A> {
        let key = request.idempotency.map(|idempotency| idempotency.claim(request.tenant));
        let _key_turn = self.wait_for_key(key.as_ref()).await;
        let names = request.jobs.iter().map(|job| job.stream.to_string()).collect();
        let mut turns = self.inner.turns.wait_for_all(names).await;
        let mut works = self.first_look(&request.jobs).await?;
        let mut patience = Patience::new(self.options());
        let mut winner = None;
        loop {
            match self.attempt(request, key.as_ref(), &mut works).await? {
                Attempt::Done(ran) => {
                    if let (1, Some(turn)) = (turns.len(), turns.pop()) {
                        pass_on(turn);
                    }
                    return Ok(ran);
                }
                Attempt::Behind(indices) => {
                    self.look_again(&request.jobs, &mut works, &indices, false).await?;
                }
                Attempt::Lost => {
                    observe::conflict(A::KIND);
                    if let [turn] = turns.as_mut_slice() {
                        turn.lost();
                    }
                    let goes_on = patience.again().await;
                    let all: Vec<_> = (0..works.len()).collect();
                    let start_over = patience.lost().is_multiple_of(LOSSES_BEFORE_STARTING_OVER);
                    winner = self.look_again(&request.jobs, &mut works, &all, start_over).await?.or(winner);
                    if !goes_on {
                        return Err(CommandError::Conflict { winner });
                    }
                    observe::retry(A::KIND);
                }
            }
        }
    }

    pub(super) async fn wait_for_key(&self, key: Option<&ClaimKey>) -> Option<super::turns::Turn> {
        match key {
            Some(key) => Some(self.inner.turns.wait(format!("{}/key/{}", key.tenant, key.hash)).await),
            None => None,
        }
    }

    /// The states as they are known here, or else as the log has them. A stream that is about to be created is taken to be empty;
    /// the append finds out if it is not.
    async fn first_look<A: Aggregate>(&self, jobs: &[Job<'_, A>]) -> Outcome<Vec<Work<A>>, A> {
        let creates = |job: &Job<'_, A>| job.commands.first().is_some_and(|command| A::traits(command).creates);
        let guess = |job: &Job<'_, A>| self.inner.cache.get::<A>(&job.stream).or_else(|| creates(job).then(Held::default));
        let known: Vec<_> = jobs.iter().map(guess).collect();
        let unknown = jobs.iter().zip(&known).filter(|(_, known)| known.is_none());
        let mut read = self.refresh(unknown.map(|(job, _)| (job.stream.clone(), None)).collect()).await?.into_iter();
        let work = |known: Option<Held<A>>| {
            let is_fresh = known.is_none();
            let held = known.or_else(|| read.next().map(|refreshed| refreshed.held)).unwrap_or_default();
            Work { held, is_fresh, is_doubted: false }
        };
        Ok(known.into_iter().map(work).collect())
    }

    /// Brings states up to what the log has; says who wrote last.
    async fn look_again<A: Aggregate>(
        &self,
        jobs: &[Job<'_, A>],
        works: &mut [Work<A>],
        indices: &[usize],
        start_over: bool,
    ) -> Outcome<Option<Winner>, A> {
        let mut wanted = Vec::with_capacity(indices.len());
        for (job, work) in indices.iter().filter_map(|&index| jobs.get(index).zip(works.get(index))) {
            if start_over {
                self.inner.cache.forget(&job.stream);
            }
            wanted.push((job.stream.clone(), (!start_over).then(|| work.held.clone())));
        }
        let mut winner = None;
        for (&index, refreshed) in indices.iter().zip(self.refresh(wanted).await?) {
            if let Some(work) = works.get_mut(index) {
                work.held = refreshed.held;
                work.is_fresh = true;
            }
            winner = refreshed.winner.or(winner);
        }
        Ok(winner)
    }
}
