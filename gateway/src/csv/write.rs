//! Customers as lines of CSV.

use chrono::{DateTime, SecondsFormat, Utc};
use query_api::customers::CustomerRow;

use super::COLUMNS;
use super::guard::guarded;

/// Lines of CSV, kept until they are taken.
pub struct Lines {
    writer: csv::Writer<Vec<u8>>,
}

impl Lines {
    /// The line with the names of the columns.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn with_header() -> Result<Self, csv::Error> {
        let mut lines = Self::new();
        lines.writer.write_record(COLUMNS)?;
        Ok(lines)
    }

    /// No lines.
    #[must_use]
    pub fn new() -> Self {
        Self { writer: csv::Writer::from_writer(Vec::new()) }
    }

    /// Adds a customer.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub fn add(&mut self, row: &CustomerRow) -> Result<(), csv::Error> {
        let profile = &row.profile;
        let (points, orders) = (row.loyalty_points.to_string(), row.total_orders.to_string());
        let (spent, created) = (row.total_spent.to_string(), time(row.created_at));
        let ordered = row.last_order_at.map(time).unwrap_or_default();
        let cells: [&str; COLUMNS.len()] = [
            &profile.name,
            &profile.email,
            &profile.phone,
            &profile.address,
            &profile.city,
            &profile.province,
            &profile.postal_code,
            &points,
            &orders,
            &spent,
            &profile.notes,
            if row.is_active { "true" } else { "false" },
            &created,
            &ordered,
        ];
        self.writer.write_record(cells.map(|cell| guarded(cell).into_owned()))
    }

    /// The lines as bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, csv::Error> {
        self.writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::from(error.error().kind())))
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
