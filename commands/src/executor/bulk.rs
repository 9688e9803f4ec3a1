//! One kind of command on many streams.

use std::collections::HashMap;
use std::time::Instant;

use events::{Position, StreamRef};

use super::Executor;
use super::answer::{Answer, Fate, bulk_report};
use super::engine::{Finished, Ran, Request};
use super::error::CommandError;
use super::judge::Job;
use super::observe::{self, Done};
use super::outcome::{BulkItem, BulkMode, BulkOutcome, BulkProgress, BulkReport};
use super::request::{Idempotency, Meta, Precondition};
use crate::aggregate::Aggregate;

/// What [`BulkMode::Chunked`] puts into one piece at most.
const CHUNK_COMMANDS: usize = 900;

impl Executor {
    /// Carries out commands on many streams of one tenant. Streams that are not there (any more) are reported and passed over;
    /// any other broken rule refuses the whole (or, in pieces, the piece).
    ///
    /// # Errors
    /// The first rule that is broken, or why it could not be carried out; see [`CommandError`].
    pub async fn execute_bulk<A: Aggregate>(
        &self,
        commands: Vec<(StreamRef, A::Command)>,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        mode: BulkMode,
    ) -> Result<BulkReport, CommandError<A::Rejection>> {
        self.execute_bulk_with::<A>(commands, meta, idempotency, mode, &|_| {}).await
    }

    /// As [`Executor::execute_bulk`]; `progress` is told after each piece.
    ///
    /// # Errors
    /// As [`Executor::execute_bulk`].
    pub async fn execute_bulk_with<A: Aggregate>(
        &self,
        commands: Vec<(StreamRef, A::Command)>,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        mode: BulkMode,
        progress: &(dyn Fn(BulkProgress) + Send + Sync),
    ) -> Result<BulkReport, CommandError<A::Rejection>> {
        let Some((first, _)) = commands.first() else { return Ok(BulkReport::default()) };
        if commands.iter().any(|(stream, _)| stream.tenant != first.tenant || stream.kind != A::KIND) {
            return Err(CommandError::Malformed("a bulk command is about aggregates of one kind and one tenant"));
        }
        let total = commands.len();
        let mut report = BulkReport { replayed: true, ..BulkReport::default() };
        for (number, piece) in pieces::<A>(&commands, mode, self.log().max_entries()).into_iter().enumerate() {
            let key = match mode {
                BulkMode::Atomic => idempotency.cloned(),
                BulkMode::Chunked => idempotency.map(|idempotency| idempotency.part(number)),
            };
            let part = self.execute_piece::<A>(piece, meta, key.as_ref()).await?;
            report.items.extend(part.items);
            report.position = report.position.max(part.position);
            report.replayed &= part.replayed;
            progress(BulkProgress { done: report.items.len(), total });
        }
        Ok(report)
    }

    async fn execute_piece<A: Aggregate>(
        &self,
        commands: &[(StreamRef, A::Command)],
        meta: &Meta,
        idempotency: Option<&Idempotency>,
    ) -> Result<BulkReport, CommandError<A::Rejection>> {
        let Some((first, command)) = commands.first() else { return Ok(BulkReport::default()) };
        let started = Instant::now();
        let (jobs, places) = by_stream::<A>(commands);
        let request = Request {
            tenant: &first.tenant,
            jobs,
            meta,
            idempotency,
            precondition: Precondition::default(),
            passes_over_missing: true,
            answer: &|finished: &[Finished<A>]| Some(answer(finished, &places)),
        };
        let result = match self.run::<A>(&request).await {
            Ok(Ran::Done(finished, position)) => Ok(report(&finished, &places, position)),
            Ok(Ran::Replayed(given)) => {
                let streams = commands.iter().map(|(stream, _)| stream.clone());
                bulk_report(given, streams).ok_or(CommandError::IdempotencyKeyReused)
            }
            Err(error) => Err(error),
        };
        observe::command(A::traits(command).name, A::KIND, meta, started, &result, |report| Done {
            outcome: if report.replayed { "bulk_replayed" } else { "bulk" },
            version: 0,
            items: report.items.len(),
        });
        result
    }
}

/// The pieces that are carried out one after another. Where they end depends on the commands alone, so that a repeat finds the
/// same pieces.
fn pieces<A: Aggregate>(
    commands: &[(StreamRef, A::Command)],
    mode: BulkMode,
    most_entries: usize,
) -> Vec<&[(StreamRef, A::Command)]> {
    if mode == BulkMode::Atomic {
        return vec![commands];
    }
    // One entry is for the key.
    let room = most_entries.min(CHUNK_COMMANDS).saturating_sub(1).max(1);
    let (mut pieces, mut start, mut entries) = (Vec::new(), 0, 0);
    for (index, (_, command)) in commands.iter().enumerate() {
        let takes = A::traits(command).most_entries();
        if entries + takes > room && index > start {
            pieces.extend(commands.get(start..index));
            (start, entries) = (index, 0);
        }
        entries += takes;
    }
    pieces.extend(commands.get(start..));
    pieces
}

/// The place of a command: which job, and which of its commands.
type Place = (usize, usize);

/// Commands by stream, since an append may touch a stream once; and where each command went.
fn by_stream<A: Aggregate>(commands: &[(StreamRef, A::Command)]) -> (Vec<Job<'_, A>>, Vec<Place>) {
    let mut jobs: Vec<Job<'_, A>> = Vec::with_capacity(commands.len());
    let mut numbers: HashMap<&StreamRef, usize> = HashMap::with_capacity(commands.len());
    let mut places = Vec::with_capacity(commands.len());
    for (stream, command) in commands {
        let next = jobs.len();
        let number = *numbers.entry(stream).or_insert(next);
        if number == next {
            jobs.push(Job { stream: stream.clone(), commands: Vec::with_capacity(1) });
        }
        if let Some(job) = jobs.get_mut(number) {
            places.push((number, job.commands.len()));
            job.commands.push(command);
        }
    }
    (jobs, places)
}

fn at<'f, A: Aggregate>(finished: &'f [Finished<A>], &(job, command): &Place) -> Option<(&'f Finished<A>, Fate)> {
    let job = finished.get(job)?;
    Some((job, *job.fates.get(command)?))
}

fn answer<A: Aggregate>(finished: &[Finished<A>], places: &[Place]) -> Answer {
    Answer::Many(places.iter().filter_map(|place| at(finished, place)).map(|(job, fate)| (fate, job.after.version)).collect())
}

fn report<A: Aggregate>(finished: &[Finished<A>], places: &[Place], position: Position) -> BulkReport {
    let item = |(job, fate): (&Finished<A>, Fate)| BulkItem {
        stream: job.stream.clone(),
        outcome: BulkOutcome::from(fate),
        version: job.after.version,
    };
    BulkReport { items: places.iter().filter_map(|place| at(finished, place)).map(item).collect(), position, replayed: false }
}
