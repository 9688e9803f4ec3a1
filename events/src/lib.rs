//! What happened: the facts of the platform and the form in which they are kept.
//!
//! Nothing here is async and nothing does I/O. Every other crate may use this one; this one uses none of them.

pub mod access;
pub mod actor;
pub mod amount;
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
pub mod subject;
pub mod tag;
pub mod tenant;
pub mod upcast;
pub mod user;

pub use access::AccessEvent;
pub use actor::{Actor, ActorKind};
pub use amount::{Amount, Currency};
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
    ConversationId, CorrelationId, CustomerId, EventId, IdError, MessageId, PageId, StreamKind, StreamRef, TagId, TenantId,
    UserId,
};
pub use page::PageEvent;
pub use tag::TagEvent;
pub use tenant::TenantEvent;
pub use user::{Role, UserEvent};
