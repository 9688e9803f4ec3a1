//! What customers, pages and users were called from when to when. Pure.

use std::collections::{BTreeMap, BTreeSet};

use events::{Contact, ConversationEvent, CustomerEvent, Event, PageEvent, Recorded, UserEvent};

use crate::customer::search;
use crate::customer_history::Moment;
use crate::projection::Batch;
use crate::value::storable;

/// What has a name, in the order of the numbers in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A customer.
    Customer,
    /// A page.
    Page,
    /// A user.
    User,
}

impl Kind {
    /// Every kind, in the order of their numbers in tables.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Page, Self::User];

    /// The number in tables.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }
}

/// Whose name: tenant, kind and id.
pub type Key = (String, Kind, String);

/// A name, and what else is known of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// The name.
    pub name: String,
    /// First name, as the channel told it.
    pub first_name: String,
    /// Last name, as the channel told it.
    pub last_name: String,
    /// Who they are in the channel.
    pub source_id: String,
    /// Whether this is a customer who was forgotten.
    pub is_gone: bool,
    /// Whether this is a customer of a conversation, so that the name can be searched.
    pub is_listed: bool,
}

impl Called {
    /// The name as it is searched.
    #[must_use]
    pub fn name_key(&self) -> String {
        search::fold(&self.name)
    }

    fn named(self, name: &str) -> Self {
        Self { name: storable(name), ..self }
    }

    fn known_as(self, contact: &Contact) -> Self {
        let Contact { first_name, last_name, source_id, .. } = contact.map(storable);
        Self { first_name, last_name, source_id, ..self }
    }
}

/// A name from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Since when.
    pub at: Moment,
    /// What.
    pub called: Called,
}

/// The names that a batch touches.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<Key, Line>);

/// The names of one, in order.
#[derive(Debug, Default)]
struct Line {
    /// The one that stands in the table.
    stored: Option<Name>,
    /// Those after it.
    new: Vec<Name>,
    /// Whether the one that stands in the table can be searched from now on.
    is_listed: bool,
    /// Whether all that stands in the table goes.
    is_gone: bool,
}

/// What a batch does to the table of names.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whose names go, all of them.
    pub gone: Vec<Key>,
    /// Names that end: since when they were, and when they end.
    pub ended: Vec<(Moment, Moment)>,
    /// Names in the table that can be searched from now on.
    pub listed: Vec<(Key, Name)>,
    /// Names that begin, and when they end.
    pub begun: Vec<(Key, Name, Moment)>,
}

/// Whose names a batch may touch.
#[must_use]
pub fn keys(batch: &Batch<'_>) -> BTreeSet<Key> {
    let of = |recorded: &&Recorded| listed(recorded).or_else(|| change(recorded).and_then(|_| key(recorded)));
    batch.events.iter().filter_map(of).collect()
}

impl Names {
    /// The names as they stand in the table.
    #[must_use]
    pub fn new(stored: Vec<(Key, Name)>) -> Self {
        Self(stored.into_iter().map(|(key, name)| (key, Line { stored: Some(name), ..Line::default() })).collect())
    }

    /// Folds an event in.
    pub fn apply(&mut self, at: Moment, recorded: &Recorded) {
        if let (Some(change), Some(key)) = (change(recorded), key(recorded)) {
            self.0.entry(key).or_default().apply(at, &change);
        }
        if let Some(line) = listed(recorded).and_then(|key| self.0.get_mut(&key)) {
            line.list();
        }
    }

    /// What the batch did.
    #[must_use]
    pub fn into_changes(self) -> Changes {
        let mut changes = Changes::default();
        for (key, line) in self.0 {
            if line.is_gone {
                changes.gone.push(key.clone());
            } else if let Some(stored) = line.stored {
                changes.ended.extend(line.new.first().map(|next| (stored.at, next.at)));
                if line.is_listed {
                    changes.listed.push((key.clone(), stored));
                }
            }
            let ends: Vec<Moment> = line.new.iter().skip(1).map(|name| name.at).chain([Moment::OPEN]).collect();
            changes.begun.extend(line.new.into_iter().zip(ends).map(|(name, to)| (key.clone(), name, to)));
        }
        changes
    }
}

impl Line {
    /// What was seen already changes nothing: what changed the name is not after it, and all else leaves it as it is.
    fn apply(&mut self, at: Moment, change: &Change<'_>) {
        let last = self.new.last().or(self.stored.as_ref());
        if last.is_some_and(|last| last.called.is_gone) || self.stored.as_ref().is_some_and(|stored| stored.at >= at) {
            return;
        }
        let before = last.map(|last| last.called.clone());
        let called = change.apply(before.clone().unwrap_or_default());
        if before.as_ref() == Some(&called) {
            return;
        }
        if called.is_gone {
            *self = Self { is_gone: true, ..Self::default() };
        }
        self.new.pop_if(|name| name.at == at);
        self.new.push(Name { at, called });
    }

    /// A conversation with the customer started.
    fn list(&mut self) {
        match (self.new.last_mut(), &mut self.stored) {
            (Some(last), _) => last.called.is_listed = !last.called.is_gone,
            (None, Some(stored)) if !stored.called.is_listed && !stored.called.is_gone => {
                stored.called.is_listed = true;
                self.is_listed = true;
            }
            (None, _) => {}
        }
    }
}

/// What an event says about a name.
enum Change<'a> {
    /// The name.
    Name(&'a str),
    /// What the channel tells.
    Contact(&'a Contact),
    /// Both.
    Both(&'a str, &'a Contact),
    /// Nothing is known any more.
    Gone,
}

impl Change<'_> {
    fn apply(&self, before: Called) -> Called {
        match self {
            Self::Name(name) => before.named(name),
            Self::Contact(contact) => before.known_as(contact),
            Self::Both(name, contact) => before.named(name).known_as(contact),
            Self::Gone => Called { is_gone: true, ..Called::default() },
        }
    }
}

fn change(recorded: &Recorded) -> Option<Change<'_>> {
    match &recorded.event {
        Event::Customer(event) => customer(event),
        Event::Page(PageEvent::Connected(data)) => Some(Change::Name(&data.name)),
        Event::Page(PageEvent::Renamed(data)) => Some(Change::Name(&data.name)),
        Event::User(UserEvent::Added(data)) => Some(Change::Name(&data.name)),
        Event::User(UserEvent::Renamed(data)) => Some(Change::Name(&data.name)),
        Event::Page(PageEvent::Disconnected(_)) => None,
        Event::User(
            UserEvent::RoleChanged(_)
            | UserEvent::PasswordChanged(_)
            | UserEvent::Deactivated(_)
            | UserEvent::Activated(_)
            | UserEvent::AvailabilitySet(_),
        ) => None,
        Event::Tenant(_)
        | Event::Access(_)
        | Event::Tag(_)
        | Event::Conversation(_)
        | Event::Service(_)
        | Event::Booking(_)
        | Event::Relation(_) => None,
    }
}

fn customer(event: &CustomerEvent) -> Option<Change<'_>> {
    match event {
        CustomerEvent::Registered(data) => Some(Change::Name(&data.profile.name)),
        CustomerEvent::Imported(data) => Some(Change::Name(&data.profile.name)),
        CustomerEvent::Arrived(data) => Some(Change::Both(&data.profile.name, &data.contact)),
        CustomerEvent::ProfileChanged(data) => data.name.as_deref().map(Change::Name),
        CustomerEvent::ContactChanged(data) => Some(Change::Contact(&data.contact)),
        CustomerEvent::Forgotten(_) => Some(Change::Gone),
        CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => None,
    }
}

/// The customer of a conversation that starts.
fn listed(recorded: &Recorded) -> Option<Key> {
    let Event::Conversation(ConversationEvent::Started(data)) = &recorded.event else { return None };
    Some((recorded.envelope.stream.tenant.to_string(), Kind::Customer, data.customer.to_string()))
}

/// Whose name an event may touch.
fn key(recorded: &Recorded) -> Option<Key> {
    let kind = match &recorded.event {
        Event::Customer(_) => Kind::Customer,
        Event::Page(_) => Kind::Page,
        Event::User(_) => Kind::User,
        Event::Tenant(_)
        | Event::Access(_)
        | Event::Tag(_)
        | Event::Conversation(_)
        | Event::Service(_)
        | Event::Booking(_)
        | Event::Relation(_) => return None,
    };
    let stream = &recorded.envelope.stream;
    Some((stream.tenant.to_string(), kind, stream.id().to_owned()))
}
