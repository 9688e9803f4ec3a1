//! Rows of a CSV file, each with its line and with what is wrong with it.

use std::io::Read;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use commands::customer::Import;
use events::Amount;
use events::customer::Profile;

use super::guard::unguarded;
use super::{COLUMNS, REQUIRED};
use crate::problem::FieldErrors;

/// Why a file cannot be read as a whole.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The first line does not name the columns.
    #[error("the first line must name the columns: {0}")]
    Header(String),
    /// Reading failed.
    #[error("the file ended early")]
    Io(#[source] csv::Error),
}

/// One row: who it is about, or what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the file; the first line has number 1.
    pub line: u64,
    /// The customer, or what is wrong with which column.
    pub customer: Result<Import, FieldErrors>,
}

/// The rows of a file, one after another.
pub struct Rows<R> {
    reader: csv::Reader<R>,
    /// For each known column, its place in the file.
    places: [Option<usize>; COLUMNS.len()],
    record: csv::ByteRecord,
}

impl<R: Read> Rows<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is not the names of columns, or cannot be read.
    pub fn new(source: R) -> Result<Self, FileError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source);
        let mut record = csv::ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(FileError::Io)?;
        let places = places(&record)?;
        Ok(Self { reader, places, record })
    }

    /// The line where the row starts. The reader's own count is that of the first of the empty lines before it.
    fn line(&self) -> u64 {
        let reached = self.reader.position().line();
        let inside = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let first = self.record.position().map_or(0, csv::Position::line);
        first.max(reached.saturating_sub(inside).saturating_sub(1))
    }

    fn row(&self) -> Row {
        let line = self.line();
        let cells = self.places.map(|place| place.and_then(|place| self.record.get(place)).unwrap_or_default());
        let texts: Result<Vec<_>, FieldErrors> = cells
            .iter()
            .zip(COLUMNS)
            .map(|(cell, column)| match std::str::from_utf8(cell) {
                Ok(text) => Ok(unguarded(text).trim()),
                Err(_) => Err(wrong(column, "Is not UTF-8.")),
            })
            .collect();
        let customer = texts.and_then(|texts| match texts.try_into() {
            Ok(texts) => customer(texts),
            Err(_) => Err(wrong("row", "Has too few columns.")),
        });
        Row { line, customer }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(false) => return None,
                Ok(true) if self.record.iter().all(<[u8]>::is_empty) => {}
                Ok(true) => return Some(Ok(self.row())),
                Err(error) => return Some(Err(FileError::Io(error))),
            }
        }
    }
}

pub(super) fn wrong(column: &str, sentence: &str) -> FieldErrors {
    FieldErrors::from([(column.to_owned(), vec![sentence.to_owned()])])
}

fn places(header: &csv::ByteRecord) -> Result<[Option<usize>; COLUMNS.len()], FileError> {
    let mut places = [None; COLUMNS.len()];
    for (place, cell) in header.iter().enumerate() {
        let name = std::str::from_utf8(cell).map_err(|_| FileError::Header("it is not UTF-8".to_owned()))?;
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
            let shown: String = name.chars().take(60).collect();
            return Err(FileError::Header(format!("{shown:?} is none of {}", COLUMNS.join(", "))));
        };
        if places[column].replace(place).is_some() {
            return Err(FileError::Header(format!("{name:?} is there twice")));
        }
    }
    match REQUIRED.iter().zip(places).find(|(_, place)| place.is_none()) {
        Some((column, _)) => Err(FileError::Header(format!("{column:?} is missing"))),
        None => Ok(places),
    }
}

fn customer(cells: [&str; COLUMNS.len()]) -> Result<Import, FieldErrors> {
    let [name, email, phone, address, city, province, postal_code, points, orders, spent, notes, active, created, ordered] =
        cells;
    let mut errors = FieldErrors::new();
    let whole = "Must be a whole number.";
    let time = "Must be a time such as 2024-01-20T15:45:00Z.";
    let import = Import {
        profile: Profile {
            name: name.to_owned(),
            email: email.to_owned(),
            phone: phone.to_owned(),
            address: address.to_owned(),
            city: city.to_owned(),
            province: province.to_owned(),
            postal_code: postal_code.to_owned(),
            notes: notes.to_owned(),
        },
        loyalty_points: cell(&mut errors, "loyalty_points", points, whole, |text| text.parse().ok()).unwrap_or_default(),
        total_orders: cell(&mut errors, "total_orders", orders, whole, |text| text.parse().ok()).unwrap_or_default(),
        total_spent: cell(&mut errors, "total_spent", spent, "Must be an amount such as 1250.00.", |text| text.parse().ok())
            .unwrap_or(Amount::ZERO),
        is_active: cell(&mut errors, "is_active", active, "Must be true or false.", flag).unwrap_or(true),
        created_at: cell(&mut errors, "created_at", created, time, moment),
        last_order_at: cell(&mut errors, "last_order_date", ordered, time, moment),
    };
    if errors.is_empty() {
        return Ok(import);
    }
    errors.extend(import.profile_errors().iter().map(|(field, sentences)| (field.to_owned(), sentences.to_vec())));
    Err(errors)
}

/// What a cell says; `None` when it is empty, or wrong, which is noted.
pub(super) fn cell<T>(
    errors: &mut FieldErrors,
    column: &str,
    text: &str,
    sentence: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let value = parse(text);
    if value.is_none() {
        errors.extend(wrong(column, sentence));
    }
    value
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A moment with its offset, or a date with or without a time, which is taken as UTC.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
    let plain = || {
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"].iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
    };
    let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    zoned.or_else(|| plain().or_else(date).map(|time| time.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &str) -> Vec<Row> {
        Rows::new(file.as_bytes()).expect("a header").map(|row| row.expect("readable")).collect()
    }

    #[test]
    fn everything_that_is_wrong_with_a_row_is_told_at_once() {
        let rows = rows("name,email,phone,loyalty_points\nBad,nope,1,x\n");
        let errors = rows[0].customer.as_ref().expect_err("wrong");
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["email", "loyalty_points", "phone"]);
    }

    #[test]
    fn columns_come_in_any_order_and_most_may_be_missing() {
        let rows = rows("\u{feff}Email, name ,phone\njane@example.com,Jane,'+62811\n\n\"john@example.com\",\"John\nDoe\",\n");
        let jane = rows[0].customer.as_ref().expect("fine");
        assert_eq!((jane.profile.name.as_str(), jane.profile.phone.as_str(), jane.is_active), ("Jane", "+62811", true));
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn bad_cells_are_named() {
        let rows =
            rows("name,email,loyalty_points,total_spent,is_active,created_at\nJ,j@example.com,many,-1,perhaps,yesterday\n");
        let errors = rows[0].customer.clone().expect_err("all wrong");
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["created_at", "is_active", "loyalty_points", "total_spent"]);
    }

    #[test]
    fn a_row_that_is_not_utf8_is_refused_and_the_next_is_read() {
        let file: &[u8] = b"name,email\n\xff,j@example.com\nJane,jane@example.com\n";
        let rows: Vec<Row> = Rows::new(file).expect("a header").map(|row| row.expect("readable")).collect();
        assert!(rows[0].customer.is_err());
        assert!(rows[1].customer.is_ok());
    }

    #[test]
    fn the_first_line_names_known_columns_once() {
        for file in ["", "name\n", "name,email,shoe_size\n", "name,email,name\n"] {
            assert!(matches!(Rows::new(file.as_bytes()), Err(FileError::Header(_))), "{file:?}");
        }
    }

    #[test]
    fn moments_are_read_in_the_usual_forms() {
        let wanted = moment("2024-01-20T15:45:00Z");
        assert!(wanted.is_some());
        for text in ["2024-01-20 15:45:00", "2024-01-20T15:45:00", "2024-01-20T22:45:00+07:00"] {
            assert_eq!(moment(text), wanted, "{text}");
        }
        assert!(moment("2024-01-20").is_some());
    }
}
