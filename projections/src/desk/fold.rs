//! What the events of a batch do to conversations: their versions, messages, stretches and counts. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use events::{ConversationEvent, Event, MessageId, Recorded};

use super::conversation::{self, Identity, Version};
use super::facets::{Deltas, Facet};
use super::message::{Message, Settled, Trace};
use super::spell::{Point, Spell};
use super::spells::Spells;
use crate::customer_history::Moment;
use crate::projection::{ApplyError, Batch};

/// Which conversation: tenant and id.
pub type Key = (String, String);

/// A conversation as it stands in the tables.
#[derive(Debug)]
pub struct Stored {
    /// What never changes.
    pub identity: Identity,
    /// The version that has not ended.
    pub version: Version,
    /// The stretches that last.
    pub spells: Vec<Spell>,
}

/// The conversations that a batch touches.
#[derive(Debug, Default)]
pub struct Threads(BTreeMap<Key, Thread>);

#[derive(Debug, Default)]
struct Thread {
    /// Where it is known: it started, and was not forgotten.
    live: Option<Live>,
    /// The number of the rows that go.
    erased: Option<i64>,
    /// Since when it is forgotten, and whether the table says so already.
    forgotten: Option<(Moment, bool)>,
    /// How the table counts it.
    counted: Option<Facet>,
}

#[derive(Debug)]
struct Live {
    identity: Identity,
    /// The version that stands in the table.
    stored: Option<Version>,
    /// Those after it.
    new: Vec<Version>,
    messages: Vec<Message>,
    settled: Vec<(MessageId, Settled)>,
    spells: Spells,
}

/// What a batch does to the tables.
#[derive(Debug, Default)]
pub struct Changes {
    /// The numbers of conversations all of whose rows go.
    pub erased: Vec<i64>,
    /// Those that are forgotten from now on, and since when.
    pub forgotten: Vec<(Key, Moment)>,
    /// New conversations.
    pub started: Vec<Identity>,
    /// Versions that end: conversation, beginning and end.
    pub ended: Vec<(i64, Moment, Moment)>,
    /// New versions.
    pub versions: Vec<(Identity, Version)>,
    /// New messages.
    pub messages: Vec<(i64, Message)>,
    /// Answers in the table that do not wait any more.
    pub settled: Vec<(i64, MessageId, Settled)>,
    /// Stretches that are new or changed.
    pub spells: Vec<(Identity, Spell)>,
    /// How the counts change.
    pub counts: Deltas,
}

/// The conversations of a batch.
pub fn conversations(batch: &Batch<'_>) -> BTreeSet<Key> {
    let of = |recorded: &&Recorded| matches!(recorded.event, Event::Conversation(_)).then(|| key(recorded));
    batch.events.iter().filter_map(of).collect()
}

fn key(recorded: &Recorded) -> Key {
    let stream = &recorded.envelope.stream;
    (stream.tenant.to_string(), stream.id().to_owned())
}

impl Threads {
    /// The conversations as they stand in the tables, and those that are forgotten there.
    #[must_use]
    pub fn new(stored: Vec<Stored>, forgotten: HashMap<Key, Moment>) -> Self {
        let mut threads = Self::default();
        for Stored { identity, version, spells } in stored {
            let key = (identity.tenant.to_string(), identity.id.to_string());
            let counted = Some(Facet::of(&identity, &version));
            let live = Live { stored: Some(version), spells: Spells::new(spells), ..Live::new(identity) };
            threads.0.insert(key, Thread { live: Some(live), counted, ..Thread::default() });
        }
        for (key, at) in forgotten {
            threads.0.entry(key).or_default().forgotten = Some((at, true));
        }
        threads
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(&mut self, at: Moment, recorded: &Recorded, event: &ConversationEvent) -> Result<(), ApplyError> {
        self.0.entry(key(recorded)).or_default().apply(at, recorded, event)
    }

    /// What the batch did.
    #[must_use]
    pub fn into_changes(self) -> Changes {
        let mut changes = Changes::default();
        for (key, thread) in self.0 {
            changes.erased.extend(thread.erased);
            if let Some((at, false)) = thread.forgotten {
                changes.forgotten.push((key, at));
            }
            let counted = thread.live.as_ref().and_then(Live::facet);
            changes.counts.change(thread.counted, counted);
            if let Some(live) = thread.live {
                live.add_to(&mut changes);
            }
        }
        changes
    }
}

impl Thread {
    fn apply(&mut self, at: Moment, recorded: &Recorded, event: &ConversationEvent) -> Result<(), ApplyError> {
        if self.forgotten.is_some() {
            return Ok(());
        }
        if let ConversationEvent::Forgotten(_) = event {
            let live = self.live.take();
            self.erased = live.filter(|live| live.stored.is_some()).map(|live| live.identity.no);
            self.forgotten = Some((at, false));
            return Ok(());
        }
        if let Some(live) = &mut self.live {
            return live.apply(at, recorded, event);
        }
        // Where the beginning of a stream was erased, there is nothing to say until the tombstone comes.
        if let ConversationEvent::Started(data) = event {
            let (identity, version) = conversation::start(at, recorded, data)?;
            self.live = Some(Live { new: vec![version], ..Live::new(identity) });
        }
        Ok(())
    }
}

impl Live {
    fn new(identity: Identity) -> Self {
        let (messages, settled) = (Vec::new(), Vec::new());
        Self { identity, stored: None, new: Vec::new(), messages, settled, spells: Spells::default() }
    }

    fn last(&self) -> Option<&Version> {
        self.new.last().or(self.stored.as_ref())
    }

    fn facet(&self) -> Option<Facet> {
        self.last().map(|version| Facet::of(&self.identity, version))
    }

    fn apply(&mut self, at: Moment, recorded: &Recorded, event: &ConversationEvent) -> Result<(), ApplyError> {
        let Some(before) = self.last().filter(|before| recorded.version > before.version) else { return Ok(()) };
        let after = conversation::evolve(before, at, recorded, event)?;
        match Trace::of(recorded, event, &after) {
            Some(Trace::Written(message)) => self.messages.push(message),
            Some(Trace::Settled(id, settled)) => self.settle(id, settled),
            None => {}
        }
        let now = Point { moment: at, at: recorded.envelope.recorded_at };
        self.spells.apply(now, event, after.helper.as_ref());
        // One version for each commit: what was true only within one never was.
        self.new.pop_if(|version| version.from == at);
        self.new.push(after);
        Ok(())
    }

    fn settle(&mut self, id: MessageId, settled: Settled) {
        match self.messages.iter_mut().find(|message| message.id == id) {
            Some(message) => message.settled = Some(settled),
            None => self.settled.push((id, settled)),
        }
    }

    fn add_to(self, changes: &mut Changes) {
        let Self { identity, stored, new, messages, settled, spells } = self;
        let no = identity.no;
        match (&stored, new.first()) {
            (Some(stored), Some(next)) => changes.ended.push((no, stored.from, next.from)),
            (None, Some(_)) => changes.started.push(identity.clone()),
            (Some(_) | None, None) => {}
        }
        let ends: Vec<Moment> = new.iter().skip(1).map(|version| version.from).chain([Moment::OPEN]).collect();
        let ended = |(version, to)| (identity.clone(), Version { to, ..version });
        changes.versions.extend(new.into_iter().zip(ends).map(ended));
        changes.messages.extend(messages.into_iter().map(|message| (no, message)));
        changes.settled.extend(settled.into_iter().map(|(id, settled)| (no, id, settled)));
        changes.spells.extend(spells.into_touched().into_iter().map(|spell| (identity.clone(), spell)));
    }
}

#[cfg(test)]
mod tests;
