//! What the commits of a batch do to the rows, the tags and the list of changes. Pure.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use events::customer::CustomerEvent;
use events::subject::Partition;
use events::{ConversationEvent, ConversationId, CustomerId, Event, Recorded, TagEvent, TagId, TenantId};

use super::change::{Change, ContactChange, ToKeep};
use super::row::ContactRow;
use super::{fold, talk};
use crate::customer::Key;
use crate::projection::ApplyError;
use crate::value::storable;

/// Which conversation.
pub type ConversationKey = (TenantId, ConversationId);

/// What a batch touches.
#[derive(Debug, Default)]
pub struct Rows {
    rows: HashMap<Key, Touched>,
    /// Whose conversations are.
    owners: HashMap<ConversationKey, CustomerId>,
    outcome: Outcome,
}

/// A row before the batch and now.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Touched {
    /// As it stood in the table.
    pub before: Option<ContactRow>,
    /// As it is to stand there; `None`: not at all.
    pub now: Option<ContactRow>,
}

/// What a batch leaves besides rows.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Conversations that started.
    pub started: BTreeMap<ConversationKey, CustomerId>,
    /// Conversations that were forgotten.
    pub ended: Vec<ConversationKey>,
    /// Names of tags; `None`: the tag is gone.
    pub tags: BTreeMap<(TenantId, TagId), Option<String>>,
    /// Customers of whom no earlier change may be kept.
    pub scrubbed: Vec<Key>,
    /// What is told, in the order of the log.
    pub changes: Vec<ToKeep>,
}

impl Rows {
    /// The rows as they stand in the table, and whose the conversations are.
    pub fn new(rows: Vec<(TenantId, ContactRow)>, owners: HashMap<ConversationKey, CustomerId>) -> Self {
        let entry = |(tenant, row): (TenantId, ContactRow)| {
            let key = (tenant, row.id.clone());
            (key, Touched { before: Some(row.clone()), now: Some(row) })
        };
        Self { rows: rows.into_iter().map(entry).collect(), owners, outcome: Outcome::default() }
    }

    /// Folds the events of one commit in.
    ///
    /// # Errors
    /// When an event does not fit.
    pub fn apply(&mut self, partition: Partition, commit: &[&Recorded]) -> Result<(), ApplyError> {
        for recorded in commit {
            if let Event::Tag(event) = &recorded.event {
                self.name(recorded, event)?;
            }
        }
        let Some((key, first)) = commit.first().and_then(|first| Some((self.owner(first)?, *first))) else { return Ok(()) };
        let before = self.rows.get(&key).and_then(|touched| touched.now.clone());
        let mut row = before.clone();
        let mut erases = false;
        for recorded in commit {
            if let Event::Customer(event) = &recorded.event {
                erases |= matches!(event, CustomerEvent::Forgotten(_));
                row = fold::customer(partition, row, (&key.1, recorded), event)?;
            }
            if let Event::Conversation(event) = &recorded.event {
                erases |= matches!(event, ConversationEvent::Forgotten(_));
                row = row.map(|row| self.talk(&key.0, row, recorded, event)).transpose()?;
            }
        }
        self.tell(&key, first, (before, row.clone()), erases);
        self.rows.entry(key).or_default().now = row;
        Ok(())
    }

    /// The rows that changed, in the order of their numbers so that the same batch gives the same statements, and all else.
    pub fn into_parts(self) -> (Vec<(TenantId, Touched)>, Outcome) {
        let changed = self.rows.into_iter().filter(|(_, touched)| touched.before != touched.now);
        let mut changed: Vec<_> = changed.map(|((tenant, _), touched)| (tenant, touched)).collect();
        changed.sort_unstable_by_key(|(_, touched)| touched.now.as_ref().or(touched.before.as_ref()).map(|row| row.no));
        (changed, self.outcome)
    }

    /// The customer whose row a commit is about.
    fn owner(&self, recorded: &Recorded) -> Option<Key> {
        let stream = &recorded.envelope.stream;
        let tenant = stream.tenant.clone();
        if let Event::Customer(_) = &recorded.event {
            return Some((tenant, stream.id().parse().ok()?));
        }
        let Event::Conversation(event) = &recorded.event else { return None };
        if let ConversationEvent::Started(data) = event {
            return Some((tenant, data.customer.clone()));
        }
        let customer = self.owners.get(&(tenant.clone(), stream.id().parse().ok()?))?.clone();
        Some((tenant, customer))
    }

    fn talk(
        &mut self,
        tenant: &TenantId,
        row: ContactRow,
        recorded: &Recorded,
        event: &ConversationEvent,
    ) -> Result<ContactRow, ApplyError> {
        let id = recorded.envelope.stream.id();
        let id: ConversationId = id.parse().map_err(|_| ApplyError::event(recorded, "its stream names no conversation"))?;
        if let ConversationEvent::Started(_) = event {
            let key = (tenant.clone(), id.clone());
            self.owners.insert(key.clone(), row.id.clone());
            self.outcome.started.insert(key, row.id.clone());
        }
        Ok(talk::conversation(row, &id, recorded, event))
    }

    fn name(&mut self, recorded: &Recorded, event: &TagEvent) -> Result<(), ApplyError> {
        let stream = &recorded.envelope.stream;
        let id: TagId = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no tag"))?;
        let name = match event {
            TagEvent::Created(data) => Some(storable(&data.name)),
            TagEvent::Renamed(data) => Some(storable(&data.name)),
            TagEvent::Deleted(_) => None,
        };
        self.outcome.tags.insert((stream.tenant.clone(), id.clone()), name);
        let change = ContactChange { position: recorded.position, what: Change::Tag(id) };
        self.outcome.changes.push(ToKeep { tenant: stream.tenant.clone(), change });
        Ok(())
    }

    /// Notes what a commit changed, as far as anybody sees it.
    fn tell(&mut self, key: &Key, first: &Recorded, (before, after): (Option<ContactRow>, Option<ContactRow>), erases: bool) {
        let (tenant, customer) = key.clone();
        if erases {
            self.outcome.scrub(key);
            let left = |id: &ConversationId| {
                after.as_ref().is_some_and(|row| row.conversations.iter().any(|conversation| conversation.id == *id))
            };
            let gone =
                before.iter().flat_map(|row| &row.conversations).map(|conversation| &conversation.id).filter(|id| !left(id));
            self.outcome.end(&tenant, gone);
        }
        let is_live = |row: &Option<ContactRow>| row.as_ref().is_some_and(|row| row.is_live);
        let what = match after {
            after if erases => Change::Erased { customer, after: after.map(Arc::new) },
            Some(after) if Some(&after) != before.as_ref() && (after.is_live || is_live(&before)) => {
                Change::Row { before: before.map(Arc::new), after: Arc::new(after) }
            }
            Some(_) | None => return,
        };
        self.outcome.changes.push(ToKeep { tenant, change: ContactChange { position: first.position, what } });
    }
}

impl Outcome {
    /// Nothing that was told of a customer before stays.
    fn scrub(&mut self, (tenant, customer): &Key) {
        self.changes.retain(|kept| kept.tenant != *tenant || !kept.change.is_of(customer));
        self.scrubbed.push((tenant.clone(), customer.clone()));
    }

    /// These conversations are nobody's any more.
    fn end<'a>(&mut self, tenant: &TenantId, conversations: impl Iterator<Item = &'a ConversationId>) {
        for key in conversations.map(|id| (tenant.clone(), id.clone())) {
            self.started.remove(&key);
            self.ended.push(key);
        }
    }
}

impl ContactChange {
    /// Whether it is about a customer.
    fn is_of(&self, id: &CustomerId) -> bool {
        match &self.what {
            Change::Row { after, .. } => after.id == *id,
            Change::Erased { customer, .. } => customer == id,
            Change::Tag(_) => false,
        }
    }
}
