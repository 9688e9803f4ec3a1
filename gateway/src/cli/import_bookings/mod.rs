//! `kith import-bookings`: bookings of providers from a CSV file.
//!
//! The id of a booking follows from its provider and its reference, so what is in already stays what it is: an import that was
//! interrupted is completed by running it again.

mod names;

use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use chrono::Utc;
use clap::Args;
use commands::booking::Import;
use commands::{Aggregate, Booking, BookingCommand, BookingRejection, BookingState, BulkMode, BulkOutcome, CommandError, Meta};
use events::StreamRef;
use gateway::csv::bookings::{BookingRow, BookingRows};

use self::names::Names;
use super::import::report::Report;
use super::platform::Platform;
use super::{CliError, Outcome, tenant};
use crate::settings::DataSettings;

/// Rows that are read at once.
const BLOCK_ROWS: usize = 9_000;

/// Bring bookings of providers in from a CSV file
#[derive(Debug, Args)]
#[command(
    after_help = "The first line names the columns, in any order: reference (what the other system calls the booking), provider and \
customer (their email addresses), service (its title) and starts_at; and where they are known ends_at, status (completed when not \
given), amount, booked_at, paid, payment_method, rating and review.\n\
Providers, their services and the customers must be there already. Bookings with a reference that is there already are left as they \
are, so an interrupted import is completed by running it again.\n\
The exit code is 1 when a row was refused."
)]
pub struct ImportBookings {
    /// CSV file in UTF-8
    file: PathBuf,
    /// Tenant, by its id or its name
    #[arg(long)]
    tenant: String,
    /// Write refused rows to this file, one line each; by default to standard error
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// A booking that can be tried, and where it stands.
type Ready = (u64, StreamRef, BookingCommand);

impl ImportBookings {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let failed = |source| CliError::File { path: self.file.clone(), verb: "read", source };
        let file = File::open(&self.file).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let rows = BookingRows::new(file)?;
        let report = Report::new(&self.file, self.report.as_deref(), bytes)?;
        let mut platform = Platform::join(&self.data).await?;
        let imported = self.import(&mut platform, rows, report).await;
        platform.close().await;
        imported
    }

    async fn import(
        &self,
        platform: &mut Platform,
        mut rows: BookingRows<File>,
        mut report: Report,
    ) -> Result<Outcome, CliError> {
        let tenant = tenant::find(platform, &self.tenant).await?.id;
        platform.catch_up().await?;
        let mut names = Names::read(platform, tenant).await?;
        platform.pause_read_models().await;
        let begin = Instant::now();
        loop {
            let block = rows.next_rows(BLOCK_ROWS)?;
            if block.is_empty() {
                return report.finish(begin.elapsed(), self.json);
            }
            // What was refused so far is worth knowing also when the rest cannot be done.
            if let Err(error) = import_block(platform, &mut names, block, &mut report).await {
                report.finish(begin.elapsed(), self.json)?;
                return Err(error);
            }
            report.progress(rows.read_bytes(), begin.elapsed());
        }
    }
}

async fn import_block(
    platform: &Platform,
    names: &mut Names,
    block: Vec<BookingRow>,
    report: &mut Report,
) -> Result<(), CliError> {
    let meta = Meta::system("import");
    names.look_up(platform, &block).await?;
    let (mut past, mut ahead) = (Vec::new(), Vec::new());
    for (line, row) in block {
        let ready = row.map_err(|errors| told(&errors)).and_then(|row| names.import(row, Utc::now()));
        match ready.and_then(|(stream, import)| judged(line, stream, import, &meta)) {
            Ok((ready, true)) => ahead.push(ready),
            Ok((ready, false)) => past.push(ready),
            Err(reason) => report.refuse(line, &reason)?,
        }
    }
    import_past(platform, past, &meta, report).await?;
    for (line, stream, command) in ahead {
        match platform.executor.execute::<Booking>(&stream, command, &meta, None).await {
            Ok(done) => report.settled(!done.events.is_empty()),
            Err(CommandError::Rejected(rejection)) => report.refuse(line, &rejection.to_string())?,
            Err(error) => return Err(CliError::ImportBookings(error)),
        }
    }
    Ok(())
}

/// A row that breaks no rule by itself, and whether it is still to come: then somebody may have its time.
fn judged(line: u64, stream: StreamRef, import: Import, meta: &Meta) -> Result<(Ready, bool), String> {
    let is_ahead = import.status.is_open();
    let command = BookingCommand::Import(Box::new(import));
    let context = commands::Context {
        now: Utc::now(),
        actor: meta.actor.clone(),
        correlation_id: meta.correlation_id.clone(),
        stream: stream.clone(),
    };
    let decided = Booking::decide(&BookingState::default(), &command, &context);
    decided.map_err(|rejection: BookingRejection| rejection.to_string())?;
    Ok(((line, stream, command), is_ahead))
}

/// What is over takes nobody's time, so it goes in by many at once.
async fn import_past(platform: &Platform, past: Vec<Ready>, meta: &Meta, report: &mut Report) -> Result<(), CliError> {
    let (lines, commands): (Vec<_>, Vec<_>) = past.into_iter().map(|(line, stream, command)| (line, (stream, command))).unzip();
    let done = platform.executor.execute_bulk::<Booking>(commands, meta, None, BulkMode::Chunked).await;
    let done = done.map_err(CliError::ImportBookings)?;
    for (line, item) in lines.into_iter().zip(done.items) {
        match item.outcome {
            BulkOutcome::Changed => report.settled(true),
            BulkOutcome::Unchanged => report.settled(false),
            BulkOutcome::Missing => report.refuse(line, &BookingRejection::Forgotten.to_string())?,
        }
    }
    Ok(())
}

fn told(errors: &gateway::problem::FieldErrors) -> String {
    let fields = errors.iter().map(|(field, sentences)| format!("{field}: {}", sentences.join(" ")));
    fields.collect::<Vec<_>>().join("; ")
}
