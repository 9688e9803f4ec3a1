//! The catalogue: every event of every aggregate.

use crate::codec::CodecError;
use crate::ids::StreamKind;
use crate::{
    AccessEvent, BookingEvent, ConversationEvent, CustomerEvent, PageEvent, RelationEvent, ServiceEvent, TagEvent, TenantEvent,
    UserEvent,
};

/// The frozen name of an event type and a schema version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventType {
    /// `aggregate.happened`.
    pub name: &'static str,
    /// The schema version, from 1.
    pub version: u16,
}

/// A fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Of a tenant.
    Tenant(TenantEvent),
    /// Of a user.
    User(UserEvent),
    /// Of a customer.
    Customer(CustomerEvent),
    /// Of reading.
    Access(AccessEvent),
    /// Of a tag.
    Tag(TagEvent),
    /// Of a page.
    Page(PageEvent),
    /// Of a conversation.
    Conversation(ConversationEvent),
    /// Of a service.
    Service(ServiceEvent),
    /// Of a booking.
    Booking(BookingEvent),
    /// Of what is between a provider and a customer.
    Relation(RelationEvent),
}

impl Event {
    /// Every event type there is, with its newest schema version.
    pub fn catalogue() -> impl Iterator<Item = EventType> {
        let aggregates = [
            TenantEvent::TYPES,
            UserEvent::TYPES,
            CustomerEvent::TYPES,
            AccessEvent::TYPES,
            TagEvent::TYPES,
            PageEvent::TYPES,
            ConversationEvent::TYPES,
            ServiceEvent::TYPES,
            BookingEvent::TYPES,
            RelationEvent::TYPES,
        ];
        aggregates.into_iter().flatten().copied()
    }

    /// The type of this event.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::Tenant(event) => event.event_type(),
            Self::User(event) => event.event_type(),
            Self::Customer(event) => event.event_type(),
            Self::Access(event) => event.event_type(),
            Self::Tag(event) => event.event_type(),
            Self::Page(event) => event.event_type(),
            Self::Conversation(event) => event.event_type(),
            Self::Service(event) => event.event_type(),
            Self::Booking(event) => event.event_type(),
            Self::Relation(event) => event.event_type(),
        }
    }

    /// The kind of the aggregate that it belongs to.
    #[must_use]
    pub const fn kind(&self) -> StreamKind {
        match self {
            Self::Tenant(_) => StreamKind::Tenant,
            Self::User(_) => StreamKind::User,
            Self::Customer(_) => StreamKind::Customer,
            Self::Access(_) => StreamKind::Access,
            Self::Tag(_) => StreamKind::Tag,
            Self::Page(_) => StreamKind::Page,
            Self::Conversation(_) => StreamKind::Conversation,
            Self::Service(_) => StreamKind::Service,
            Self::Booking(_) => StreamKind::Booking,
            Self::Relation(_) => StreamKind::Relation,
        }
    }

    /// The event's data as MessagePack with field names.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn encode_data(&self) -> Result<Vec<u8>, CodecError> {
        match self {
            Self::Tenant(event) => event.encode_data(),
            Self::User(event) => event.encode_data(),
            Self::Customer(event) => event.encode_data(),
            Self::Access(event) => event.encode_data(),
            Self::Tag(event) => event.encode_data(),
            Self::Page(event) => event.encode_data(),
            Self::Conversation(event) => event.encode_data(),
            Self::Service(event) => event.encode_data(),
            Self::Booking(event) => event.encode_data(),
            Self::Relation(event) => event.encode_data(),
        }
    }

    /// Reads an event of any schema version up to the newest.
    ///
    /// # Errors
    /// When the type or the version is not known, or the data does not fit.
    pub fn decode_data(kind: StreamKind, name: &str, version: u16, data: &[u8]) -> Result<Self, CodecError> {
        match kind {
            StreamKind::Tenant => TenantEvent::decode_data(name, version, data).map(|r| r.map(Self::Tenant)),
            StreamKind::User => UserEvent::decode_data(name, version, data).map(|r| r.map(Self::User)),
            StreamKind::Customer => CustomerEvent::decode_data(name, version, data).map(|r| r.map(Self::Customer)),
            StreamKind::Access => AccessEvent::decode_data(name, version, data).map(|r| r.map(Self::Access)),
            StreamKind::Tag => TagEvent::decode_data(name, version, data).map(|r| r.map(Self::Tag)),
            StreamKind::Page => PageEvent::decode_data(name, version, data).map(|r| r.map(Self::Page)),
            StreamKind::Conversation => ConversationEvent::decode_data(name, version, data).map(|r| r.map(Self::Conversation)),
            StreamKind::Service => ServiceEvent::decode_data(name, version, data).map(|r| r.map(Self::Service)),
            StreamKind::Booking => BookingEvent::decode_data(name, version, data).map(|r| r.map(Self::Booking)),
            StreamKind::Relation => RelationEvent::decode_data(name, version, data).map(|r| r.map(Self::Relation)),
        }
        .unwrap_or_else(|| Err(CodecError::UnknownType(name.to_owned())))
    }
}

/// An event is of another aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of another aggregate")]
pub struct OtherAggregate;

/// From an aggregate's events to the catalogue's, and back.
macro_rules! in_the_catalogue {
    ($( $event:ident as $variant:ident, )+) => {
        $(
            impl From<$event> for Event {
                fn from(event: $event) -> Self {
                    Self::$variant(event)
                }
            }

            impl TryFrom<Event> for $event {
                type Error = OtherAggregate;

                fn try_from(event: Event) -> Result<Self, OtherAggregate> {
                    if let Event::$variant(event) = event { Ok(event) } else { Err(OtherAggregate) }
                }
            }
        )+
    };
}

in_the_catalogue! {
    TenantEvent as Tenant,
    UserEvent as User,
    CustomerEvent as Customer,
    AccessEvent as Access,
    TagEvent as Tag,
    PageEvent as Page,
    ConversationEvent as Conversation,
    ServiceEvent as Service,
    BookingEvent as Booking,
    RelationEvent as Relation,
}
