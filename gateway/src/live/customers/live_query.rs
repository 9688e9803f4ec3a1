//! A list that is followed: what a change of a row means to it. Pure.
//!
//! The first page is kept beside the client's, so that every frame can say where a customer stands on it. Where single changes
//! cannot keep it (somebody left the page and others come up from behind, something was erased, a tag is called otherwise), the
//! list is looked at again. A look sees the list at a position: changes up to there are told all the same, but the page and the
//! count have them already.

use std::sync::Arc;

use events::{CustomerId, Position};
use query_api::contacts::{Change, ContactChange, ContactFilter, ContactRow, TagNames};

use super::look::Look;
use crate::live::list_door::frames::Happened;

/// A list that is followed.
#[derive(Debug)]
pub struct LiveQuery {
    filter: ContactFilter,
    /// How many customers the page has at most.
    size: usize,
    page: Vec<Arc<ContactRow>>,
    count: u64,
    /// Page and count have everything up to here.
    seen: Position,
    /// Everything up to here was told.
    told: Position,
}

/// What is to be done about a change.
#[derive(Debug, PartialEq)]
pub enum Step<'a> {
    /// Nothing: it does not concern the list, or was told before.
    Pass,
    /// Tell it.
    Tell(Told<'a>),
    /// Look at the list again, and ask once more.
    Look,
}

/// A change of the list.
#[derive(Debug, PartialEq)]
pub struct Told<'a> {
    /// What happened.
    pub happened: Happened,
    /// To whom.
    pub customer: &'a CustomerId,
    /// The row from now on; `None` where something of the customer was erased and nothing is left to be shown.
    pub row: Option<&'a ContactRow>,
    /// What the tags are called.
    pub names: &'a TagNames,
    /// Where the customer stands on the page from now on.
    pub index: Option<usize>,
    /// How many customers the list has.
    pub count: u64,
    /// The position of the change.
    pub position: Position,
}

impl LiveQuery {
    /// A list as it was looked at just now. Of what happened before, everything is known up to `told`.
    pub fn new(filter: ContactFilter, size: u64, look: &Look, told: Position) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        Self { filter, size, page: look.rows.clone(), count: look.count, seen: look.position, told }
    }

    /// Everything up to here was told.
    pub const fn told(&self) -> Position {
        self.told
    }

    /// Nothing else happened up to here.
    pub fn told_up_to(&mut self, position: Position) {
        self.told = self.told.max(position);
    }

    /// Takes in how the list is now.
    pub fn look(&mut self, look: &Look) {
        self.page.clone_from(&look.rows);
        (self.count, self.seen) = (look.count, look.position);
    }

    /// Whether the page lacks customers that the list has.
    pub fn is_short(&self) -> bool {
        let len = self.page.len();
        len < self.size && (len as u64) < self.count
    }

    /// What is to be done about a change.
    pub fn take<'a>(&mut self, change: &'a ContactChange, names: &'a TagNames) -> Step<'a> {
        if change.position <= self.told {
            return Step::Pass;
        }
        let shown = change.position <= self.seen;
        let step = match &change.what {
            Change::Row { before, after } => self.take_row((before.as_deref(), after), change.position, names),
            Change::Erased { .. } | Change::Tag(_) if !shown => return Step::Look,
            Change::Erased { customer, after } => {
                let row = after.as_deref().filter(|row| self.filter.matches(row, names));
                let happened = if row.is_some() { Happened::Updated } else { Happened::Left };
                Step::Tell(Told { happened, customer, row, names, index: None, count: self.count, position: change.position })
            }
            Change::Tag(_) => Step::Pass,
        };
        self.told = change.position;
        step
    }

    fn take_row<'a>(
        &mut self,
        (before, after): (Option<&ContactRow>, &'a Arc<ContactRow>),
        position: Position,
        names: &'a TagNames,
    ) -> Step<'a> {
        let before = before.filter(|row| self.filter.matches(row, names));
        let listed = self.filter.matches(after, names);
        let happened = match (before, listed) {
            (None, false) => return Step::Pass,
            (None, true) => Happened::Entered,
            (Some(_), false) => Happened::Left,
            (Some(before), true) if self.filter.cmp(before, after).is_eq() => Happened::Updated,
            (Some(_), true) => Happened::Moved,
        };
        let index = if position > self.seen { self.keep(before.is_some(), after, listed) } else { None };
        Step::Tell(Told { happened, customer: &after.id, row: Some(after), names, index, count: self.count, position })
    }

    /// Keeps page and count. Answers where the customer stands on the page.
    ///
    /// The page is always a beginning of the list: whoever is not on it stands behind its last customer.
    fn keep(&mut self, was_listed: bool, after: &Arc<ContactRow>, listed: bool) -> Option<usize> {
        let last = self.page.last().cloned();
        if was_listed {
            self.count = self.count.saturating_sub(1);
            self.page.retain(|row| row.id != after.id);
        }
        if !listed {
            return None;
        }
        let whole = self.page.len() as u64 == self.count;
        self.count += 1;
        let index = self.page.partition_point(|row| self.filter.cmp(row, after).is_lt());
        let is_next = whole || last.is_some_and(|last| self.filter.cmp(after, &last).is_le());
        if index >= self.size || (index == self.page.len() && !is_next) {
            return None;
        }
        self.page.insert(index, Arc::clone(after));
        self.page.truncate(self.size);
        Some(index)
    }
}

#[cfg(test)]
pub(super) mod tests;
