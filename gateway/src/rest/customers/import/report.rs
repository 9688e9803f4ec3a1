//! What became of a file, row by row.

use commands::{CustomerRejection, ImportOutcome};
use events::Position;
use poem_openapi::{Enum, Object};

use crate::problem::{FieldErrors, owned};

/// The most rows that the answer tells of one by one.
const MOST_TOLD: usize = 10_000;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RowOutcome {
    /// The customer was entered.
    Created,
    /// A customer with this email is there already.
    AlreadyExists,
    /// Fields are wrong.
    Invalid,
}

/// One row of the file.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportRow {
    /// Its line in the file; the first line, with the columns, has number 1.
    pub line: u64,
    /// What became of it.
    pub outcome: RowOutcome,
    /// The customer that was entered.
    pub id: Option<String>,
    /// What is wrong with which column.
    pub errors: Option<FieldErrors>,
}

/// What became of a file.
#[derive(Debug, Clone, Object)]
pub struct ImportAnswer {
    /// What happened, in a sentence.
    message: String,
    /// Customers that were entered.
    imported: u64,
    /// Rows that were not.
    refused: u64,
    /// The rows one by one; of a large file the first ten thousand.
    rows: Vec<ImportRow>,
    /// Whether there were more rows than are told of.
    truncated: bool,
}

/// What became of the rows so far.
#[derive(Default)]
pub(super) struct Report {
    imported: u64,
    refused: u64,
    /// The rows that are told of.
    pub(super) rows: Vec<ImportRow>,
    /// The last position that was written.
    pub(super) position: Position,
}

impl Report {
    pub(super) fn note(&mut self, row: ImportRow) {
        match row.outcome {
            RowOutcome::Created => self.imported += 1,
            RowOutcome::AlreadyExists | RowOutcome::Invalid => self.refused += 1,
        }
        if self.rows.len() < MOST_TOLD {
            self.rows.push(row);
        }
    }

    pub(super) fn note_outcome(&mut self, line: u64, outcome: ImportOutcome) {
        let row = |outcome| ImportRow { line, outcome, id: None, errors: None };
        match outcome {
            ImportOutcome::Created(id) => self.note(ImportRow { id: Some(id.into()), ..row(RowOutcome::Created) }),
            ImportOutcome::AlreadyExists => self.note(ImportRow { errors: Some(taken()), ..row(RowOutcome::AlreadyExists) }),
            ImportOutcome::Invalid(errors) => self.note(ImportRow { errors: Some(owned(&errors)), ..row(RowOutcome::Invalid) }),
            ImportOutcome::Withheld => {}
        }
    }

    pub(super) fn answer(self) -> ImportAnswer {
        let truncated = self.imported.saturating_add(self.refused) > self.rows.len() as u64;
        let message = format!("{} customers imported, {} rows refused", self.imported, self.refused);
        ImportAnswer { message, imported: self.imported, refused: self.refused, rows: self.rows, truncated }
    }
}

pub(super) fn taken() -> FieldErrors {
    FieldErrors::from([("email".to_owned(), vec![CustomerRejection::EmailTaken.to_string()])])
}
