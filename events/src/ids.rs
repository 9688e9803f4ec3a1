//! Identifiers. All are opaque texts that are safe as one token of a NATS subject.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest identifier that is accepted, in bytes.
pub const MAX_ID_LEN: usize = 64;

/// The tenant that holds the platform's own users, its operators.
pub const PLATFORM: &str = "platform";

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to {MAX_ID_LEN} letters, digits, '-' or '_'")]
pub struct IdError;

fn check(text: &str) -> Result<(), IdError> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if (1..=MAX_ID_LEN).contains(&text.len()) && text.bytes().all(token) { Ok(()) } else { Err(IdError) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new identifier: a UUIDv7, so that ids made later sort later.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7().to_string())
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A business whose data is kept apart from every other's.
    TenantId
}
id! {
    /// A customer of a tenant.
    CustomerId
}
id! {
    /// A person (or a program) that signs in to work for a tenant.
    UserId
}
id! {
    /// A tag of a tenant.
    TagId
}
id! {
    /// A page: a tenant's account in a channel.
    PageId
}
id! {
    /// A conversation between a customer and a page.
    ConversationId
}
id! {
    /// A message of a conversation.
    MessageId
}
id! {
    /// Names everything that one outside request caused.
    CorrelationId
}

impl TenantId {
    /// The tenant of the platform's operators.
    #[must_use]
    pub fn platform() -> Self {
        Self(PLATFORM.to_owned())
    }

    /// Whether this is the tenant of the platform's operators.
    #[must_use]
    pub fn is_platform(&self) -> bool {
        self.0 == PLATFORM
    }
}

/// What ids of conversations are derived in; a UUIDv4 that was drawn once.
const CONVERSATIONS: Uuid = Uuid::from_u128(0x3f0b_6d1e_8a53_4c7c_9d64_51c2_e7a0_42b9);

impl ConversationId {
    /// The conversation of a customer and a page: there is one, so its id follows from theirs (a UUIDv5), and deliveries that race
    /// meet on one stream.
    #[must_use]
    pub fn of(customer: &CustomerId, page: &PageId) -> Self {
        // No id has a slash in it, so no two pairs have one name.
        Self(Uuid::new_v5(&CONVERSATIONS, format!("{customer}/{page}").as_bytes()).to_string())
    }
}

/// The identity of one event: a UUIDv7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

impl EventId {
    /// A new identifier that sorts after the earlier ones.
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

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
}

impl StreamKind {
    /// Every kind there is.
    pub const ALL: [Self; 7] =
        [Self::Tenant, Self::User, Self::Customer, Self::Access, Self::Tag, Self::Page, Self::Conversation];

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_accepted_id_is_one_subject_token(text in "\\PC{0,80}") {
            if let Ok(id) = text.parse::<CustomerId>() {
                prop_assert!(!id.as_str().is_empty());
                prop_assert!(!id.as_str().contains(['.', '*', '>', ' ', '\t', '\n']));
            }
        }
    }

    #[test]
    fn generated_ids_are_accepted_and_sort_by_age() {
        let (first, second) = (CustomerId::generate(), CustomerId::generate());
        assert_eq!(first.as_str().parse(), Ok(first.clone()));
        assert!(first < second);
    }

    #[test]
    fn a_customer_and_a_page_have_one_conversation_for_ever() {
        let ids = |customer: &str, page: &str| {
            ConversationId::of(&customer.parse().expect("an id"), &page.parse().expect("an id")).to_string()
        };
        assert_eq!(ids("customer-1", "page-1"), "adfd9b73-0868-5ca4-8add-7f5f9c67f98c");
        assert_ne!(ids("customer-1", "page-2"), ids("customer-1", "page-1"));
        assert_ne!(ids("a-b", "c"), ids("a", "b-c"));
    }

    #[test]
    fn ids_that_would_escape_their_subject_are_refused() {
        for text in ["", "a.b", "*", ">", "a b", "é", &"x".repeat(65)] {
            assert_eq!(text.parse::<TenantId>(), Err(IdError), "{text:?}");
        }
    }
}
