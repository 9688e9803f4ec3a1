//! The kinds of aggregate, and the address of a stream.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BookingId, ConversationId, CustomerId, IdError, PageId, RelationId, ServiceId, TagId, TenantId, UserId, check};

/// The kinds of aggregate, each with streams of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// The tenant itself: its name and its rules.
    Tenant,
    /// A user of the tenant.
    User,
    /// A customer of the tenant.
    Customer,
    /// What a process noted of reading: who looked at which record. No aggregate: nobody decides these facts.
    Access,
    /// A tag that the tenant puts on customers.
    Tag,
    /// A page of the tenant: its account in a channel.
    Page,
    /// A conversation between a customer and a page.
    Conversation,
    /// A service that a provider offers.
    Service,
    /// A booking of a provider's time.
    Booking,
    /// What is between a provider and a customer.
    Relation,
}

impl StreamKind {
    /// Every kind there is.
    pub const ALL: [Self; 10] = [
        Self::Tenant,
        Self::User,
        Self::Customer,
        Self::Access,
        Self::Tag,
        Self::Page,
        Self::Conversation,
        Self::Service,
        Self::Booking,
        Self::Relation,
    ];

    /// The name that stands in subjects and in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::User => "user",
            Self::Customer => "customer",
            Self::Access => "access",
            Self::Tag => "tag",
            Self::Page => "page",
            Self::Conversation => "conversation",
            Self::Service => "service",
            Self::Booking => "booking",
            Self::Relation => "relation",
        }
    }
}

impl FromStr for StreamKind {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(IdError)
    }
}

/// The address of a stream: all events of one aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StreamRef {
    /// Whose it is.
    pub tenant: TenantId,
    /// The kind of the aggregate.
    pub kind: StreamKind,
    id: String,
}

impl StreamRef {
    /// The stream of a tenant.
    #[must_use]
    pub fn tenant(id: &TenantId) -> Self {
        Self { tenant: id.clone(), kind: StreamKind::Tenant, id: id.to_string() }
    }

    /// The stream of a user.
    #[must_use]
    pub fn user(tenant: &TenantId, id: &UserId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::User, id: id.to_string() }
    }

    /// The stream of a customer.
    #[must_use]
    pub fn customer(tenant: &TenantId, id: &CustomerId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Customer, id: id.to_string() }
    }

    /// The stream of a tag.
    #[must_use]
    pub fn tag(tenant: &TenantId, id: &TagId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Tag, id: id.to_string() }
    }

    /// The stream of a page.
    #[must_use]
    pub fn page(tenant: &TenantId, id: &PageId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Page, id: id.to_string() }
    }

    /// The stream of a conversation.
    #[must_use]
    pub fn conversation(tenant: &TenantId, id: &ConversationId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Conversation, id: id.to_string() }
    }

    /// The stream of a service.
    #[must_use]
    pub fn service(tenant: &TenantId, id: &ServiceId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Service, id: id.to_string() }
    }

    /// The stream of a booking.
    #[must_use]
    pub fn booking(tenant: &TenantId, id: &BookingId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Booking, id: id.to_string() }
    }

    /// The stream of what is between a provider and a customer.
    #[must_use]
    pub fn relation(tenant: &TenantId, id: &RelationId) -> Self {
        Self { tenant: tenant.clone(), kind: StreamKind::Relation, id: id.to_string() }
    }

    /// A stream by the parts of its subject.
    ///
    /// # Errors
    /// When the id is not an identifier.
    pub fn new(tenant: TenantId, kind: StreamKind, id: &str) -> Result<Self, IdError> {
        check(id)?;
        Ok(Self { tenant, kind, id: id.to_owned() })
    }

    /// The aggregate's identifier as text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for StreamRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.tenant, self.kind.name(), self.id)
    }
}
