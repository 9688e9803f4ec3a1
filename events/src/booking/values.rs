//! What the events of a booking speak of.

use chrono::serde::ts_microseconds;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::define::define_names;

/// A provider's time is booked in cells of so many minutes, which begin at midnight UTC.
pub const CELL_MINUTES: i64 = 5;

const CELL_SECONDS: i64 = CELL_MINUTES * 60;

define_names! {
    /// What has come of a booking.
    #[derive(Default)]
    Status("status") {
        /// The provider has not agreed yet.
        #[default]
        Requested = "requested",
        /// The provider agreed.
        Confirmed = "confirmed",
        /// The service was given.
        Completed = "completed",
        /// It will not be.
        Cancelled = "cancelled",
        /// The customer did not come.
        NoShow = "no_show",
    }
}

impl Status {
    /// Whether it is still to come about.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Requested | Self::Confirmed => true,
            Self::Completed | Self::Cancelled | Self::NoShow => false,
        }
    }
}

define_names! {
    /// On whose wish a booking was cancelled.
    CancelledBy("by") {
        /// The customer's.
        Customer = "customer",
        /// The provider's.
        Provider = "provider",
    }
}

define_names! {
    /// How somebody paid.
    PaymentMethod("method") {
        /// With cash.
        Cash = "cash",
        /// With a card.
        Card = "card",
        /// By a transfer between banks.
        BankTransfer = "bank_transfer",
        /// With a service on the internet.
        Online = "online",
        /// Otherwise.
        Other = "other",
    }
}

/// A stretch of a provider's time: from a moment up to another, which is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The first moment.
    #[serde(with = "ts_microseconds")]
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    #[serde(with = "ts_microseconds")]
    pub ends_at: DateTime<Utc>,
}

impl Slot {
    /// From a moment on for so many minutes; `None`: that is beyond all time.
    #[must_use]
    pub fn lasting(starts_at: DateTime<Utc>, minutes: u32) -> Option<Self> {
        let ends_at = starts_at.checked_add_signed(TimeDelta::minutes(minutes.into()))?;
        Some(Self { starts_at, ends_at })
    }

    /// How long it is; negative where it ends before it starts.
    #[must_use]
    pub fn duration(&self) -> TimeDelta {
        self.ends_at - self.starts_at
    }

    /// Whether it starts and ends where a cell does.
    #[must_use]
    pub fn fits_cells(&self) -> bool {
        let is_edge = |time: DateTime<Utc>| time.timestamp() % CELL_SECONDS == 0 && time.timestamp_subsec_nanos() == 0;
        is_edge(self.starts_at) && is_edge(self.ends_at)
    }

    /// The numbers of its cells, counted from 1970: two slots of a provider overlap when they share one. A cell that is in it in
    /// part is in it.
    #[must_use]
    pub fn cells(&self) -> std::ops::Range<i64> {
        let first = self.starts_at.timestamp().div_euclid(CELL_SECONDS);
        let micros = CELL_SECONDS * 1_000_000;
        let after = self.ends_at.timestamp_micros().saturating_add(micros - 1).div_euclid(micros);
        first..after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(from: &str, to: &str) -> Slot {
        let at = |time: &str| format!("2026-03-01T{time}Z").parse().expect("a time");
        Slot { starts_at: at(from), ends_at: at(to) }
    }

    #[test]
    fn slots_overlap_when_they_share_a_cell() {
        let hour = slot("10:00:00", "11:00:00");
        assert_eq!(hour.cells().count(), 12);
        assert_eq!(hour.cells().end, slot("11:00:00", "11:05:00").cells().start, "what follows shares none");
        assert!(hour.cells().contains(&slot("10:55:00", "11:05:00").cells().start));
        assert_eq!(slot("11:00:00", "10:00:00").cells().count(), 0);
        assert_eq!(slot("10:04:59", "10:05:01").cells().count(), 2, "parts of two");
    }

    #[test]
    fn a_slot_fits_cells_at_every_fifth_minute() {
        assert!(slot("10:05:00", "10:10:00").fits_cells());
        for (from, to) in [("10:01:00", "10:10:00"), ("10:05:00", "10:10:01"), ("10:05:00.000001", "10:10:00")] {
            assert!(!slot(from, to).fits_cells(), "{from} to {to}");
        }
        let long_ago = Slot::lasting("1969-12-31T23:55:00Z".parse().expect("a time"), 10).expect("a slot");
        assert_eq!((long_ago.fits_cells(), long_ago.cells()), (true, -1..1));
        assert_eq!(Slot::lasting(DateTime::<Utc>::MAX_UTC, 5), None);
    }
}
