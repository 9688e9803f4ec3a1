//! Identifiers. All are opaque texts that are safe as one token of a NATS subject.

mod stream;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use stream::{StreamKind, StreamRef};

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
    /// A service that a provider offers.
    ServiceId
}
id! {
    /// A booking of a provider's time by a customer.
    BookingId
}
id! {
    /// What is between a provider and a customer.
    RelationId
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

/// What ids of relations and of bookings from elsewhere are derived in; UUIDv4s that were drawn once.
const RELATIONS: Uuid = Uuid::from_u128(0x5c0e_91b7_2f64_4d1f_8a3e_06b9_d57c_14e3);
const BOOKINGS: Uuid = Uuid::from_u128(0xa971_3c58_e0d2_4b86_b1f5_7d2c_480f_96ea);

impl RelationId {
    /// What is between a provider and a customer: there is one, so its id follows from theirs (a UUIDv5).
    #[must_use]
    pub fn of(provider: &UserId, customer: &CustomerId) -> Self {
        Self(Uuid::new_v5(&RELATIONS, format!("{provider}/{customer}").as_bytes()).to_string())
    }
}

impl BookingId {
    /// The booking of a provider that another system knows by this reference: its id follows from both (a UUIDv5), so that an
    /// import can be repeated.
    #[must_use]
    pub fn imported(provider: &UserId, reference: &str) -> Self {
        Self(Uuid::new_v5(&BOOKINGS, format!("{provider}/{reference}").as_bytes()).to_string())
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
    fn a_provider_and_a_customer_have_one_relation_for_ever_and_a_reference_is_one_booking() {
        let provider = |id: &str| id.parse::<UserId>().expect("an id");
        let relation =
            |user: &str, customer: &str| RelationId::of(&provider(user), &customer.parse().expect("an id")).to_string();
        assert_eq!(relation("user-1", "customer-1"), "21237a43-cebb-5227-babd-4f4486382430");
        assert_ne!(relation("user-1", "customer-2"), relation("user-1", "customer-1"));
        assert_ne!(relation("a-b", "c"), relation("a", "b-c"));
        assert_eq!(BookingId::imported(&provider("user-1"), "B/17").to_string(), "60b8d7d2-fdad-5cce-a711-5591d49a075b");
        assert_ne!(BookingId::imported(&provider("user-2"), "B/17"), BookingId::imported(&provider("user-1"), "B/17"));
    }

    #[test]
    fn ids_that_would_escape_their_subject_are_refused() {
        for text in ["", "a.b", "*", ">", "a b", "é", &"x".repeat(65)] {
            assert_eq!(text.parse::<TenantId>(), Err(IdError), "{text:?}");
        }
    }
}
