//! What a text led to, from when on: all that a search with another filter asks of very many rows when its word is frequent, in
//! rows as narrow as can be. Pure.

use super::fold::{Step, Version};
use super::moment::Moment;
use super::totals::column_of;

/// The kind of customer that a text leads to when it leads to nobody.
const NOBODY: i64 = -1;

/// From a moment on, a text leads to a live customer of a kind, or to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Find {
    /// The moment that wrote the text. It names the text, and the profile.
    pub text_at: Moment,
    /// Since when.
    pub at: Moment,
    /// The kind: where customers of this activity and tier are counted in totals.
    pub kind: i64,
}

/// What a step changes, in the order of the texts.
pub fn of(step: &Step) -> impl Iterator<Item = Find> {
    let (before, after) = (step.before.as_ref().and_then(told), told(&step.after));
    let at = step.after.at;
    let left = before.filter(|(text_at, _)| after.is_none_or(|(other, _)| other != *text_at));
    let gone = left.map(|(text_at, _)| Find { text_at, at, kind: NOBODY });
    let come = after.filter(|_| before != after).map(|(text_at, kind)| Find { text_at, at, kind });
    gone.into_iter().chain(come)
}

/// The text under which a customer is found, and the kind.
fn told(version: &Version) -> Option<(Moment, i64)> {
    version.live().map(|row| (version.profile_at, column_of(row.is_active, row.tier()) as i64))
}
