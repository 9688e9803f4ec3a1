//! What may happen: one folder per aggregate (state, rules, commands), and one executor for all of them.
//!
//! The folders are pure: no async, clock, ids, logging or I/O. The executor loads, decides, appends, retries, claims and
//! deduplicates, and is the same for every aggregate.

pub mod aggregate;
pub mod booking;
pub mod conversation;
pub mod customer;
pub mod executor;
pub mod fields;
pub mod page;
pub mod reading;
pub mod relation;
pub mod service;
pub mod tag;
pub mod tenant;
pub mod testing;
pub mod user;

pub use aggregate::{Aggregate, ClaimChange, ClaimMove, Context, EventMeta, Rejection, Traits};
pub use booking::{Booking, BookingCommand, BookingRejection, BookingState};
pub use conversation::{Conversation, ConversationCommand, ConversationRejection, ConversationState};
pub use customer::{Customer, CustomerCommand, CustomerRejection, CustomerState};
pub use executor::{
    BulkItem, BulkMode, BulkOutcome, BulkProgress, BulkReport, CommandError, Executed, Executor, ExecutorOptions, Idempotency,
    ImportMode, ImportOutcome, ImportReport, Loaded, Meta, Precondition, Winner,
};
pub use fields::FieldErrors;
pub use page::{Page, PageCommand, PageRejection, PageState};
pub use reading::Reading;
pub use relation::{Relation, RelationCommand, RelationRejection, RelationState};
pub use service::{Service, ServiceCommand, ServiceRejection, ServiceState};
pub use tag::{Tag, TagCommand, TagRejection, TagState};
pub use tenant::{Tenant, TenantCommand, TenantRejection, TenantState};
pub use user::{User, UserCommand, UserRejection, UserState};
