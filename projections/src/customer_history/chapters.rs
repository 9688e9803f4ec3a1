//! The chapters of a list. Pure.
//!
//! Whoever asks for a page of the past walks past the stays that had ended by then or had not begun. So that there are never many
//! of them, a list is begun anew from time to time: a new chapter has a copy of every stay that is open when it begins, and all
//! that come after. A page as of some moment is found in the last chapter that had begun by then, and costs about what a page
//! now does, however long the history is.

use std::collections::BTreeMap;

use events::TenantId;

use super::moment::Moment;
use super::orders::{Order, Stay};
use super::traces::Traces;

/// How many stays a chapter may have beyond those that are open and an eighth as many again: a short one is quickly walked, and
/// beginning anew costs something.
pub const SLACK: i64 = 4_096;

/// The last chapter of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chapter {
    /// When it begins. No two chapters begin at one moment, but for those of the other lists of the tenant.
    pub begins: Moment,
    /// How many stays are in it.
    pub stays: i64,
    /// How many of them have not ended.
    pub open: i64,
}

impl Chapter {
    /// One with nothing in it.
    #[must_use]
    pub const fn empty(begins: Moment) -> Self {
        Self { begins, stays: 0, open: 0 }
    }

    /// The same one with more in it.
    #[must_use]
    pub const fn with(self, stays: i64, open: i64) -> Self {
        Self { begins: self.begins, stays: self.stays + stays, open: self.open + open }
    }

    /// The chapter that follows.
    #[must_use]
    pub const fn next(self, begins: Moment) -> Self {
        Self { begins, stays: self.open, open: self.open }
    }

    /// Whether another one should follow.
    #[must_use]
    pub const fn is_full(self, slack: i64) -> bool {
        self.stays > self.open + self.open / 8 + slack
    }
}

/// What a batch does to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The first moment at which it does something.
    pub first: Moment,
    /// How many stays begin.
    pub stays: i64,
    /// How many more are open afterwards.
    pub open: i64,
}

/// What traces do to lists.
pub fn changes(traces: &Traces) -> BTreeMap<(&TenantId, Order), Change> {
    let begun = traces.stays.iter().map(|stay| ((&stay.tenant, stay.place.order), stay.from, 1, i64::from(stay.is_open())));
    let ended = traces.leaves.iter().map(|leave| ((&leave.tenant, leave.place.order), leave.at, 0, -1));
    let mut changes = BTreeMap::new();
    for (list, at, stays, open) in begun.chain(ended) {
        let change = changes.entry(list).or_insert(Change { first: at, stays: 0, open: 0 });
        change.first = change.first.min(at);
        change.stays += stays;
        change.open += open;
    }
    changes
}

/// Those of a list's chapters, which are given by their beginnings in order, that have a stay: from the one in which it began to
/// the one in which it ended.
#[must_use]
pub fn with_stay(chapters: &[Moment], from: Moment, to: Moment) -> std::ops::Range<usize> {
    let begun_by = |moment: Moment| chapters.partition_point(|begins| *begins <= moment);
    begun_by(from).saturating_sub(1)..begun_by(to)
}

/// The chapters of a tenant's lists, by their beginnings in order.
pub type Beginnings = BTreeMap<Order, Vec<Moment>>;

/// The chapters that have a stay.
pub fn of_stay<'a>(beginnings: &'a Beginnings, stay: &Stay) -> &'a [Moment] {
    let chapters = beginnings.get(&stay.place.order).map(Vec::as_slice).unwrap_or_default();
    chapters.get(with_stay(chapters, stay.from, stay.to)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_full_when_more_than_a_ninth_of_it_has_ended() {
        let chapter = |stays, open| Chapter { begins: Moment(1), stays, open };
        assert!(!chapter(45, 40).is_full(0) && chapter(46, 40).is_full(0));
        assert!(!chapter(SLACK, 0).is_full(SLACK) && chapter(SLACK + 1, 0).is_full(SLACK));
        assert_eq!(chapter(46, 40).next(Moment(7)), Chapter { begins: Moment(7), stays: 40, open: 40 });
    }

    #[test]
    fn a_stay_is_in_every_chapter_from_its_beginning_to_its_end() {
        let chapters = [Moment(5), Moment(10), Moment(20)];
        let of = |from, to| with_stay(&chapters, Moment(from), Moment(to));
        assert_eq!(of(5, 9), 0..1, "in one");
        assert_eq!(of(5, 10), 0..2, "it ended in the second");
        assert_eq!(of(10, 12), 1..2, "it began when the second did");
        assert_eq!(of(7, i64::MAX), 0..3, "it has not ended");
        assert_eq!(with_stay(&[], Moment(1), Moment(2)), 0..0, "there is no list");
    }
}
