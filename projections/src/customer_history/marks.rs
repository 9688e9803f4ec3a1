//! Counts of customers of every city and province at the ends of blocks of the log, kept so that a count at any moment is a few
//! of them and the changes of one block. Pure.
//!
//! A facet has a mark for every block in which it changed, with its count at the end of the block. Blocks are stretches of
//! positions: which marks there are depends on the changes alone, so that a rebuild gives them again also when a customer's
//! changes were erased in the meantime.

use std::collections::BTreeMap;

use super::traces::Change;
use crate::customer_list::facets::{Facet, Level};

/// The count of a facet at the end of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// How many changes there were in the block.
    pub changes: i64,
    /// Customers.
    pub customers: i64,
}

/// Marks by facet and block.
pub type Marks = BTreeMap<(Facet, i64), Mark>;

/// The facets that a change is about: none where only a balance is another.
pub fn facets(change: &Change) -> impl Iterator<Item = Facet> {
    let levels: &[Level] = if change.customers == 0 { &[] } else { &[Level::City, Level::Province, Level::Both] };
    levels.iter().map(|level| facet(change, *level))
}

/// The marks that changes in the order of the log lead to, from the last marks before them.
pub fn fold(mut last: BTreeMap<Facet, (i64, Mark)>, changes: &[Change]) -> Marks {
    let mut marks = Marks::new();
    for change in changes {
        let block = change.at.block();
        for facet in facets(change) {
            let (in_block, mark) = last.entry(facet.clone()).or_insert((block, Mark::default()));
            if *in_block != block {
                (*in_block, mark.changes) = (block, 0);
            }
            mark.add(change);
            marks.insert((facet, block), *mark);
        }
    }
    marks
}

/// What changes add up to by facet and block, each block by itself.
pub fn sums(changes: &[Change]) -> Marks {
    let mut sums = Marks::new();
    for change in changes {
        for facet in facets(change) {
            sums.entry((facet, change.at.block())).or_default().add(change);
        }
    }
    sums
}

impl Mark {
    fn add(&mut self, change: &Change) {
        self.changes += 1;
        self.customers += change.customers;
    }
}

fn facet(change: &Change, level: Level) -> Facet {
    let (city, province) = match level {
        Level::All => (false, false),
        Level::City => (true, false),
        Level::Province => (false, true),
        Level::Both => (true, true),
    };
    let part = |counts: bool, text: &String| if counts { text.clone() } else { String::new() };
    Facet {
        tenant: change.tenant.clone(),
        level,
        city: part(city, &change.kind.city),
        province: part(province, &change.kind.province),
        is_active: change.kind.is_active,
        tier: change.kind.tier,
    }
}
