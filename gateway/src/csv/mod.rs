//! Customers as CSV, for import and export over REST and on the command line; and bookings, for import.
//!
//! - [`guard`]: cells that a spreadsheet would run are made harmless, and back
//! - [`bookings`]: rows of a file of bookings
//! - [`read`]: rows of a file of customers, each with its line and with what is wrong with it
//! - `table`: what all files have in common: columns with names, and cells
//! - `numbered`: which line a row begins on
//! - [`write`]: customers as lines

pub mod bookings;
pub mod guard;
mod numbered;
pub mod read;
mod table;
pub mod write;

pub use read::{FileError, Row, Rows};
pub use write::Lines;

/// The columns, in the order in which they are written. A file that is read may have them in any order, and needs the first two.
pub const COLUMNS: [&str; 14] = [
    "name",
    "email",
    "phone",
    "address",
    "city",
    "province",
    "postal_code",
    "loyalty_points",
    "total_orders",
    "total_spent",
    "notes",
    "is_active",
    "created_at",
    "last_order_date",
];

/// How many of them a file must have.
const REQUIRED: usize = 2;
