//! What steps leave in the tables besides the versions themselves: stays in lists, changes of counts, texts to search. Pure.

use std::collections::HashMap;

use events::TenantId;

use super::fold::Step;
use super::moment::Moment;
use super::orders::{Kind, Leave, Order, Place, Stay};
use crate::customer::CustomerRow;

/// How the counts of a tenant change at a moment: customers of a kind come (1), go (-1), or have other balances (0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose customers.
    pub tenant: TenantId,
    /// When.
    pub at: Moment,
    /// More or fewer customers.
    pub customers: i64,
    /// More or fewer points.
    pub points: i64,
    /// Of this kind.
    pub kind: Kind,
}

/// A text under which a customer can be found from some moment on, or not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Whose customer it is.
    pub tenant: TenantId,
    /// The moment.
    pub at: Moment,
    /// The text.
    pub text: String,
}

/// What steps leave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Stays that began.
    pub stays: Vec<Stay>,
    /// Ends of stays that began before the first step.
    pub leaves: Vec<Leave>,
    /// Changes of counts.
    pub changes: Vec<Change>,
    /// Texts that can be searched from a moment on.
    pub begins: Vec<Text>,
    /// Texts that cannot be searched any more from a moment on.
    pub ends: Vec<Text>,
    /// Where in `stays` the open ones are.
    open: HashMap<(i64, Order), usize>,
}

impl Traces {
    /// What steps in the order of the log leave.
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        let mut traces = Self::default();
        for step in steps {
            traces.add(step);
        }
        traces
    }

    fn add(&mut self, step: &Step) {
        let before = step.before.as_ref().and_then(|version| version.live());
        let after = step.after.live();
        let at = step.after.at;
        self.count(at, before, after);
        if step.after.has_new_profile() || after.is_none() {
            let text = |row: &CustomerRow| Text { tenant: row.tenant.clone(), at, text: row.search_text() };
            self.ends.extend(before.map(text));
            self.begins.extend(after.map(text));
        }
        let same_kind = before.zip(after).is_some_and(|(before, after)| Kind::of(before) == Kind::of(after));
        for order in Order::ALL {
            let (left, taken) = (before.map(|row| order.place(row)), after.map(|row| order.place(row)));
            if same_kind && left == taken {
                continue;
            }
            if let (Some(row), Some(place)) = (before, left) {
                self.leave(row, place, at);
            }
            if let (Some(row), Some(place)) = (after, taken) {
                self.stay(row, place, at);
            }
        }
    }

    fn stay(&mut self, row: &CustomerRow, place: Place, from: Moment) {
        self.open.insert((row.no, place.order), self.stays.len());
        let (tenant, kind) = (row.tenant.clone(), Kind::of(row));
        self.stays.push(Stay { tenant, no: row.no, place, kind, from, to: Moment::OPEN });
    }

    fn leave(&mut self, row: &CustomerRow, place: Place, at: Moment) {
        match self.open.remove(&(row.no, place.order)).and_then(|index| self.stays.get_mut(index)) {
            Some(stay) => stay.to = at,
            None => self.leaves.push(Leave { tenant: row.tenant.clone(), no: row.no, place, at }),
        }
    }

    fn count(&mut self, at: Moment, before: Option<&CustomerRow>, after: Option<&CustomerRow>) {
        let change = |row: &CustomerRow, customers, points| Change {
            tenant: row.tenant.clone(),
            at,
            customers,
            points,
            kind: Kind::of(row),
        };
        match (before, after) {
            (Some(before), Some(after)) if Kind::of(before) == Kind::of(after) => {
                let points = after.loyalty_points.saturating_sub(before.loyalty_points);
                self.changes.extend((points != 0).then(|| change(after, 0, points)));
            }
            (before, after) => {
                self.changes.extend(before.map(|row| change(row, -1, -row.loyalty_points)));
                self.changes.extend(after.map(|row| change(row, 1, row.loyalty_points)));
            }
        }
    }
}
