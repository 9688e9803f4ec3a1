//! The figures themselves, from stretches. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use projections::desk::SpellKind;

use super::Span;
use super::queue::QueueLength;
use super::read::Stretch;
use super::spread::Spread;

/// What became of requests for a person that ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Those that ended while an agent handled the conversation: it was released as helped, or closed.
    pub helped: u64,
    /// Those that ended while nobody handled it: the stop flag was taken back, or the conversation was closed, with the customer
    /// waiting. An agent may have come and given up before.
    pub abandoned: u64,
}

impl Resolution {
    /// The part that was helped, from 0 to 1; `None` where nothing ended.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let all = self.helped + self.abandoned;
        (all > 0).then(|| self.helped as f64 / all as f64)
    }
}

/// How busy agents were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Utilisation {
    /// How many agents handled at least one conversation at some time.
    pub agents: u64,
    /// How many conversations were handled at some time.
    pub conversations: u64,
    /// For how long agents handled at least one conversation, added up over agents.
    pub busy: TimeDelta,
    /// For how long conversations were handled, added up over conversations.
    pub handled: TimeDelta,
}

impl Utilisation {
    /// How many conversations an agent handled at a time, while they handled any.
    #[must_use]
    pub fn at_a_time(&self) -> Option<f64> {
        let busy = self.busy.num_microseconds().filter(|busy| *busy > 0)?;
        Some(self.handled.num_microseconds()? as f64 / busy as f64)
    }
}

/// What customers said about the help.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Satisfaction {
    /// How many ratings there were. A rating belongs to the agent who handled the conversation last before it.
    pub ratings: u64,
    /// The sum of the scores, each from 1 to 5.
    pub sum: u64,
}

impl Satisfaction {
    /// The mean score; `None` where there was no rating.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.ratings > 0).then(|| self.sum as f64 / self.ratings as f64)
    }
}

/// The figures of a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many requests for a person were made by customers or for them by a detector. `None` where one agent is asked about.
    pub requests: Option<u64>,
    /// How often an agent stepped in whom nobody had asked for. `None` where one agent is asked about.
    pub takeovers: Option<u64>,
    /// From a request to the first agent who came. A takeover is no response.
    pub response: Spread,
    /// From assignment to unassignment, whatever ended it.
    pub handle: Spread,
    /// How many customers waited. `None` where one agent is asked about.
    pub queue: Option<QueueLength>,
    /// How busy agents were.
    pub utilisation: Utilisation,
    /// What became of requests; takeovers are none. It belongs to the agent who handled the conversation last.
    pub resolution: Resolution,
    /// What customers said about the help.
    pub satisfaction: Satisfaction,
}

impl Figures {
    /// The figures of a span, of one agent or of all.
    pub(super) fn of(stretches: &[Stretch], span: Span, who: Option<&str>) -> Self {
        let of_kind = |kind| stretches.iter().filter(move |stretch| stretch.kind == kind);
        let is = |agent: &str| who.is_none_or(|who| who == agent);
        let asked = || of_kind(SpellKind::Request).filter(|request| !request.is_takeover);
        let answered = asked().filter(|request| is(&request.agent) && span.has(request.answered_at));
        let helps = || of_kind(SpellKind::Help).filter(|help| is(&help.agent));
        let ended = helps().filter(|help| span.has(help.ended_at));
        let begun = |is_takeover: bool| {
            let begun = of_kind(SpellKind::Request).filter(|request| span.has(request.started_at));
            begun.filter(|request| request.is_takeover == is_takeover).count() as u64
        };
        Self {
            requests: who.is_none().then(|| begun(false)),
            takeovers: who.is_none().then(|| begun(true)),
            response: Spread::of(answered.map(|request| request.answered_at - request.started_at).collect()),
            handle: Spread::of(ended.map(|help| help.ended_at - help.started_at).collect()),
            queue: who.is_none().then(|| QueueLength::of(of_kind(SpellKind::Wait), span)),
            utilisation: utilisation(helps(), span),
            resolution: resolution(asked().filter(|request| is(&request.closer) && span.has(request.ended_at))),
            satisfaction: satisfaction(
                of_kind(SpellKind::Rating).filter(|rating| is(&rating.agent) && span.has(rating.started_at)),
            ),
        }
    }

    /// Whether nothing happened.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self { requests: self.requests, takeovers: self.takeovers, queue: self.queue, ..Self::default() }
    }
}

fn resolution<'a>(ended: impl Iterator<Item = &'a Stretch>) -> Resolution {
    ended.fold(Resolution::default(), |so_far, request| match request.is_helped {
        true => Resolution { helped: so_far.helped + 1, ..so_far },
        false => Resolution { abandoned: so_far.abandoned + 1, ..so_far },
    })
}

fn satisfaction<'a>(ratings: impl Iterator<Item = &'a Stretch>) -> Satisfaction {
    ratings.fold(Satisfaction::default(), |so_far, rating| Satisfaction {
        ratings: so_far.ratings + 1,
        sum: so_far.sum.saturating_add(rating.score.unsigned_abs()),
    })
}

fn utilisation<'a>(helps: impl Iterator<Item = &'a Stretch>, span: Span) -> Utilisation {
    let mut by_agent: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut conversations = BTreeSet::new();
    let (mut busy, mut handled) = (0_i64, 0_i64);
    for help in helps.filter(|help| help.started_at < span.end && help.ended_at >= span.start) {
        let (from, to) = (help.started_at.max(span.start), help.ended_at.min(span.until));
        conversations.insert(help.no);
        handled = handled.saturating_add(to - from);
        by_agent.entry(&help.agent).or_default().push((from, to));
    }
    let agents = by_agent.len() as u64;
    for mut stretches in by_agent.into_values() {
        stretches.sort_unstable();
        // Each adds what it has beyond those before it.
        let mut reached = i64::MIN;
        for (from, to) in stretches {
            busy = busy.saturating_add((to - from.max(reached)).max(0));
            reached = reached.max(to);
        }
    }
    let micros = TimeDelta::microseconds;
    Utilisation { agents, conversations: conversations.len() as u64, busy: micros(busy), handled: micros(handled) }
}
