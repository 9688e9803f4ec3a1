//! Import: many customers from elsewhere, in pieces that overlap in time.

use std::collections::HashSet;
use std::time::Instant;

use chrono::{DateTime, Utc};
use events::{ClaimKey, CustomerEvent, CustomerId, StreamKind, StreamRef, TenantId};
use futures_util::{StreamExt, stream};

use super::Executor;
use super::error::CommandError;
use super::import_chunk::Chunk;
use super::observe::{self, Done};
use super::outcome::{BulkProgress, ImportMode, ImportOutcome, ImportReport};
use super::request::{Idempotency, Meta};
use crate::aggregate::{Aggregate, Context, to_micros};
use crate::customer::{Customer, CustomerCommand, CustomerRejection, CustomerState, Import};

/// Rows of one piece; each takes two entries of an append.
const CHUNK_ROWS: usize = 450;
/// Pieces that are on their way at a time: one is prepared and looked up while another is written.
const CHUNKS_IN_FLIGHT: usize = 3;

/// A row that has been judged by itself.
pub(super) enum Row {
    /// It can go in.
    Ready { id: CustomerId, stream: StreamRef, events: Vec<CustomerEvent>, email: ClaimKey },
    /// What becomes of it is clear.
    Settled(ImportOutcome),
}

impl Executor {
    /// How many rows an [`ImportMode::Atomic`] import can have.
    #[must_use]
    pub fn most_atomic_rows(&self) -> usize {
        // One entry is for an idempotency key.
        self.log().max_entries().saturating_sub(1) / 2
    }

    /// Enters customers from elsewhere. Rows whose email address is there already, in the tenant or in an earlier row, are
    /// reported and not entered, so an import that was interrupted can be repeated.
    ///
    /// # Errors
    /// Why it could not be carried out; rows of earlier pieces stay (see `progress` of [`Executor::import_with`]). An atomic import
    /// of more than [`Executor::most_atomic_rows`] is [`CommandError::TooLarge`].
    pub async fn import(
        &self,
        tenant: &TenantId,
        rows: Vec<Import>,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        mode: ImportMode,
    ) -> Result<ImportReport, CommandError<CustomerRejection>> {
        self.import_with(tenant, rows, meta, idempotency, mode, &|_| {}).await
    }

    /// As [`Executor::import`]; `progress` is told after each piece.
    ///
    /// # Errors
    /// As [`Executor::import`].
    pub async fn import_with(
        &self,
        tenant: &TenantId,
        rows: Vec<Import>,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        mode: ImportMode,
        progress: &(dyn Fn(BulkProgress) + Send + Sync),
    ) -> Result<ImportReport, CommandError<CustomerRejection>> {
        let (started, total) = (Instant::now(), rows.len());
        let result = match mode {
            ImportMode::Atomic if total > self.most_atomic_rows() => {
                Err(CommandError::TooLarge { entries: 2 * total + 1, most: self.log().max_entries() })
            }
            ImportMode::Atomic => self.import_pieces(tenant, rows, total.max(1), mode, meta, idempotency, progress).await,
            ImportMode::EachRow => {
                let size = CHUNK_ROWS.min(self.most_atomic_rows()).max(1);
                self.import_pieces(tenant, rows, size, mode, meta, idempotency, progress).await
            }
        };
        observe::command("customer.bulk_import", StreamKind::Customer, meta, started, &result, |report| Done {
            outcome: if report.replayed { "bulk_replayed" } else { "bulk" },
            version: 0,
            items: report.rows.len(),
        });
        result
    }

    #[expect(clippy::too_many_arguments, reason = "the arguments of the public way in, and the size that follows from them")]
    async fn import_pieces(
        &self,
        tenant: &TenantId,
        rows: Vec<Import>,
        size: usize,
        mode: ImportMode,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        progress: &(dyn Fn(BulkProgress) + Send + Sync),
    ) -> Result<ImportReport, CommandError<CustomerRejection>> {
        let total = rows.len();
        let mut judge = Judge { tenant, meta, now: to_micros(Utc::now()), seen: HashSet::with_capacity(total) };
        // Judging happens as the pieces before make room, so it overlaps with their way to the log.
        let pieces = stream::iter(Pieces { rows: rows.into_iter(), size }.enumerate()).map(|(number, rows)| {
            let rows = rows.into_iter().map(|row| judge.row(row)).collect();
            let idempotency = idempotency.map(|idempotency| idempotency.part(number));
            let chunk = Chunk { tenant: tenant.clone(), rows, meta: meta.clone(), idempotency, mode };
            let executor = self.clone();
            tokio::spawn(async move { executor.import_chunk(chunk).await })
        });
        let mut pieces = pieces.buffered(CHUNKS_IN_FLIGHT);
        let mut report = ImportReport { replayed: total > 0, ..ImportReport::default() };
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| CommandError::Record(error.to_string()))??;
            observe::imported(piece.rows.len());
            report.rows.extend(piece.rows);
            report.position = report.position.max(piece.position);
            report.replayed &= piece.replayed;
            progress(BulkProgress { done: report.rows.len(), total });
        }
        Ok(report)
    }
}

/// Rows in pieces of one size.
struct Pieces {
    rows: std::vec::IntoIter<Import>,
    size: usize,
}

impl Iterator for Pieces {
    type Item = Vec<Import>;

    fn next(&mut self) -> Option<Vec<Import>> {
        let piece: Vec<_> = self.rows.by_ref().take(self.size).collect();
        (!piece.is_empty()).then_some(piece)
    }
}

/// Judges rows by themselves and beside each other.
struct Judge<'i> {
    tenant: &'i TenantId,
    meta: &'i Meta,
    now: DateTime<Utc>,
    seen: HashSet<ClaimKey>,
}

impl Judge<'_> {
    fn row(&mut self, row: Import) -> Row {
        let id = CustomerId::generate();
        let stream = StreamRef::customer(self.tenant, &id);
        let (actor, correlation_id) = (self.meta.actor.clone(), self.meta.correlation_id.clone());
        let context = Context { now: self.now, actor, correlation_id, stream: stream.clone() };
        let state = CustomerState::default();
        let events = match Customer::decide(&state, &CustomerCommand::Import(row), &context) {
            Ok(events) => events,
            Err(CustomerRejection::Invalid(errors)) => return Row::Settled(ImportOutcome::Invalid(errors)),
            // A stream with a new id has no events, so no other rule can be broken.
            Err(
                CustomerRejection::EmailTaken
                | CustomerRejection::ContactTaken
                | CustomerRejection::TooManyTags
                | CustomerRejection::AlreadyExists
                | CustomerRejection::NotFound
                | CustomerRejection::Deleted
                | CustomerRejection::Forgotten
                | CustomerRejection::PointsInsufficient { .. }
                | CustomerRejection::PointsOutOfBounds
                | CustomerRejection::OrderNumberTaken
                | CustomerRejection::CurrencyMismatch { .. }
                | CustomerRejection::TotalSpentOutOfBounds,
            ) => return Row::Settled(ImportOutcome::AlreadyExists),
        };
        match Customer::claims(&stream, &state, &events).into_iter().next() {
            Some(claim) if self.seen.insert(claim.key.clone()) => Row::Ready { id, stream, events, email: claim.key },
            Some(_) | None => Row::Settled(ImportOutcome::AlreadyExists),
        }
    }
}
