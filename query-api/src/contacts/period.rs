//! A stretch of time as filters name it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// From a moment on, and up to another. What is `None` is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Option<DateTime<Utc>>,
    /// The first moment behind it.
    pub before: Option<DateTime<Utc>>,
}

impl Period {
    /// Whether a moment is in it.
    #[must_use]
    pub fn contains(self, time: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| time >= from) && self.before.is_none_or(|before| time < before)
    }

    /// Whether every moment is.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.from.is_none() && self.before.is_none()
    }
}

/// The moment that a client names as the first: a day begins at midnight UTC.
pub fn from(text: &str) -> Option<DateTime<Utc>> {
    day(text).or_else(|| moment(text))
}

/// The first moment behind the one that a client names as the last: the day is part of the period, and so is the moment.
pub fn before(text: &str) -> Option<DateTime<Utc>> {
    let next_day = |day: DateTime<Utc>| day.checked_add_days(Days::new(1));
    day(text).and_then(next_day).or_else(|| moment(text)?.checked_add_signed(TimeDelta::microseconds(1)))
}

fn day(text: &str) -> Option<DateTime<Utc>> {
    let day: NaiveDate = text.parse().ok()?;
    writable(day.and_time(NaiveTime::MIN).and_utc())
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    writable(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

/// Years that every client writes with four digits.
fn writable(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use chrono::Datelike as _;
    (0..=9999).contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_day_is_part_of_the_period() {
        let period = Period { from: from("2023-01-01"), before: before("2023-12-31") };
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        assert!(period.contains(at("2023-01-01T00:00:00Z")) && period.contains(at("2023-12-31T23:59:59.999999Z")));
        assert!(!period.contains(at("2022-12-31T23:59:59.999999Z")) && !period.contains(at("2024-01-01T00:00:00Z")));
        let moment = Period { from: None, before: before("2023-06-01T10:00:00+02:00") };
        assert!(moment.contains(at("2023-06-01T08:00:00Z")) && !moment.contains(at("2023-06-01T08:00:00.000001Z")));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "yesterday", "2023-13-01", "01/02/2023", "2023-01-01T00:00:00", "-5000-01-01", "+262142-12-31"] {
            assert_eq!((from(text), before(text)), (None, None), "{text:?}");
        }
    }
}
