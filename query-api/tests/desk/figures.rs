//! The desk's figures, counted the plain way: the events are followed one after another.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use events::conversation::{ConversationEvent, RequestCause};
use events::{Event, Recorded};
use projections::testing::desk::{agent, page};
use proptest::prelude::*;
use query_api::Scope;
use query_api::desk::metrics::{DeskMetrics, MetricsQuestion, metrics};

use super::Three;

/// What is known of a conversation while the events are followed.
#[derive(Default)]
struct Open {
    request: Option<(DateTime<Utc>, bool, bool)>,
    help: Option<(String, DateTime<Utc>)>,
    left_in: Option<u64>,
}

/// What is counted of a day.
#[derive(Debug, Default, Clone, PartialEq)]
struct Day {
    requests: u64,
    takeovers: u64,
    responses: BTreeMap<i64, u64>,
    handled: BTreeMap<i64, u64>,
    longest: u64,
    at_end: u64,
    helped: u64,
    abandoned: u64,
    scores: u64,
}

/// Asks the figures of all days of the history, of both read models, and compares those of each day with the events.
pub async fn agree(three: &Three<'_>, scope: &Scope, events: &[Recorded]) -> Result<(), TestCaseError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
    let now = last.envelope.recorded_at;
    let days = (first.envelope.recorded_at.date_naive(), now.date_naive());
    for (agent, page) in [(None, None), (agent(1), None), (None, page(1))] {
        let question = MetricsQuestion { first: days.0, last: days.1, agent, page, now };
        let then = metrics(three.live, scope, Some(three.at), &question).await.expect("figures");
        let now = metrics(three.scratch, scope, None, &question).await.expect("figures");
        prop_assert_eq!(&then, &now, "{:?} as of {:?}", question, three.at);
        if question.agent.is_none() && question.page.is_none() {
            of_days(&then, &count(scope, events), days.0)?;
        }
    }
    Ok(())
}

fn of_days(metrics: &DeskMetrics, counted: &BTreeMap<NaiveDate, Day>, first: NaiveDate) -> Result<(), TestCaseError> {
    let mut queue = 0;
    for (day, shown) in first.iter_days().zip(&metrics.days) {
        prop_assert_eq!(day, shown.day);
        let wanted = counted.get(&day).cloned().unwrap_or(Day { longest: queue, at_end: queue, ..Day::default() });
        queue = wanted.at_end;
        let figures = &shown.figures;
        let (response, handle) = (figures.response, figures.handle);
        let lengths = figures.queue.expect("a queue");
        prop_assert_eq!((figures.requests, figures.takeovers), (Some(wanted.requests), Some(wanted.takeovers)));
        prop_assert_eq!((lengths.longest, lengths.at_end), (wanted.longest, wanted.at_end), "the queue of {}", day);
        prop_assert_eq!((response.count, response.max), extremes(&wanted.responses), "the responses of {}", day);
        prop_assert_eq!((handle.count, handle.max), extremes(&wanted.handled), "the help of {}", day);
        prop_assert_eq!((figures.resolution.helped, figures.resolution.abandoned), (wanted.helped, wanted.abandoned));
        prop_assert_eq!(figures.satisfaction.sum, wanted.scores);
    }
    Ok(())
}

fn extremes(durations: &BTreeMap<i64, u64>) -> (u64, TimeDelta) {
    let longest = durations.keys().next_back().copied().unwrap_or_default();
    (durations.values().sum(), TimeDelta::microseconds(longest))
}

fn count(scope: &Scope, events: &[Recorded]) -> BTreeMap<NaiveDate, Day> {
    let (mut days, mut talks) = (BTreeMap::<NaiveDate, Day>::new(), BTreeMap::<String, Open>::new());
    let mut queue = 0;
    for commit in events.chunk_by(|a, b| a.position == b.position) {
        let stream = &commit[0].envelope.stream;
        let at = commit[0].envelope.recorded_at;
        let day = days.entry(at.date_naive()).or_insert(Day { longest: queue, ..Day::default() });
        if stream.tenant == *scope.id() {
            let talk = talks.entry(stream.id().to_owned()).or_default();
            for recorded in commit {
                if let Event::Conversation(event) = &recorded.event {
                    follow(day, talk, (recorded.position.0, at), event);
                }
            }
        }
        queue = talks.values().filter(|talk| talk.request.is_some() && talk.help.is_none()).count() as u64;
        day.longest = day.longest.max(queue);
        day.at_end = queue;
    }
    days
}

fn follow(day: &mut Day, talk: &mut Open, (position, at): (u64, DateTime<Utc>), event: &ConversationEvent) {
    let since = |begun: DateTime<Utc>| (at - begun).num_microseconds().unwrap_or(i64::MAX);
    match event {
        ConversationEvent::AgentRequested(data) => {
            let is_takeover = data.cause == RequestCause::Agent;
            *(if is_takeover { &mut day.takeovers } else { &mut day.requests }) += 1;
            talk.request = Some((at, is_takeover, false));
        }
        ConversationEvent::AgentAssigned(data) => {
            if let Some((begun, is_takeover, is_answered)) = &mut talk.request {
                if !*is_takeover && !*is_answered {
                    *day.responses.entry(since(*begun)).or_default() += 1;
                }
                *is_answered = true;
            }
            talk.help = Some((data.agent.id.to_string(), at));
        }
        ConversationEvent::AgentUnassigned(_) => {
            if let Some((_, begun)) = talk.help.take() {
                *day.handled.entry(since(begun)).or_default() += 1;
            }
            talk.left_in = Some(position);
        }
        ConversationEvent::StopCleared(_) => {
            if let Some((_, false, _)) = talk.request.take() {
                *(if talk.left_in == Some(position) { &mut day.helped } else { &mut day.abandoned }) += 1;
            }
        }
        ConversationEvent::Rated(data) => day.scores += u64::from(data.score),
        ConversationEvent::Forgotten(_) => *talk = Open::default(),
        _ => {}
    }
}
