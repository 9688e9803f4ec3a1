//! Given these stretches, then these figures.

use projections::customer_history::Moment;
use projections::desk::{OPEN_TIME, SpellKind};

use super::queue::QueueLength;
use super::read::Stretch;
use super::*;

/// A second in microseconds.
const SECOND: i64 = 1_000_000;
/// Ten hours from the beginning of time.
const SPAN: Span = Span { start: 0, end: 36_000 * SECOND, until: 36_000 * SECOND };

fn stretch(kind: SpellKind, from: i64, to: Option<i64>, agent: &str) -> Stretch {
    Stretch {
        kind,
        no: from,
        started: Moment(from),
        ended: Moment(to.unwrap_or(i64::MAX)),
        started_at: from * SECOND,
        ended_at: to.map_or(OPEN_TIME, |to| to * SECOND),
        answered_at: OPEN_TIME,
        agent: agent.to_owned(),
        closer: agent.to_owned(),
        is_takeover: false,
        is_helped: false,
        score: 0,
    }
}

fn request(from: i64, answered: Option<i64>, to: Option<i64>, agent: &str, is_helped: bool) -> Stretch {
    let answered_at = answered.map_or(OPEN_TIME, |at| at * SECOND);
    Stretch { answered_at, is_helped, ..stretch(SpellKind::Request, from, to, agent) }
}

#[test]
fn a_spread_tells_the_middle_and_the_ends() {
    let of = |seconds: &[i64]| Spread::of(seconds.iter().map(|one| one * SECOND).collect());
    let seconds = |of: i64| chrono::TimeDelta::seconds(of);
    let ten = of(&[10, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!((ten.count, ten.median, ten.p90, ten.max), (10, seconds(5), seconds(9), seconds(10)));
    assert_eq!(ten.mean, chrono::TimeDelta::milliseconds(5_500));
    assert_eq!(of(&[3]), Spread { count: 1, mean: seconds(3), median: seconds(3), p90: seconds(3), max: seconds(3) });
    assert_eq!(of(&[]), Spread::default());
}

#[test]
fn a_takeover_is_no_response_and_no_resolution() {
    let asked = request(10, Some(40), Some(100), "ann", true);
    let takeover = Stretch { is_takeover: true, ..request(20, Some(20), Some(30), "ann", true) };
    let figures = Figures::of(&[asked, takeover], SPAN, None);
    assert_eq!((figures.requests, figures.takeovers), (Some(1), Some(1)));
    assert_eq!((figures.response.count, figures.response.max), (1, chrono::TimeDelta::seconds(30)));
    assert_eq!((figures.resolution.helped, figures.resolution.rate()), (1, Some(1.0)));
}

#[test]
fn what_lasts_is_neither_helped_nor_abandoned() {
    let requests = [request(10, None, None, "", false), request(20, None, Some(30), "", false)];
    let figures = Figures::of(&requests, SPAN, None);
    assert_eq!((figures.requests, figures.response.count), (Some(2), 0));
    assert_eq!((figures.resolution.helped, figures.resolution.abandoned), (0, 1));
}

#[test]
fn a_figure_is_of_the_day_on_which_it_was_settled() {
    let late = Span { start: 1_000 * SECOND, ..SPAN };
    let before = Span { end: 1_000 * SECOND, until: 1_000 * SECOND, ..SPAN };
    let over = [request(900, Some(1_000), Some(2_000), "ann", true), stretch(SpellKind::Help, 1_000, Some(2_000), "ann")];
    let (first, second) = (Figures::of(&over, before, None), Figures::of(&over, late, None));
    assert_eq!((first.requests, first.response.count, first.handle.count), (Some(1), 0, 0));
    assert_eq!((second.requests, second.response.count, second.handle.count), (Some(0), 1, 1));
}

#[test]
fn agents_are_busy_as_long_as_they_handle_anything() {
    let help = |from, to, agent| stretch(SpellKind::Help, from, to, agent);
    let helps = [help(0, Some(100), "ann"), help(50, Some(150), "ann"), help(200, None, "ann"), help(60, Some(80), "bob")];
    let span = Span { start: 0, end: 300 * SECOND + 1, until: 300 * SECOND };
    let all = Figures::of(&helps, span, None).utilisation;
    assert_eq!((all.agents, all.conversations), (2, 4));
    assert_eq!((all.busy.num_seconds(), all.handled.num_seconds()), (150 + 100 + 20, 100 + 100 + 100 + 20));
    let ann = Figures::of(&helps, span, Some("ann"));
    assert_eq!((ann.utilisation.busy.num_seconds(), ann.utilisation.at_a_time()), (250, Some(1.2)));
    assert_eq!((ann.handle.count, ann.queue, ann.requests), (2, None, None));
}

#[test]
fn the_longest_queue_is_one_that_was_there() {
    let wait = |from, to| stretch(SpellKind::Wait, from, to, "");
    // One ends at the same time as another begins, and before it in the log.
    let mut waits = [wait(10, Some(50)), wait(20, Some(60)), wait(51, None), wait(-5, Some(15))];
    waits[2].started_at = 50 * SECOND;
    let queue = QueueLength::of(waits.iter(), SPAN);
    assert_eq!((queue.at_end, queue.longest), (1, 2));
    let later = Span { start: 100 * SECOND, ..SPAN };
    assert_eq!(QueueLength::of(waits.iter(), later), QueueLength { at_end: 1, longest: 1 });
}

#[test]
fn ratings_belong_to_who_helped_last() {
    let rating = |score, agent| Stretch { score, ..stretch(SpellKind::Rating, 10, Some(10), agent) };
    let ratings = [rating(5, "ann"), rating(2, "bob"), rating(4, "ann")];
    assert_eq!(Figures::of(&ratings, SPAN, None).satisfaction.mean(), Some(11.0 / 3.0));
    assert_eq!(Figures::of(&ratings, SPAN, Some("ann")).satisfaction, Satisfaction { ratings: 2, sum: 9 });
}
