//! The steps that the events of a batch take customers: from what a customer was to what it is, commit by commit. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use events::Recorded;
use events::customer::CustomerEvent;
use events::subject::Partition;

use super::moment::Moment;
use crate::customer::{self, CustomerRow, Key, RowState};
use crate::projection::ApplyError;

/// A customer as a commit left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The moment of the commit.
    pub at: Moment,
    /// The row.
    pub row: CustomerRow,
    /// The moment that wrote the profile: this one, or an earlier one that it has stayed the same since.
    pub profile_at: Moment,
}

impl Version {
    /// Whether the profile was written by this commit.
    #[must_use]
    pub fn has_new_profile(&self) -> bool {
        self.profile_at == self.at
    }

    /// The row, if the customer was in lists.
    #[must_use]
    pub fn live(&self) -> Option<&CustomerRow> {
        Some(&self.row).filter(|row| row.is_live())
    }

    /// What follows a version. A profile is written anew when it changed, and when the customer comes back: so the stretches in
    /// which a profile can be found by search are those that the versions with it are live.
    #[must_use]
    pub fn after(before: Option<&Self>, at: Moment, row: CustomerRow) -> Self {
        let kept = before.filter(|before| before.row.profile == row.profile && (before.row.is_live() || !row.is_live()));
        let profile_at = kept.map_or(at, |before| before.profile_at);
        Self { at, row, profile_at }
    }
}

/// What one commit did to a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// As it was; `None` before there was one.
    pub before: Option<Version>,
    /// As it became.
    pub after: Version,
}

/// The customers that a batch touches.
#[derive(Debug, Default)]
pub struct Histories(BTreeMap<Key, History>);

#[derive(Debug, Default)]
struct History {
    /// As it stands in the tables.
    stored: Option<Version>,
    steps: Vec<Step>,
    forgotten: Option<Moment>,
}

/// A customer of whom no trace may stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Forgotten {
    /// The customer.
    pub key: Key,
    /// Since when.
    pub at: Moment,
    /// The number of the rows that are in the tables.
    pub no: Option<i64>,
}

impl Histories {
    /// The customers as they stand in the tables, and those who are forgotten there.
    pub fn new(versions: Vec<Version>, forgotten: HashMap<Key, Moment>) -> Self {
        let mut histories = Self::default();
        for version in versions {
            let key = (version.row.tenant.clone(), version.row.id.clone());
            histories.0.entry(key).or_default().stored = Some(version);
        }
        for (key, at) in forgotten {
            histories.0.entry(key).or_default().forgotten = Some(at);
        }
        histories
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(
        &mut self,
        partition: Partition,
        key: &Key,
        recorded: &Recorded,
        event: &CustomerEvent,
    ) -> Result<(), ApplyError> {
        if !self.0.contains_key(key) {
            self.0.insert(key.clone(), History::default());
        }
        let Some(history) = self.0.get_mut(key).filter(|history| history.forgotten.is_none()) else { return Ok(()) };
        let at = Moment::of(partition, recorded.position);
        let known = history.last().map(|version| version.row.version);
        let before = history.last().map(|version| version.row.clone());
        let Some(row) = customer::fold(partition, before, recorded, event)? else { return Ok(()) };
        if row.state == RowState::Forgotten {
            history.steps.clear();
            history.forgotten = Some(at);
        } else if known != Some(row.version) {
            history.step(at, row);
        }
        Ok(())
    }

    /// Who is forgotten, of those whom the batch touches.
    pub fn forgotten(&self) -> BTreeSet<&Key> {
        self.0.iter().filter(|(_, history)| history.forgotten.is_some()).map(|(key, _)| key).collect()
    }

    /// What the batch did, in the order of the log, and who was forgotten in it. A forgotten customer takes no step.
    pub fn into_steps(self) -> (Vec<Step>, Vec<Forgotten>) {
        let (mut steps, mut gone) = (Vec::new(), Vec::new());
        for (key, history) in self.0 {
            if let Some(at) = history.forgotten {
                gone.push(Forgotten { key, at, no: history.stored.map(|version| version.row.no) });
            }
            steps.extend(history.steps);
        }
        steps.sort_unstable_by_key(|step| step.after.at);
        (steps, gone)
    }
}

impl History {
    fn last(&self) -> Option<&Version> {
        self.steps.last().map(|step| &step.after).or(self.stored.as_ref())
    }

    /// One step for each commit: what was true only within one never was.
    fn step(&mut self, at: Moment, row: CustomerRow) {
        let same_commit = self.steps.pop_if(|step| step.after.at == at);
        let before = same_commit.map_or_else(|| self.last().cloned(), |step| step.before);
        let after = Version::after(before.as_ref(), at, row);
        self.steps.push(Step { before, after });
    }
}
