//! Questions in numbers: what a property test asks of the audit trail, and what it must answer.

use chrono::{DateTime, TimeDelta};
use events::{Position, StreamKind};
use proptest::prelude::*;
use query_api::audit_trail::{Action, AuditFilter, AuditRow, Bounds, Order, activities};

/// A question in numbers, which are taken from what there is.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    actions: Option<u8>,
    kind: Option<u8>,
    row: u16,
    of_object: bool,
    of_actor: bool,
    pub word: Option<u8>,
    /// So many halves of a day before 1970: earlier than anything can have been recorded.
    early: Option<u8>,
    from: Option<(u16, i8)>,
    until: Option<(u16, i8)>,
    up_to: Option<u16>,
    pub oldest_first: bool,
    pub size: u64,
}

pub fn question() -> impl Strategy<Value = Question> {
    let what = (proptest::option::of(1..16_u8), proptest::option::of(0..4_u8), any::<u16>());
    let who = (proptest::bool::weighted(0.3), proptest::bool::weighted(0.3), proptest::option::weighted(0.3, any::<u8>()));
    let bound = || proptest::option::weighted(0.4, (any::<u16>(), -2..3_i8));
    let when = (bound(), bound(), proptest::option::weighted(0.2, any::<u16>()), proptest::option::weighted(0.2, 0..5_u8));
    (what, who, when, any::<bool>(), 1..9_u64).prop_map(|(what, who, when, oldest_first, size)| Question {
        actions: what.0,
        kind: what.1,
        row: what.2,
        of_object: who.0,
        of_actor: who.1,
        word: who.2,
        early: when.3,
        from: when.0,
        until: when.1,
        up_to: when.2,
        oldest_first,
        size,
    })
}

const WORDS: [&str; 11] = ["ann", "LEE", "kith test", "gave points", "öz", "customer", "nobody", "1", "!", "☕ %", " "];

pub fn filter(question: Question, all: &[AuditRow]) -> AuditFilter {
    let row = &all[usize::from(question.row) % all.len()];
    let at =
        |(number, off): (u16, i8)| all[usize::from(number) % all.len()].recorded_at + TimeDelta::microseconds(i64::from(off));
    let picked = |mask: u8| {
        let actions: Vec<Action> =
            (0..).zip(Action::ALL).filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, action)| action).collect();
        activities(&actions)
    };
    let early = |halves: u8| DateTime::UNIX_EPOCH - TimeDelta::hours(i64::from(halves) * 12);
    AuditFilter {
        activities: question.actions.map(picked),
        kind: question.kind.map(|kind| StreamKind::ALL[usize::from(kind) % StreamKind::ALL.len()]),
        object_id: question.of_object.then(|| row.object_id.clone()),
        actor_id: question.of_actor.then(|| row.actor.id.clone()),
        bounds: Bounds {
            from: question.early.map(early).or_else(|| question.from.map(at)),
            until: question.until.map(at),
            up_to: question.up_to.map(|number| Position(all[usize::from(number) % all.len()].position.0)),
        },
        words: question.word.and_then(|word| AuditFilter::words_of(WORDS[usize::from(word) % WORDS.len()])),
        order: if question.oldest_first { Order::OldestFirst } else { Order::NewestFirst },
    }
}

/// What the filter means, said a second time.
pub fn lets_through(filter: &AuditFilter, row: &AuditRow) -> bool {
    let text = format!("{} {} {}", row.object_repr, row.actor.name, row.description).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let bounds = filter.bounds;
    filter.activities.as_ref().is_none_or(|activities| activities.contains(row.activity.name))
        && filter.kind.is_none_or(|kind| row.kind == kind)
        && filter.object_id.as_ref().is_none_or(|id| row.object_id == *id)
        && filter.actor_id.as_ref().is_none_or(|id| row.actor.id == *id)
        && bounds.from.is_none_or(|from| row.recorded_at >= from)
        && bounds.until.is_none_or(|until| row.recorded_at <= until)
        && bounds.up_to.is_none_or(|position| row.position <= position)
        && filter.words.as_ref().is_none_or(|terms| {
            !terms.is_empty() && terms.iter().all(|term| words.iter().any(|word| word.starts_with(term.as_str())))
        })
}
