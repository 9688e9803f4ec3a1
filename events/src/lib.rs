//! What happened: the facts of the platform and the form in which they are kept.
//!
//! Nothing here is async and nothing does I/O. Every other crate may use this one; this one uses none of them.

pub mod access;
pub mod actor;
pub mod amount;
pub mod booking;
pub mod claim;
pub mod codec;
pub mod commit;
pub mod contact;
pub mod conversation;
pub mod customer;
mod define;
pub mod document;
pub mod event;
pub mod ids;
pub mod page;
pub mod relation;
pub mod service;
pub mod subject;
pub mod tag;
pub mod tenant;
pub mod upcast;
pub mod user;

pub use access::AccessEvent;
pub use actor::{Actor, ActorKind};
pub use amount::{Amount, Currency};
pub use booking::BookingEvent;
pub use claim::{ClaimKey, ClaimName, ClaimRecord};
pub use codec::CodecError;
pub use commit::{Commit, Envelope, NewEvent, Position, Recorded, StreamVersion};
pub use contact::{Contact, Source};
pub use conversation::ConversationEvent;
pub use customer::CustomerEvent;
pub use define::UnknownName;
pub use document::EventDocument;
pub use event::{Event, EventType, OtherAggregate};
pub use ids::{
    BookingId, ConversationId, CorrelationId, CustomerId, EventId, IdError, MessageId, PageId, RelationId, ServiceId, StreamKind,
    StreamRef, TagId, TenantId, UserId,
};
pub use page::PageEvent;
pub use relation::RelationEvent;
pub use service::ServiceEvent;
pub use tag::TagEvent;
pub use tenant::TenantEvent;
pub use user::{Role, UserEvent};
