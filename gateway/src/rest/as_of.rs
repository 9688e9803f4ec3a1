//! `as_of`: the moment in the past that a question is about, as a time or as a position.

use chrono::{DateTime, TimeDelta, Utc};
use commands::CustomerRejection;
use event_log::{Log, LogError};
use events::Position;
use events::subject::Partition;
use moka::future::Cache;
use poem_openapi::registry::MetaSchema;
use query_api::customers::as_of::{AsOf, Past};

use super::call::Call;
use super::params::{Form, Text, time};
use super::unreadable_log;
use crate::point::{Point, PointError};
use crate::problem::{Kind, Problem, reject};

/// The name of the parameter.
pub const NAME: &str = "as_of";

/// How long after a time nothing more is recorded at it: the log bears with what comes a minute late.
const SETTLED: TimeDelta = TimeDelta::minutes(2);
/// The most times whose positions are remembered.
const MOST_TIMES: u64 = 10_000;

/// A time or a position.
pub struct Moment;

/// The parameter: a time (RFC 3339) or a position.
pub type AsOfParam = Text<Moment>;

impl Form for Moment {
    fn schema() -> MetaSchema {
        MetaSchema { example: Some("2024-01-20T15:45:00Z".into()), ..MetaSchema::new("string") }
    }

    const MOST_CHARS: usize = 64;
}

/// The positions of times that were asked about. What was recorded at a time that is long over does not change.
#[derive(Clone)]
pub struct Times {
    log: Log,
    settled: Cache<(Partition, DateTime<Utc>), Position>,
}

impl Times {
    /// None are known yet.
    #[must_use]
    pub fn new(log: Log) -> Self {
        Self { log, settled: Cache::new(MOST_TIMES) }
    }

    /// The last position that was recorded at or before a time.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn position_at(&self, partition: Partition, time: DateTime<Utc>) -> Result<Position, LogError> {
        let key = (partition, time);
        if let Some(position) = self.settled.get(&key).await {
            return Ok(position);
        }
        let asked = Utc::now();
        let position = self.log.position_at(partition, time).await?;
        if time < asked - SETTLED {
            self.settled.insert(key, position).await;
        }
        Ok(position)
    }
}

/// The 410 problem: nothing is left of a customer who was forgotten, at no time.
#[must_use]
pub fn forgotten() -> Problem {
    reject(&CustomerRejection::Forgotten)
}

/// What there is of a customer's past.
///
/// # Errors
/// The 404 problem when there was nothing, and the 410 problem when nothing is left.
pub fn known<T>(past: Past<T>) -> Result<T, Problem> {
    match past {
        Past::Known(known) => Ok(known),
        Past::Nothing => Err(Problem::not_found()),
        Past::Forgotten => Err(forgotten()),
    }
}

impl<O> Call<O> {
    /// The moment that the parameter names, as [`Call::as_of`]; `None` where it is not given: now.
    ///
    /// `min_position` may be given as well. It says how far the read models must have come, not what is asked of them, so the
    /// two do not contradict each other.
    ///
    /// # Errors
    /// As of [`Call::as_of`].
    pub async fn moment(&self, param: &AsOfParam) -> Result<Option<AsOf>, Problem> {
        match param.as_deref() {
            Some(text) => self.as_of(text).await.map(Some),
            None => Ok(None),
        }
    }

    /// The moment that the parameter names, as [`Call::moment`], and the position that the answer is at least as of.
    ///
    /// # Errors
    /// As of [`Call::as_of`].
    pub async fn then_or_now(&self, param: &AsOfParam) -> Result<(Option<AsOf>, Position), Problem> {
        let moment = self.moment(param).await?;
        Ok((moment, moment.map_or_else(|| self.read_position(), AsOf::position)))
    }

    /// The same for what trailing read models answer.
    ///
    /// # Errors
    /// As of [`Call::as_of`], and the 503 problem when they are not there in time.
    pub async fn then_or_now_trailing(&self, param: &AsOfParam) -> Result<(Option<AsOf>, Position), Problem> {
        match self.moment(param).await? {
            Some(moment) => Ok((Some(moment), moment.position())),
            None => Ok((None, self.trailing_position().await?)),
        }
    }

    /// The position that trailing read models show once they are where the prompt ones are.
    ///
    /// # Errors
    /// The 503 problem when they are not there in time.
    pub async fn trailing_position(&self) -> Result<Position, Problem> {
        let position = self.read_position();
        self.app.reach_trailing(&self.tenant.id).await?;
        Ok(position)
    }

    /// The moment that a time (RFC 3339) or a position means, once the histories show it.
    ///
    /// # Errors
    /// The 400 problem when it is neither or has not come yet, and the 503 problem when it cannot be looked up.
    pub async fn as_of(&self, text: &str) -> Result<AsOf, Problem> {
        let wrong = |sentence: String| Problem::field(Kind::InvalidParameter, NAME, sentence);
        let point = point(text.trim()).map_err(|error| wrong(super::fields::sentence(&error.to_string())))?;
        let (app, tenant) = (&self.app, &self.tenant.id);
        let partition = app.log.partition_of(tenant);
        let (position, is_to_come) = match point {
            Point::Time(time) => {
                let position = app.times.position_at(partition, time).await.map_err(|error| unreadable_log(&error))?;
                (position, time > Utc::now())
            }
            Point::Position(position) => (position, false),
        };
        // What is shown already has come: the log need not be asked.
        let is_shown = position <= app.position(Some(tenant));
        if is_to_come || !is_shown && position > app.horizon(tenant).await.map_err(|error| unreadable_log(&error))? {
            return Err(wrong("This moment has not come yet.".to_owned()));
        }
        app.reach(tenant, position).await?;
        app.reach_trailing(tenant).await?;
        Ok(AsOf::new(partition, position))
    }

    /// What time it was at the moment that the parameter names: that time, or when the last commit up to that position was recorded.
    /// What lasts had lasted until then. As [`Call::now`] where it is not given.
    ///
    /// # Errors
    /// The 503 problem when the log does not answer.
    pub async fn time_of(&self, moment: Option<AsOf>, param: &AsOfParam) -> Result<DateTime<Utc>, Problem> {
        match (moment, param.as_deref().map(|text| point(text.trim()))) {
            (Some(_), Some(Ok(Point::Time(time)))) => Ok(time),
            (Some(moment), _) => self.time_at(moment.position()).await,
            (None, _) => self.now().await,
        }
    }

    /// What time it is; where the door shows a past moment, what time it was then.
    ///
    /// # Errors
    /// The 503 problem when the log does not answer.
    pub async fn now(&self) -> Result<DateTime<Utc>, Problem> {
        if self.app.is_read_only() { self.time_at(self.read_position()).await } else { Ok(Utc::now()) }
    }

    async fn time_at(&self, position: Position) -> Result<DateTime<Utc>, Problem> {
        let log = &self.app.log;
        let time = log.time_at(log.partition_of(&self.tenant.id), position).await.map_err(|error| unreadable_log(&error))?;
        // Before the first commit there is nothing that could have lasted.
        Ok(time.unwrap_or_else(Utc::now))
    }
}

/// A [`time`] or a position.
///
/// # Errors
/// When it is neither.
pub fn point(text: &str) -> Result<Point, PointError> {
    text.parse().or_else(|error| time(text).map(Point::Time).ok_or(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_that_a_url_took_for_a_blank_is_a_plus() {
        assert_eq!(point("2024-01-20T22:45:00 07:00"), point("2024-01-20T15:45:00Z"));
        assert_eq!(point("2024-01-20 15:45:00Z"), point("2024-01-20T15:45:00Z"));
        assert_eq!(point("7"), Ok(Point::Position(Position(7))));
        for text in ["", " ", "1 1", "2024-01-20", "yesterday at noon"] {
            assert_eq!(point(text), Err(PointError), "{text:?}");
        }
    }
}
