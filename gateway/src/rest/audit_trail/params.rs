//! What may be asked of audit views, in the words of a URL, and how far back they go.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use events::{Position, StreamKind};
use poem_openapi::registry::MetaSchema;
use query_api::audit_trail::{Action, Bounds, Order, fields, models};
use query_api::customers::as_of::AsOf;

use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::params::{Form, in_order, not_one_of, one_of, time};

/// What was done.
pub struct ActionName;

impl Form for ActionName {
    fn schema() -> MetaSchema {
        one_of(Action::ALL.into_iter().map(Action::name))
    }
}

/// A kind of record.
pub struct ModelName;

impl Form for ModelName {
    fn schema() -> MetaSchema {
        one_of(models().map(StreamKind::name))
    }
}

/// The name of a field of some kind of record.
pub struct FieldName;

impl Form for FieldName {
    fn schema() -> MetaSchema {
        one_of(fields(None))
    }
}

/// An order.
pub struct Ordering;

impl Form for Ordering {
    fn schema() -> MetaSchema {
        one_of(["timestamp", "-timestamp"])
    }
}

/// A day or a time.
pub struct DayOrTime;

impl Form for DayOrTime {
    fn schema() -> MetaSchema {
        MetaSchema { example: Some("2024-01-15".into()), ..MetaSchema::new("string") }
    }

    const MOST_CHARS: usize = 64;
}

fn wrong(name: &str, sentence: impl Into<String>) -> Problem {
    Problem::field(Kind::InvalidParameter, name, sentence)
}

/// The action that a parameter names.
///
/// # Errors
/// The 400 problem.
pub fn action(text: Option<&str>) -> Result<Option<Action>, Problem> {
    let known = |text| Action::ALL.into_iter().find(|action| action.name() == text);
    text.map(|text| known(text).ok_or_else(|| not_one_of("action", Action::ALL.map(Action::name)))).transpose()
}

/// The kind of record that a parameter names.
///
/// # Errors
/// The 400 problem.
pub fn model(name: &str, text: Option<&str>) -> Result<Option<StreamKind>, Problem> {
    let known = |text| models().find(|kind| kind.name() == text);
    text.map(|text| known(text).ok_or_else(|| not_one_of(name, models().map(StreamKind::name)))).transpose()
}

/// The field that a parameter names: one that records of a kind have, or where none is given, those of any kind.
///
/// # Errors
/// The 400 problem.
pub fn field(kind: Option<StreamKind>, text: Option<&str>) -> Result<Option<&'static str>, Problem> {
    let known = |text: &str| fields(kind).get(text).copied();
    text.map(|text| known(text).ok_or_else(|| not_one_of("field_name", fields(kind)))).transpose()
}

/// The order that a parameter names; newest first when it is not given.
///
/// # Errors
/// The 400 problem.
pub fn order(text: Option<&str>) -> Result<Order, Problem> {
    match text {
        None | Some("-timestamp") => Ok(Order::NewestFirst),
        Some("timestamp") => Ok(Order::OldestFirst),
        Some(_) => Err(wrong("ordering", "Must be timestamp or -timestamp.")),
    }
}

/// The first and the last microsecond that a day or a time names.
fn span(name: &str, text: &str) -> Result<(DateTime<Utc>, DateTime<Utc>), Problem> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        let start = day.and_time(NaiveTime::MIN).and_utc();
        return Ok((start, start + TimeDelta::days(1) - TimeDelta::microseconds(1)));
    }
    time(text)
        .map(|time| (time, time))
        .ok_or_else(|| wrong(name, "Must be a day such as 2024-01-15, or a time such as 2024-01-15T10:30:00Z."))
}

impl<O> Call<O> {
    /// Which part of the past audit views show: between two days or times, as of a moment, and no further back than the tenant's
    /// policy says. Comes back once the read models show it, with the position that the answer is of.
    ///
    /// # Errors
    /// The 400 problem that names the parameter, and the 503 problem when the read models are not there in time.
    pub async fn audit_bounds(
        &self,
        start: Option<&str>,
        end: Option<&str>,
        moment: Option<AsOf>,
    ) -> Result<(Bounds, Position), Problem> {
        let start = start.map(|text| span("start_date", text)).transpose()?.map(|(first, _)| first);
        let until = end.map(|text| span("end_date", text)).transpose()?.map(|(_, last)| last);
        in_order(("start_date", start), ("end_date", until))?;
        let up_to = moment.map(AsOf::position);
        let position = match up_to {
            Some(position) => position,
            None => self.trailing_position().await?,
        };
        let from = start.max(self.tenant.audit_retention_days.and_then(|days| oldest(Utc::now(), days)));
        Ok((Bounds { from, until, up_to }, position))
    }
}

/// Where audit views that go back so many days begin: with a day in UTC, so that today and that many days before it are shown.
fn oldest(now: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    let day = now.date_naive().checked_sub_days(Days::new(days.into()))?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn a_day_is_from_midnight_to_midnight_and_a_time_is_a_moment() {
        let day = span("x", "2024-01-15").expect("a day");
        assert_eq!(day, (at("2024-01-15T00:00:00Z"), at("2024-01-15T23:59:59.999999Z")));
        let time = span("x", "2024-01-15T12:00:00+02:00").expect("a time");
        assert_eq!(time, (at("2024-01-15T10:00:00Z"), at("2024-01-15T10:00:00Z")));
        for text in ["", "yesterday", "2024-13-01", "2024-01-15 10:00", "2024-01-15T10:00"] {
            assert_eq!(span("x", text).expect_err(text).kind(), Kind::InvalidParameter);
        }
    }

    #[test]
    fn a_policy_counts_whole_days() {
        assert_eq!(oldest(at("2024-01-15T23:59:00Z"), 1), Some(at("2024-01-14T00:00:00Z")));
        assert_eq!(oldest(at("2024-01-15T00:00:00Z"), 30), Some(at("2023-12-16T00:00:00Z")));
    }
}
