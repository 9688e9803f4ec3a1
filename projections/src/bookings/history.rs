//! The steps that the events of a batch take a relation: from what it was to what it is, commit by commit. Pure.

use super::relation::RelationRow;
use crate::customer_history::Moment;

/// What one commit did to a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// As it was; `None` before there was one.
    pub before: Option<RelationRow>,
    /// As it became.
    pub after: RelationRow,
}

/// A relation that a batch touches.
#[derive(Debug, Default)]
pub struct History {
    /// As it stands in the tables.
    pub stored: Option<RelationRow>,
    /// What the batch does to it, in the order of the log.
    pub steps: Vec<Step>,
}

impl History {
    /// As it is now.
    pub fn last(&self) -> Option<&RelationRow> {
        self.steps.last().map(|step| &step.after).or(self.stored.as_ref())
    }

    /// One step for each commit: what was true only within one never was.
    pub fn step(&mut self, at: Moment, row: RelationRow) {
        let same_commit = self.steps.pop_if(|step| step.after.at == at);
        let before = same_commit.map_or_else(|| self.last().cloned(), |step| step.before);
        self.steps.push(Step { before, after: RelationRow { at, ..row } });
    }
}

/// The steps that versions in the order of the log were left by.
pub fn steps_of(versions: Vec<RelationRow>) -> Vec<Step> {
    let before = std::iter::once(None).chain(versions.iter().cloned().map(Some));
    before.zip(versions.iter().cloned()).map(|(before, after)| Step { before, after }).collect()
}
