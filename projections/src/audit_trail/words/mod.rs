//! Names and sentences: all that the audit trail has to know of an aggregate. A file for each, and a line in [`of`].
//!
//! A file says what the events are called ([`Activity`]), which fields the aggregate has ([`Field`]), and a sentence for every
//! event. What an event changed is not said there: it is the difference of the folded states before and after it.

mod access;
mod booking;
mod conversation;
mod customer;
mod page;
mod relation;
mod service;
pub mod show;
mod tag;
mod tenant;
mod user;

use events::subject::Partition;
use events::{Event, Recorded, StreamKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::projection::ApplyError;
pub use show::Shown;

/// The words of a kind.
#[must_use]
pub const fn of(kind: StreamKind) -> Words {
    match kind {
        StreamKind::Tenant => Words::of::<tenant::Tenants>(),
        StreamKind::User => Words::of::<user::Users>(),
        StreamKind::Customer => Words::of::<customer::Customers>(),
        StreamKind::Access => Words::of::<access::Access>(),
        StreamKind::Tag => Words::of::<tag::Tags>(),
        StreamKind::Page => Words::of::<page::Pages>(),
        StreamKind::Conversation => Words::of::<conversation::Conversations>(),
        StreamKind::Service => Words::of::<service::Services>(),
        StreamKind::Booking => Words::of::<booking::Bookings>(),
        StreamKind::Relation => Words::of::<relation::Relations>(),
    }
}

/// Every activity there is.
pub fn activities() -> impl Iterator<Item = &'static Activity> {
    StreamKind::ALL.into_iter().flat_map(|kind| of(kind).activities)
}

/// The object that an event is about, where it is another than the one of its stream.
pub(super) fn about(event: &Event) -> Option<(StreamKind, &str)> {
    (of(event.kind()).about)(event)
}

/// What was done with a record, in the four words of audits (spec 004, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// It was made.
    Create,
    /// It was changed.
    Update,
    /// It was taken away, for now or for ever.
    Delete,
    /// It was looked at.
    View,
}

impl Action {
    /// Every action there is.
    pub const ALL: [Self; 4] = [Self::Create, Self::Update, Self::Delete, Self::View];

    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::View => "view",
        }
    }
}

/// What events of a type are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// The type of the event.
    pub event: &'static str,
    /// What happened, in a word. The same word is the same action in every aggregate.
    pub name: &'static str,
    /// What was done with the record.
    pub action: Action,
}

const fn activity(event: &'static str, name: &'static str, action: Action) -> Activity {
    Activity { event, name, action }
}

/// A field of an aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name in every API.
    pub name: &'static str,
    /// The name for people.
    pub label: &'static str,
    /// What its values are, and so how they are shown.
    pub shown: Shown,
}

const fn field(name: &'static str, label: &'static str, shown: Shown) -> Field {
    Field { name, label, shown }
}

/// The words of an aggregate.
#[derive(Clone, Copy)]
pub struct Words {
    /// The kind of the aggregate.
    pub kind: StreamKind,
    /// One per event type.
    pub activities: &'static [Activity],
    /// Its fields, in the order in which they are told.
    pub fields: &'static [Field],
    about: fn(&Event) -> Option<(StreamKind, &str)>,
    open: fn(&str) -> Result<Box<dyn Object>, serde_json::Error>,
}

impl Words {
    const fn of<W: Wording>() -> Self {
        Self {
            kind: W::KIND,
            activities: W::ACTIVITIES,
            fields: W::FIELDS,
            about: |event| W::event(event).and_then(W::about),
            open: Typed::<W>::open,
        }
    }

    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// An object with the state that [`Object::state`] gave; the empty text: nothing is known of it.
    ///
    /// # Errors
    /// When the text is no such state.
    pub(super) fn open(&self, state: &str) -> Result<Box<dyn Object>, serde_json::Error> {
        (self.open)(state)
    }
}

/// What an aggregate has to give.
trait Wording: Send + 'static {
    /// The kind of the aggregate.
    const KIND: StreamKind;
    /// One per event type.
    const ACTIVITIES: &'static [Activity];
    /// The fields of [`Wording::values`].
    const FIELDS: &'static [Field];
    /// Its events.
    type Event;
    /// Its folded state.
    type Row: Serialize + DeserializeOwned + Send;

    /// The event as one of this aggregate.
    fn event(event: &Event) -> Option<&Self::Event>;

    /// The state after an event: the fold that exists for the rows of this aggregate.
    fn fold(
        partition: Partition,
        row: Option<Self::Row>,
        recorded: &Recorded,
        event: &Self::Event,
    ) -> Result<Option<Self::Row>, ApplyError>;

    /// The values of [`Wording::FIELDS`], in their order.
    fn values(row: &Self::Row) -> Vec<Json>;

    /// What the object is called.
    fn name(row: &Self::Row) -> String;

    /// What happened, in a sentence. `changes` are the labels of the fields that changed.
    fn sentence(event: &Self::Event, row: &Self::Row, changes: &[&'static str]) -> String;

    /// Whether everything that was known of the object is erased.
    fn is_erased(_row: &Self::Row) -> bool {
        false
    }

    /// The object that the event is about, where it is another than the one that it is folded into.
    fn about(_event: &Self::Event) -> Option<(StreamKind, &str)> {
        None
    }
}

/// What an event did to a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The field.
    pub field: &'static Field,
    /// The value before; null where there was no object.
    pub old: Json,
    /// The value after.
    pub new: Json,
}

/// What is to be told of an event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub activity: &'static Activity,
    pub sentence: String,
    pub changes: Vec<Change>,
}

/// An object while events are folded into it.
pub(super) trait Object: Send {
    /// Folds an event in, and tells what it did; `None` where nothing is known of the object, because its beginning was erased.
    fn apply(&mut self, partition: Partition, recorded: &Recorded) -> Result<Option<Told>, ApplyError>;

    /// The folded state, to be kept; the empty text: nothing is known.
    fn state(&self) -> Result<String, serde_json::Error>;

    /// What the object is called; the empty text: nothing is known.
    fn name(&self) -> String;

    /// Whether everything that was known of it is erased.
    fn is_erased(&self) -> bool;
}

/// An object of an aggregate.
struct Typed<W: Wording> {
    row: Option<W::Row>,
}

impl<W: Wording> Typed<W> {
    fn open(state: &str) -> Result<Box<dyn Object>, serde_json::Error> {
        let row = if state.is_empty() { None } else { Some(serde_json::from_str(state)?) };
        Ok(Box::new(Self { row }))
    }

    /// The fields that differ. An object that comes into being differs where it is not blank.
    fn changes(before: Option<Vec<Json>>, after: &W::Row) -> Vec<Change> {
        if W::is_erased(after) {
            return Vec::new();
        }
        let existed = before.is_some();
        let before = before.unwrap_or_else(|| W::FIELDS.iter().map(|field| field.shown.blank()).collect());
        let pairs = W::FIELDS.iter().zip(before).zip(W::values(after)).filter(|((_, old), new)| old != new);
        pairs.map(|((field, old), new)| Change { field, old: if existed { old } else { Json::Null }, new }).collect()
    }
}

impl<W: Wording> Object for Typed<W> {
    fn apply(&mut self, partition: Partition, recorded: &Recorded) -> Result<Option<Told>, ApplyError> {
        let event = W::event(&recorded.event).ok_or_else(|| ApplyError::event(recorded, "it is not of its stream's kind"))?;
        let before = self.row.as_ref().map(W::values);
        self.row = W::fold(partition, self.row.take(), recorded, event)?;
        let Some(row) = &self.row else { return Ok(None) };
        let changes = Self::changes(before, row);
        let labels: Vec<&'static str> = changes.iter().map(|change| change.field.label).collect();
        let name = recorded.event.event_type().name;
        let activity = W::ACTIVITIES.iter().find(|activity| activity.event == name);
        let activity = activity.ok_or_else(|| ApplyError::event(recorded, "its type has no name in the audit trail"))?;
        Ok(Some(Told { activity, sentence: W::sentence(event, row, &labels), changes }))
    }

    fn state(&self) -> Result<String, serde_json::Error> {
        self.row.as_ref().map_or_else(|| Ok(String::new()), serde_json::to_string)
    }

    fn name(&self) -> String {
        self.row.as_ref().map(W::name).unwrap_or_default()
    }

    fn is_erased(&self) -> bool {
        self.row.as_ref().is_some_and(W::is_erased)
    }
}
