//! One piece of an import: the claims are looked up together, and what is free goes in together.

use std::time::Instant;

use chrono::Utc;
use event_log::{Append, AppendError, Entry, StoredClaim};
use events::{Position, StreamKind, TenantId};

use super::Executor;
use super::answer::{Answer, Given, RowAnswer, row_outcome};
use super::batch::commit_entry;
use super::claims::{held_entry, is_held};
use super::error::CommandError;
use super::import::Row;
use super::observe;
use super::outcome::{ImportMode, ImportOutcome, ImportReport};
use super::request::{Idempotency, Meta};
use super::retry::Patience;
use crate::aggregate::to_micros;
use crate::customer::CustomerRejection;
use crate::fields::FieldErrors;

/// One piece of an import.
pub(super) struct Chunk {
    pub tenant: TenantId,
    pub rows: Vec<Row>,
    pub meta: Meta,
    pub idempotency: Option<Idempotency>,
    pub mode: ImportMode,
}

type Failure = CommandError<CustomerRejection>;

impl Executor {
    /// Enters what can be entered. When somebody takes an address meanwhile, only that row is reported and the rest goes in.
    pub(super) async fn import_chunk(&self, mut chunk: Chunk) -> Result<ImportReport, Failure> {
        let key = chunk.idempotency.as_ref().map(|idempotency| idempotency.claim(&chunk.tenant));
        let _key_turn = self.wait_for_key(key.as_ref()).await;
        let mut patience = Patience::new(self.options());
        loop {
            let emails = chunk.rows.iter().filter_map(Row::email);
            let keys: Vec<_> = key.iter().chain(emails).cloned().collect();
            let mut stored = if keys.is_empty() { Vec::new() } else { self.log().claims(&keys).await? }.into_iter();
            let answered = key.as_ref().and_then(|_| stored.next()).flatten();
            if let Some(idempotency) = &chunk.idempotency
                && let Some(given) = Answer::given(idempotency, answered.as_ref())?
            {
                return replayed(given, chunk.rows);
            }
            let mut entries = chunk.entries(stored.collect());
            if chunk.mode == ImportMode::Atomic && chunk.rows.iter().any(|row| matches!(row, Row::Settled(_))) {
                return Ok(chunk.report(Position::START, true));
            }
            if let (Some(idempotency), Some(key)) = (&chunk.idempotency, &key) {
                let ttl = self.options().idempotency_ttl;
                entries.push(chunk.answer().entry(key.clone(), idempotency.fingerprint, answered.as_ref(), ttl)?);
            }
            if entries.is_empty() {
                return Ok(chunk.report(Position::START, false));
            }
            let (started, count) = (Instant::now(), entries.len());
            match self.log().append(Append { tenant: chunk.tenant.clone(), entries }).await {
                Ok(appended) => {
                    observe::append(started, count);
                    return Ok(chunk.report(appended.last(), false));
                }
                Err(AppendError::Conflict { .. }) => observe::conflict(StreamKind::Customer),
                Err(error) => return Err(CommandError::of_append(error)),
            }
            if !patience.again().await {
                return Err(CommandError::Conflict { winner: None });
            }
            observe::retry(StreamKind::Customer);
        }
    }
}

impl Row {
    fn email(&self) -> Option<&events::ClaimKey> {
        match self {
            Self::Ready { email, .. } => Some(email),
            Self::Settled(_) => None,
        }
    }
}

impl Chunk {
    /// The entries of the rows whose address is free; the others are settled. `stored` has one record per ready row.
    fn entries(&mut self, stored: Vec<Option<StoredClaim>>) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(2 * stored.len() + 1);
        // Not when the import began: what others record meanwhile would seem to be later than pieces that come behind it.
        let now = to_micros(Utc::now());
        let mut stored = stored.into_iter();
        for row in &mut self.rows {
            let Row::Ready { id, stream, events, email } = &*row else { continue };
            let record = stored.next().flatten();
            if is_held(record.as_ref()) {
                *row = Row::Settled(ImportOutcome::AlreadyExists);
                continue;
            }
            entries.push(commit_entry(stream, 0, Position::START, events, &self.meta, now));
            entries.push(held_entry(email.clone(), id.as_str(), record.as_ref()));
        }
        entries
    }

    /// What is kept under the key.
    fn answer(&self) -> Answer {
        let answer = |row: &Row| match row {
            Row::Ready { id, .. } | Row::Settled(ImportOutcome::Created(id)) => RowAnswer::Created(id.clone()),
            Row::Settled(ImportOutcome::AlreadyExists | ImportOutcome::Withheld) => RowAnswer::Exists,
            Row::Settled(ImportOutcome::Invalid(_)) => RowAnswer::Refused,
        };
        Answer::Rows(self.rows.iter().map(answer).collect())
    }

    fn report(self, position: Position, is_withheld: bool) -> ImportReport {
        let outcome = |row| match row {
            Row::Ready { .. } if is_withheld => ImportOutcome::Withheld,
            Row::Ready { id, .. } => ImportOutcome::Created(id),
            Row::Settled(outcome) => outcome,
        };
        ImportReport { rows: self.rows.into_iter().map(outcome).collect(), position, replayed: false }
    }
}

/// The report of a piece that went in before. Why a row was refused is not kept, since the row still says it.
fn replayed(given: Given, rows: Vec<Row>) -> Result<ImportReport, Failure> {
    let Given { answer: Answer::Rows(answers), position } = given else { return Err(CommandError::IdempotencyKeyReused) };
    if answers.len() != rows.len() {
        return Err(CommandError::IdempotencyKeyReused);
    }
    let refusal = |row: Row| match row {
        Row::Settled(outcome @ ImportOutcome::Invalid(_)) => outcome,
        Row::Settled(_) | Row::Ready { .. } => {
            ImportOutcome::Invalid(FieldErrors::of("row", "This row was refused when the request was first carried out"))
        }
    };
    let outcomes = answers.into_iter().zip(rows).map(|(answer, row)| row_outcome(answer, || refusal(row)));
    Ok(ImportReport { rows: outcomes.collect(), position, replayed: true })
}
