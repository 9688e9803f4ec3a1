//! Figures about the desk (spec 001, "Monitoring and Analytics"), by day and by agent.
//!
//! Each figure belongs to the day (UTC) on which it was settled: a response to the day on which an agent came, a handle time and a
//! resolution to the day on which they ended, a rating to the day on which it was given. So the figures of a day that is over do
//! not change any more.

mod figures;
mod queue;
mod read;
mod settled;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use events::{PageId, UserId};
use projections::ReadModels;

pub use figures::{Figures, Resolution, Satisfaction, Utilisation};
pub use queue::QueueLength;
pub use settled::{Settled, settled};
pub use spread::Spread;

use super::moment;
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsQuestion {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Only what this agent did.
    pub agent: Option<UserId>,
    /// Only what happened on this page.
    pub page: Option<PageId>,
    /// What time it is, or was at the moment that is asked about: what lasts, lasts until then.
    pub now: DateTime<Utc>,
}

/// The figures of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayFigures {
    /// The day.
    pub day: NaiveDate,
    /// Its figures.
    pub figures: Figures,
}

/// The figures of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentFigures {
    /// The agent.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Their figures.
    pub figures: Figures,
}

/// The figures of some days.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskMetrics {
    /// The figures of all days together.
    pub total: Figures,
    /// Those of each day that has begun, in order.
    pub days: Vec<DayFigures>,
    /// Those of each agent who did something, by id.
    pub agents: Vec<AgentFigures>,
}

/// From a time up to another, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    /// The first microsecond.
    start: i64,
    /// The first microsecond behind it.
    end: i64,
    /// Until when what lasts has lasted.
    until: i64,
}

impl Span {
    /// From the beginning of one day to the end of another, or until now.
    fn of(first: NaiveDate, last: NaiveDate, now: DateTime<Utc>) -> Self {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
        let end = last.checked_add_days(Days::new(1)).map_or(i64::MAX, start);
        let now = now.timestamp_micros();
        // What happened at this very microsecond has happened.
        Self { start: start(first), end: end.min(now.saturating_add(1)), until: end.min(now) }
    }

    /// Whether a time is in it.
    const fn has(self, at: i64) -> bool {
        self.start <= at && at < self.end
    }
}

/// The statements for all stretches of a day.
#[cfg(test)]
pub(super) fn stretches_sql(scope: &Scope) -> Vec<projections::db::Sql> {
    use projections::customer_history::Moment;
    let span = Span { start: 0, end: 1_000_000, until: 1_000_000 };
    projections::desk::SpellKind::ALL.map(|kind| read::sql(scope, Moment::OPEN, span, None, kind)).to_vec()
}

/// The figures of these days.
///
/// # Errors
/// When the database does not answer.
pub async fn metrics(
    models: &ReadModels,
    scope: &Scope,
    as_of: Option<AsOf>,
    question: &MetricsQuestion,
) -> Result<DeskMetrics, QueryError> {
    let (db, moment) = (&models.of(projections::desk::NAME)?, moment(as_of));
    let MetricsQuestion { first, last, agent, page, now } = question;
    let span = Span::of(*first, *last, *now);
    let stretches = read::stretches(db, scope, moment, span, page.as_ref()).await?;
    let who = agent.as_ref().map(UserId::as_str);
    let total = Figures::of(&stretches, span, who);
    let begun = first.iter_days().take_while(|day| day <= last).map(|day| (day, Span::of(day, day, *now)));
    let days = begun.take_while(|(_, span)| span.start < span.end);
    let days = days.map(|(day, span)| DayFigures { day, figures: Figures::of(&stretches, span, who) }).collect();
    let ids: BTreeSet<&str> = stretches.iter().flat_map(read::Stretch::agents).collect();
    let ids: Vec<&str> = ids.into_iter().filter(|id| !id.is_empty() && who.is_none_or(|who| who == *id)).collect();
    let names = read::names(db, scope, moment, &ids).await?;
    let agents = ids.into_iter().map(|id| (id, Figures::of(&stretches, span, Some(id))));
    let did_something = agents.filter(|(_, figures)| !figures.is_empty());
    let shown = |(id, figures): (&str, Figures)| AgentFigures {
        id: id.to_owned(),
        name: names.get(id).cloned().unwrap_or_default(),
        figures,
    };
    Ok(DeskMetrics { total, days, agents: did_something.map(shown).collect() })
}
