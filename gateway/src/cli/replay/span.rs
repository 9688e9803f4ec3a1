//! Which part of the log is asked for.

use chrono::Utc;
use event_log::Log;
use events::Position;
use events::subject::Partition;
use gateway::point::Point;

use crate::cli::CliError;

/// A part of the log.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Behind here.
    pub after: Position,
    /// Up to and including this.
    pub end: Position,
}

impl Span {
    /// The part from one point to another. Whoever follows may begin with what comes next.
    ///
    /// # Errors
    /// When the first point is not there yet or after the last one, and when the log does not answer.
    pub async fn find(
        log: &Log,
        partition: Partition,
        (from, to): (Option<Point>, Option<Point>),
        follow: bool,
    ) -> Result<Self, CliError> {
        let head = log.head(partition).await?;
        let after = match from {
            Some(Point::Position(Position(from))) if from > head.0.saturating_add(u64::from(follow)) => {
                return Err(CliError::BeyondLast { from, last: head });
            }
            Some(Point::Time(from)) if from > Utc::now() => return Err(CliError::ToCome(from)),
            Some(point) => point.before(log, partition).await?,
            None => Position::START,
        };
        let end = match to {
            Some(point) => point.last(log, partition).await?.min(head),
            None => head,
        };
        let is_backwards = match (from, to) {
            // Nothing may have happened between two times.
            (Some(Point::Time(from)), Some(Point::Time(to))) => from > to,
            (Some(_), Some(_)) => after >= end,
            (_, None) | (None, Some(_)) => false,
        };
        if is_backwards { Err(CliError::FromAfterTo) } else { Ok(Self { after, end }) }
    }
}
