//! What became of a file, row by row.

use commands::{CustomerRejection, ImportOutcome};
use events::Position;
use poem_openapi::{Enum, Object};

use crate::problem::{FieldErrors, owned};
use crate::words::counted;

/// The most rows of one outcome that the answer tells of one by one. Each outcome has its own bound, so that rows that went in never
/// hide one that did not, and neither do rows that are there already when an import is repeated.
const MOST_TOLD: u64 = 10_000;

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
    /// The rows one by one; of a large file the first ten thousand of each outcome.
    rows: Vec<ImportRow>,
    /// Whether there were more rows than are told of.
    truncated: bool,
}

/// What became of the rows so far.
#[derive(Default)]
pub(super) struct Report {
    created: u64,
    already_there: u64,
    invalid: u64,
    /// The rows that are told of.
    pub(super) rows: Vec<ImportRow>,
    /// The last position that was written.
    pub(super) position: Position,
}

impl Report {
    pub(super) fn note(&mut self, row: ImportRow) {
        let count = match row.outcome {
            RowOutcome::Created => &mut self.created,
            RowOutcome::AlreadyExists => &mut self.already_there,
            RowOutcome::Invalid => &mut self.invalid,
        };
        *count += 1;
        if *count <= MOST_TOLD {
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
        let (imported, refused) = (self.created, self.already_there + self.invalid);
        let truncated = imported + refused > self.rows.len() as u64;
        let message = format!("{} imported, {} refused", counted(imported, "customer"), counted(refused, "row"));
        ImportAnswer { message, imported, refused, rows: self.rows, truncated }
    }
}

pub(super) fn taken() -> FieldErrors {
    FieldErrors::from([("email".to_owned(), vec![CustomerRejection::EmailTaken.to_string()])])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, outcome: RowOutcome) -> ImportRow {
        ImportRow { line, outcome, id: None, errors: None }
    }

    #[test]
    fn rows_that_were_refused_are_told_however_many_others_come_before() {
        let mut report = Report::default();
        (2..=10_051).for_each(|line| report.note(row(line, RowOutcome::Created)));
        (10_052..=20_100).for_each(|line| report.note(row(line, RowOutcome::AlreadyExists)));
        report.note(row(20_101, RowOutcome::Invalid));
        let answer = report.answer();
        assert_eq!((answer.imported, answer.refused, answer.truncated), (10_050, 10_050, true));
        let told = |outcome| answer.rows.iter().filter(|row| row.outcome == outcome).count();
        let outcomes = [RowOutcome::Created, RowOutcome::AlreadyExists, RowOutcome::Invalid];
        assert_eq!(outcomes.map(told), [10_000, 10_000, 1]);
    }
}
