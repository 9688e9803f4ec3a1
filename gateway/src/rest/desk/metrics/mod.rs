//! `/api/desk/metrics/`: how the desk is doing, by day and by agent (spec 001, "Monitoring and Analytics").

mod objects;

use chrono::{DateTime, Days, NaiveDate, SubsecRound as _, Utc};
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::registry::MetaSchema;
use query_api::desk::metrics::{MetricsQuestion, metrics};

pub use objects::MetricsObject;

use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Form, Free, Text};
use crate::rest::{Tag, unreadable};

/// How many days are shown where no first day is given.
const DAYS: u64 = 7;
/// The most days that are asked about at once.
const MOST_DAYS: u64 = 366;

/// A day (UTC).
pub struct Day;

impl Form for Day {
    fn schema() -> MetaSchema {
        MetaSchema { example: Some("2024-01-15".into()), ..MetaSchema::new_with_format("string", "date") }
    }

    const MOST_CHARS: usize = 10;
}

/// How the desk is doing.
pub struct DeskMetricsApi;

#[OpenApi(prefix_path = "/api/desk/metrics", tag = "Tag::Desk")]
impl DeskMetricsApi {
    /// See how the desk is doing
    ///
    /// Response time, handle time, queue length, utilisation, resolution and satisfaction: of all days together, of each day (UTC) and
    /// of each agent. A figure belongs to the day on which it was settled, so a day that is over does not change any more.
    #[oai(path = "/", method = "get", operation_id = "getDeskMetrics")]
    async fn metrics(
        &self,
        call: Call<op::DeskMetrics>,
        /// The first day (UTC): six days before the last one when not given.
        from: Query<Text<Day>>,
        /// The last day (UTC): today when not given. At most 366 days are shown at once.
        to: Query<Text<Day>>,
        /// Only what this agent did: the id.
        agent: Query<Text<Free>>,
        /// Only what happened on this page.
        page_id: Query<Text<Free>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<MetricsObject>, Problem> {
        let (moment, position) = call.then_or_now(&as_of).await?;
        // What was recorded is known to the microsecond.
        let now = call.time_of(moment, &as_of).await?.trunc_subsecs(6);
        let (first, last) = days(from.as_deref(), to.as_deref(), now)?;
        let agent = agent.as_deref().map(|id| id.parse().map_err(|_| Problem::not_found())).transpose()?;
        let page = call.page_if_named(&page_id).await?;
        let question = MetricsQuestion { first, last, agent, page, now };
        let metrics = metrics(&call.app.models, &call.scope(), moment, &question).await.map_err(unreadable)?;
        Ok(Read::new(MetricsObject::of(&question, metrics), position))
    }
}

/// The first and the last day that are asked about.
fn days(from: Option<&str>, to: Option<&str>, now: DateTime<Utc>) -> Result<(NaiveDate, NaiveDate), Problem> {
    let wrong = |name, sentence: String| Problem::field(Kind::InvalidParameter, name, sentence);
    let day =
        |name, text: &str| text.parse::<NaiveDate>().map_err(|_| wrong(name, "Must be a day such as 2024-01-15.".to_owned()));
    let last = to.map_or_else(|| Ok(now.date_naive()), |text| day("to", text))?;
    let back = |days: u64| last.checked_sub_days(Days::new(days - 1)).unwrap_or(NaiveDate::MIN);
    let first = from.map_or_else(|| Ok(back(DAYS)), |text| day("from", text))?;
    if first > last {
        return Err(wrong("from", "Must not be after the last day.".to_owned()));
    }
    if first < back(MOST_DAYS) {
        return Err(wrong("from", format!("Must be within {MOST_DAYS} days of the last day.")));
    }
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_week_is_shown_unless_days_are_given() {
        let now = "2024-03-02T12:00:00Z".parse().expect("a time");
        assert_eq!(days(None, None, now).expect("days"), (day("2024-02-25"), day("2024-03-02")));
        assert_eq!(days(None, Some("2024-01-07"), now).expect("days"), (day("2024-01-01"), day("2024-01-07")));
        assert_eq!(days(Some("2024-03-01"), None, now).expect("days"), (day("2024-03-01"), day("2024-03-02")));
        assert!(days(Some("2023-03-03"), None, now).is_ok(), "366 days");
    }

    #[test]
    fn days_that_cannot_be_are_refused() {
        let now = "2024-03-02T12:00:00Z".parse().expect("a time");
        for (from, to) in
            [(Some("yesterday"), None), (None, Some("2024-02-30")), (Some("2024-03-03"), None), (Some("2023-03-02"), None)]
        {
            assert_eq!(days(from, to, now).expect_err("refused").kind(), Kind::InvalidParameter, "{from:?} to {to:?}");
        }
    }
}
