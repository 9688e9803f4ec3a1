//! Rows of a CSV file, each with its line and with what is wrong with it.

use std::io::Read;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use commands::customer::Import;
use events::Amount;
use events::customer::Profile;

use super::table::{Table, wrong};
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
pub struct Rows<R>(Table<R, { COLUMNS.len() }>);

impl<R: Read> Rows<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is not the names of columns, or cannot be read.
    pub fn new(source: R) -> Result<Self, FileError> {
        Table::new(source, COLUMNS, REQUIRED).map(Self)
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.0.next_row(customer).transpose()?;
        Some(row.map(|(line, customer)| Row { line, customer }))
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
    fn lines_are_counted_whatever_they_end_in() {
        let text = "name,email\nA,a@example.com\n\nB,\"b@exam\nple.com\"\n,\nC,c@example.com\n\n\nD,d@example.com";
        for end in ["\n", "\r\n", "\r"] {
            for last in ["", end] {
                let lines: Vec<u64> = rows(&(text.replace('\n', end) + last)).iter().map(|row| row.line).collect();
                assert_eq!(lines, [2, 4, 7, 10], "{end:?} and {last:?}");
            }
        }
    }

    #[test]
    fn a_row_that_never_ends_is_told_with_the_line_where_it_begins() {
        let rows = rows("name,email\r\nA,a@example.com\r\n\"B,b@example.com\r\nC,c@example.com\r\n");
        assert_eq!(rows.iter().map(|row| (row.line, row.customer.is_ok())).collect::<Vec<_>>(), [(2, true), (3, false)]);
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let rows = rows("name,email,city\nA,a@example.com,Jl. Thamrin, Jakarta\nB,b@example.com\nC,c@example.com,\nD\n");
        let told = rows.iter().map(|row| row.customer.as_ref().err().map(|errors| errors["row"][0].clone())).collect::<Vec<_>>();
        let wanted = |cells| format!("Has {cells}, not 3. A cell with a comma in it stands in double quotes.");
        assert_eq!(told, [Some(wanted("4 cells")), Some(wanted("2 cells")), None, Some(wanted("1 cell"))]);
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
