//! What channels told of customers and which tags they had, from when on. Pure.

use std::collections::{BTreeMap, BTreeSet};

use events::customer::CustomerEvent;
use events::{Contact, TagId};

use super::moment::Moment;
use crate::customer::Key;
use crate::value::storable;

/// What is known of a customer beside the row of the lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// What a channel told.
    pub contact: Contact,
    /// The tags, in the order in which they were put on. One that was deleted since is among them.
    pub tags: Vec<TagId>,
}

impl Card {
    fn after(mut self, event: &CustomerEvent) -> Self {
        match event {
            CustomerEvent::Arrived(data) => self.contact = data.contact.map(storable),
            CustomerEvent::ContactChanged(data) => self.contact = data.contact.map(storable),
            CustomerEvent::Tagged(data) if self.tags.contains(&data.tag) => {}
            CustomerEvent::Tagged(data) => self.tags.push(data.tag.clone()),
            CustomerEvent::Untagged(data) => self.tags.retain(|tag| *tag != data.tag),
            CustomerEvent::Forgotten(_) => return Self::default(),
            CustomerEvent::Registered(_)
            | CustomerEvent::Imported(_)
            | CustomerEvent::ProfileChanged(_)
            | CustomerEvent::PointsUpdated(_)
            | CustomerEvent::OrderRecorded(_)
            | CustomerEvent::Activated(_)
            | CustomerEvent::Deactivated(_)
            | CustomerEvent::Deleted(_)
            | CustomerEvent::Restored(_) => {}
        }
        self
    }
}

/// Whether an event can change a card. All others cost a card nothing.
pub const fn is_on_cards(event: &CustomerEvent) -> bool {
    match event {
        CustomerEvent::Arrived(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::Forgotten(_) => true,
        CustomerEvent::Registered(_)
        | CustomerEvent::Imported(_)
        | CustomerEvent::ProfileChanged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => false,
    }
}

/// A card from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Whose.
    pub key: Key,
    /// Since when.
    pub at: Moment,
    /// What it says.
    pub card: Card,
}

/// The cards that a batch touches.
#[derive(Debug, Default)]
pub struct Cards(BTreeMap<Key, Line>);

/// The cards of one customer.
#[derive(Debug, Default)]
struct Line {
    /// The last one in the table.
    stored: Option<(Moment, Card)>,
    /// What commits left, whether they changed anything or not.
    new: BTreeMap<Moment, Card>,
}

impl Cards {
    /// The cards as they stand in the table.
    pub fn new(stored: Vec<Dated>) -> Self {
        let line = |Dated { key, at, card }| (key, Line { stored: Some((at, card)), new: BTreeMap::new() });
        Self(stored.into_iter().map(line).collect())
    }

    /// Folds an event in. One that was seen already is not after the card that it changed.
    pub fn apply(&mut self, at: Moment, key: &Key, event: &CustomerEvent) {
        if !is_on_cards(event) {
            return;
        }
        let line = self.0.entry(key.clone()).or_default();
        if line.stored.as_ref().is_some_and(|(since, _)| *since >= at) {
            return;
        }
        let stored = || line.stored.as_ref().map(|(_, card)| card);
        let before = line.new.last_key_value().map(|(_, card)| card).or_else(stored).cloned();
        line.new.insert(at, before.unwrap_or_default().after(event));
    }

    /// The cards that are new; of customers who were forgotten none is.
    pub fn into_new(self, forgotten: &BTreeSet<&Key>) -> Vec<Dated> {
        let mut all = Vec::new();
        for (key, line) in self.0.into_iter().filter(|(key, _)| !forgotten.contains(key)) {
            let mut before = line.stored.map(|(_, card)| card).unwrap_or_default();
            for (at, card) in line.new {
                if card != before {
                    all.push(Dated { key: key.clone(), at, card: card.clone() });
                    before = card;
                }
            }
        }
        // Rows are put behind one another.
        all.sort_unstable_by_key(|dated| dated.at);
        all
    }
}

#[cfg(test)]
mod tests;
