//! Rows of a CSV file of bookings, each with its line and with what is wrong with it. Providers and customers are named by their
//! email addresses, and services by their titles: who they are in the tenant is for the import to find out.

use std::io::Read;

use chrono::{DateTime, Utc};
use events::Amount;
use events::booking::{PaymentMethod, Status};

use super::FileError;
use super::read::{cell, moment};
use super::table::{Table, wrong};
use crate::problem::FieldErrors;

/// The columns. A file may have them in any order, and needs the first five.
pub const COLUMNS: [&str; 13] = [
    "reference",
    "provider",
    "customer",
    "service",
    "starts_at",
    "ends_at",
    "status",
    "amount",
    "booked_at",
    "paid",
    "payment_method",
    "rating",
    "review",
];

/// How many of them a file must have.
const REQUIRED: usize = 5;

const TIME: &str = "Must be a time such as 2024-01-20T15:45:00Z.";
const AMOUNT: &str = "Must be an amount such as 1250.00.";

/// A booking as a file tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct BookingLine {
    /// What the other system calls it.
    pub reference: String,
    /// The email address of the provider.
    pub provider: String,
    /// The email address of the customer.
    pub customer: String,
    /// The title of the service.
    pub service: String,
    /// When it starts, or started.
    pub starts_at: DateTime<Utc>,
    /// When it ends; `None`: after as long as the service takes.
    pub ends_at: Option<DateTime<Utc>>,
    /// What has come of it.
    pub status: Status,
    /// What it costs; `None`: what the service does.
    pub amount: Option<Amount>,
    /// When it was booked; `None`: when it started, or now if that is still to come.
    pub booked_at: Option<DateTime<Utc>>,
    /// What was paid.
    pub paid: Option<Amount>,
    /// How it was paid.
    pub method: PaymentMethod,
    /// The customer's rating.
    pub rating: Option<u8>,
    /// What the customer said.
    pub review: String,
}

/// One row: its line in the file, from 1, and the booking, or what is wrong with which column.
pub type BookingRow = (u64, Result<BookingLine, FieldErrors>);

/// The rows of a file, one after another.
pub struct BookingRows<R>(Table<R, { COLUMNS.len() }>);

impl<R: Read> BookingRows<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is not the names of columns, or cannot be read.
    pub fn new(source: R) -> Result<Self, FileError> {
        Table::new(source, COLUMNS, REQUIRED).map(Self)
    }

    /// How many bytes of the file were read.
    pub fn read_bytes(&self) -> u64 {
        self.0.read_bytes()
    }

    /// The next rows, at most so many; none at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_rows(&mut self, most: usize) -> Result<Vec<BookingRow>, FileError> {
        std::iter::from_fn(|| self.0.next_row(booking).transpose()).take(most).collect()
    }
}

fn booking(texts: [&str; COLUMNS.len()]) -> Result<BookingLine, FieldErrors> {
    let mut errors = FieldErrors::new();
    for (column, text) in COLUMNS.iter().zip(texts).take(REQUIRED) {
        if text.is_empty() {
            errors.extend(wrong(column, "This column is required."));
        }
    }
    let [reference, provider, customer, service, starts, ends, status, amount, booked, paid, method, rating, review] = texts;
    let money = |text: &str| text.parse().ok();
    let statuses = format!("Must be one of {}.", Status::NAMES.join(", "));
    let methods = format!("Must be one of {}.", PaymentMethod::NAMES.join(", "));
    let line = BookingLine {
        reference: reference.to_owned(),
        provider: provider.to_lowercase(),
        customer: customer.to_lowercase(),
        service: service.to_owned(),
        starts_at: cell(&mut errors, "starts_at", starts, TIME, moment).unwrap_or_default(),
        ends_at: cell(&mut errors, "ends_at", ends, TIME, moment),
        status: cell(&mut errors, "status", status, &statuses, |text| text.parse().ok()).unwrap_or(Status::Completed),
        amount: cell(&mut errors, "amount", amount, AMOUNT, money),
        booked_at: cell(&mut errors, "booked_at", booked, TIME, moment),
        paid: cell(&mut errors, "paid", paid, AMOUNT, money),
        method: cell(&mut errors, "payment_method", method, &methods, |text| text.parse().ok()).unwrap_or(PaymentMethod::Other),
        rating: cell(&mut errors, "rating", rating, "Must be from 1 to 5.", |text| text.parse().ok()),
        review: review.to_owned(),
    };
    if errors.is_empty() { Ok(line) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &str) -> Vec<BookingRow> {
        BookingRows::new(file.as_bytes()).expect("a header").next_rows(10).expect("rows")
    }

    #[test]
    fn a_row_is_a_booking_or_all_that_is_wrong_with_it() {
        let file = "service,reference,provider,customer,starts_at,rating,paid\n\
                    Massage,B-1,Ana@example.com,jane@example.com,2024-01-20T09:00:00Z,5,10.50\n\
                    Massage,,ana@example.com,jane@example.com,tomorrow,many,-1\n";
        let rows = rows(file);
        let line = rows[0].1.as_ref().expect("fine");
        assert_eq!((line.provider.as_str(), line.status, line.rating), ("ana@example.com", Status::Completed, Some(5)));
        assert_eq!((rows[0].0, line.paid.map(Amount::minor)), (2, Some(1_050)));
        let wrong = rows[1].1.as_ref().expect_err("wrong");
        assert_eq!(wrong.keys().collect::<Vec<_>>(), ["paid", "rating", "reference", "starts_at"]);
    }

    #[test]
    fn the_first_line_names_known_columns_once_and_the_needed_ones() {
        for file in ["", "reference,provider\n", "reference,shoe\n", "reference,reference\n"] {
            assert!(matches!(BookingRows::new(file.as_bytes()), Err(FileError::Header(_))), "{file:?}");
        }
    }
}
