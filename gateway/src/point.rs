//! A point of the log, as people name it: a position or a time.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use event_log::{Log, LogError};
use events::Position;
use events::subject::Partition;

/// A position or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A position.
    Position(Position),
    /// A time.
    Time(DateTime<Utc>),
}

/// Why a text is no point of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a position such as 4711 or a time such as 2024-01-20T15:45:00Z")]
pub struct PointError;

impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(Position(position)));
        }
        DateTime::parse_from_rfc3339(text).map(|time| Self::Time(time.to_utc())).map_err(|_| PointError)
    }
}

impl Point {
    /// The last position that is not after this point.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn last(self, log: &Log, partition: Partition) -> Result<Position, LogError> {
        match self {
            Self::Position(position) => Ok(position),
            Self::Time(time) => log.position_at(partition, time).await,
        }
    }

    /// The last position that is before this point.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn before(self, log: &Log, partition: Partition) -> Result<Position, LogError> {
        match self {
            Self::Position(position) => Ok(Position(position.0.saturating_sub(1))),
            // Commits are recorded to the microsecond.
            Self::Time(time) => {
                let before = time.checked_sub_signed(TimeDelta::microseconds(1));
                log.position_at(partition, before.unwrap_or(DateTime::<Utc>::MIN_UTC)).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_position_or_a_time() {
        assert_eq!("0".parse(), Ok(Point::Position(Position(0))));
        let time = DateTime::from_timestamp(1_705_765_500, 0).expect("a time");
        assert_eq!("2024-01-20T15:45:00Z".parse(), Ok(Point::Time(time)));
        assert_eq!("2024-01-20T22:45:00+07:00".parse(), Ok(Point::Time(time)));
        for text in ["", "-1", "yesterday", "2024-01-20"] {
            assert_eq!(text.parse::<Point>(), Err(PointError), "{text:?}");
        }
    }
}
