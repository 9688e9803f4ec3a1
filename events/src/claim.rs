//! Claims: unique names that are reserved through the log.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::codec::{self, CodecError};
use crate::contact::Source;
use crate::ids::{TenantId, UserId};

/// What kind of name is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimName {
    /// A customer's email address.
    CustomerEmail,
    /// A user's email address.
    UserEmail,
    /// The tenant's own number of an order.
    OrderNumber,
    /// Who somebody is in a channel.
    CustomerContact,
    /// A tag's name.
    TagName,
    /// A tenant's account in a channel.
    Page,
    /// Five minutes of a provider's time.
    ProviderTime,
    /// The key of a request that must have its effect once.
    Idempotency,
}

impl ClaimName {
    /// The name that stands in the subject.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerEmail => "customer_email",
            Self::UserEmail => "user_email",
            Self::OrderNumber => "order_number",
            Self::CustomerContact => "customer_contact",
            Self::TagName => "tag_name",
            Self::Page => "page",
            Self::ProviderTime => "provider_time",
            Self::Idempotency => "idempotency",
        }
    }
}

/// A name that only one can hold in a tenant. The name itself is hashed, so that the log does not show it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClaimKey {
    /// Whose names they are.
    pub tenant: TenantId,
    /// What kind of name.
    pub name: ClaimName,
    /// The SHA-256 of tenant, kind and value in hexadecimal.
    pub hash: String,
}

impl ClaimKey {
    /// The claim on a value. What counts as the same value is for the caller to settle (see [`ClaimKey::email`]).
    #[must_use]
    pub fn new(tenant: &TenantId, name: ClaimName, value: &str) -> Self {
        let mut hasher = Sha256::new();
        for part in [tenant.as_str(), name.name(), value] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        Self { tenant: tenant.clone(), name, hash: hex::encode(hasher.finalize()) }
    }

    /// The claim on an email address: blanks around it and the case of its letters do not count.
    #[must_use]
    pub fn email(tenant: &TenantId, name: ClaimName, email: &str) -> Self {
        Self::new(tenant, name, &email.trim().to_lowercase())
    }

    /// The claim on being somebody in a channel.
    #[must_use]
    pub fn contact(tenant: &TenantId, source: Source, source_id: &str) -> Self {
        Self::new(tenant, ClaimName::CustomerContact, &format!("{}/{source_id}", source.name()))
    }

    /// The claim on an account in a channel.
    #[must_use]
    pub fn page(tenant: &TenantId, source: Source, external_id: &str) -> Self {
        Self::new(tenant, ClaimName::Page, &format!("{}/{external_id}", source.name()))
    }

    /// The claim on a provider's time from a moment on, for as long as a cell is (see [`crate::booking::CELL_MINUTES`]).
    #[must_use]
    pub fn provider_time(tenant: &TenantId, provider: &UserId, cell: i64) -> Self {
        Self::new(tenant, ClaimName::ProviderTime, &format!("{provider}/{cell}"))
    }

    /// The claim on a tag's name: blanks around it and the case of its letters do not count.
    #[must_use]
    pub fn tag(tenant: &TenantId, name: &str) -> Self {
        Self::new(tenant, ClaimName::TagName, &name.trim().to_lowercase())
    }
}

/// What the last message on a claim's subject says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimRecord {
    /// The name is taken.
    Held {
        /// The id of the aggregate that holds it.
        owner: String,
    },
    /// The name is free again.
    Released,
    /// A request with this idempotency key was carried out.
    Answered {
        /// The SHA-256 of what the request asked for.
        #[serde(with = "serde_bytes")]
        fingerprint: Vec<u8>,
        /// What is needed to answer the same again; the executor's own form.
        #[serde(with = "serde_bytes")]
        answer: Vec<u8>,
    },
}

impl ClaimRecord {
    /// The record as MessagePack.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        codec::encode_named(self)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When the bytes are not a record.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        rmp_serde::from_slice(bytes).map_err(|source| CodecError::Claim { source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_one_name_however_it_is_written_and_another_in_another_tenant() {
        let (a, b) = (TenantId::generate(), TenantId::generate());
        let key = |tenant, text| ClaimKey::email(tenant, ClaimName::CustomerEmail, text);
        assert_eq!(key(&a, " Jane@Example.com "), key(&a, "jane@example.com"));
        assert_ne!(key(&a, "jane@example.com").hash, key(&b, "jane@example.com").hash);
        assert_ne!(key(&a, "jane@example.com").hash, ClaimKey::email(&a, ClaimName::UserEmail, "jane@example.com").hash);
    }
}
