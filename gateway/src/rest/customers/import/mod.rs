//! `POST /api/customers/import/`.

//!
//! - `form`: the form, understood as a whole
//! - `report`: what became of the rows

mod form;
mod report;

use std::fs::File;

use commands::customer::Import;
use commands::{CommandError, CustomerRejection, Idempotency, ImportMode, ImportOutcome};
use futures_util::FutureExt;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use self::form::Upload;
pub use self::report::{ImportAnswer, ImportRow, RowOutcome};
use self::report::{Report, taken};
use crate::auth::op;
use crate::csv::{FileError, Row, Rows};
use crate::problem::{FieldErrors, Kind, Problem, owned};
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::sentence;
use crate::rest::params::{Flag, Text};

/// Rows that are carried out together.
const ROWS_AT_ONCE: usize = 2_000;

/// Imports.
pub struct ImportApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl ImportApi {
    /// Import customers from CSV
    ///
    /// Columns: name, email, phone, address, city, province, postal_code, loyalty_points, total_orders, total_spent, notes,
    /// is_active, created_at, last_order_date, in any order, named in the first line; the first two are required. Rows that
    /// cannot be entered are told with their line and reason, and the others are entered; with `atomic=true`, in the URL or
    /// in the form, none is entered if one cannot be. Customers whose email is there already are passed over, so an import
    /// can be repeated.
    #[oai(path = "/import/", method = "post", operation_id = "importCustomers")]
    async fn import(
        &self,
        call: Call<op::CustomersImport>,
        /// Enter all rows or none.
        atomic: Query<Text<Flag>>,
        body: Upload,
    ) -> Result<Written<ImportAnswer, 200>, Problem> {
        let asked = atomic.is("atomic")?;
        let form = body.read(&call.app.options.scratch_dir).await?;
        let is_atomic = match (asked, form.atomic) {
            (Some(in_url), Some(in_form)) if in_url != in_form => {
                return Err(Problem::field(Kind::Invalid, "atomic", "The URL and the form say different things."));
            }
            (in_url, in_form) => in_url.or(in_form).unwrap_or(false),
        };
        let report = if is_atomic { all_or_none(&call, form.file).await? } else { each_row(&call, form.file).await? };
        let position = report.position;
        Ok(Written::settle(&call, Some(report.answer()), position).await)
    }
}

type Call1 = Call<op::CustomersImport>;

/// Enters what can be entered, piece by piece.
async fn each_row(call: &Call1, file: File) -> Result<Report, Problem> {
    let mut pieces = read(file);
    let mut report = Report::default();
    let mut number = 0_u64;
    while let Some(piece) = pieces.recv().await {
        number += 1;
        let mut lines = Vec::new();
        let mut customers = Vec::new();
        let mut refused = Vec::new();
        for row in piece? {
            match row.customer {
                Ok(customer) => {
                    lines.push(row.line);
                    customers.push(customer);
                }
                Err(errors) => {
                    refused.push(ImportRow { line: row.line, outcome: RowOutcome::Invalid, id: None, errors: Some(errors) })
                }
            }
        }
        let key = part_key(call, number, &customers);
        let done = enter(call, customers, key.as_ref(), ImportMode::EachRow).await?;
        report.position = report.position.max(done.position);
        let first = report.rows.len();
        lines.into_iter().zip(done.rows).for_each(|(line, outcome)| report.note_outcome(line, outcome));
        refused.into_iter().for_each(|row| report.note(row));
        if let Some(told) = report.rows.get_mut(first..) {
            told.sort_by_key(|row| row.line);
        }
    }
    Ok(report)
}

/// Enters all rows or none.
async fn all_or_none(call: &Call1, file: File) -> Result<Report, Problem> {
    let most = call.app.executor.most_atomic_rows();
    let mut pieces = read(file);
    let (mut lines, mut customers, mut wrong) = (Vec::new(), Vec::new(), FieldErrors::new());
    while let Some(piece) = pieces.recv().await {
        for row in piece? {
            match row.customer {
                Ok(customer) => {
                    lines.push(row.line);
                    customers.push(customer);
                }
                Err(errors) => note_line(&mut wrong, row.line, &errors),
            }
        }
        if customers.len() + wrong.len() > most {
            return Err(Problem::field(Kind::Invalid, "file", format!("An atomic import has at most {most} rows.")));
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let key = part_key(call, 0, &customers);
    let done = enter(call, customers, key.as_ref(), ImportMode::Atomic).await?;
    let mut report = Report::default();
    report.position = done.position;
    for (line, outcome) in lines.into_iter().zip(done.rows) {
        match &outcome {
            ImportOutcome::AlreadyExists => note_line(&mut wrong, line, &taken()),
            ImportOutcome::Invalid(errors) => note_line(&mut wrong, line, &owned(errors)),
            ImportOutcome::Created(_) | ImportOutcome::Withheld => {}
        }
        report.note_outcome(line, outcome);
    }
    if wrong.is_empty() { Ok(report) } else { Err(Problem::invalid(wrong)) }
}

fn note_line(wrong: &mut FieldErrors, line: u64, errors: &FieldErrors) {
    let sentences = errors.iter().flat_map(|(field, sentences)| sentences.iter().map(move |text| format!("{field}: {text}")));
    wrong.entry(format!("line {line}")).or_default().extend(sentences);
}

async fn enter(
    call: &Call1,
    customers: Vec<Import>,
    key: Option<&Idempotency>,
    mode: ImportMode,
) -> Result<commands::ImportReport, CommandError<CustomerRejection>> {
    if customers.is_empty() {
        return Ok(commands::ImportReport::default());
    }
    let meta = call.meta();
    call.app.executor.import(&call.tenant.id, customers, &meta, key, mode).boxed().await
}

/// The idempotency key of one piece of the file, bound to what stands in it.
fn part_key(call: &Call1, number: u64, customers: &[Import]) -> Option<Idempotency> {
    let key = call.has_idempotency_key().then(|| {
        let digest = Sha256::digest(serde_json::to_vec(customers).unwrap_or_default());
        call.idempotency(&digest)
    })??;
    Some(Idempotency { key: format!("{}/piece-{number}", key.key), ..key })
}

/// Reads a file off the async threads, one piece ahead of what is carried out.
fn read(file: File) -> mpsc::Receiver<Result<Vec<Row>, Problem>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let told = |problem: FileError| match problem {
            FileError::Header(_) => Problem::field(Kind::Invalid, "file", sentence(&problem.to_string())),
            FileError::Io(_) => Problem::internal(&problem),
        };
        let mut rows = match Rows::new(file) {
            Ok(rows) => rows,
            Err(problem) => return drop(sender.blocking_send(Err(told(problem)))),
        };
        loop {
            let piece: Result<Vec<Row>, FileError> = rows.by_ref().take(ROWS_AT_ONCE).collect();
            let ends = piece.as_ref().map_or(true, Vec::is_empty);
            if matches!(&piece, Ok(rows) if rows.is_empty()) || sender.blocking_send(piece.map_err(told)).is_err() || ends {
                return;
            }
        }
    });
    receiver
}
