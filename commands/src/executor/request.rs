//! What comes with a command: who asks, under which key, and on which condition.

use std::fmt;

use events::{Actor, ClaimKey, ClaimName, CorrelationId, EventId, StreamVersion, TenantId};
use sha2::{Digest, Sha256};

/// Who asks, and in which connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Who asks.
    pub actor: Actor,
    /// The outside request that it comes from.
    pub correlation_id: CorrelationId,
    /// The event that led to it, where one did.
    pub causation_id: Option<EventId>,
}

impl Meta {
    /// On behalf of an actor, as part of an outside request.
    #[must_use]
    pub fn new(actor: Actor, correlation_id: CorrelationId) -> Self {
        Self { actor, correlation_id, causation_id: None }
    }

    /// On behalf of Kith itself, doing the named job.
    #[must_use]
    pub fn system(job: &str) -> Self {
        Self::new(Actor::system(job), CorrelationId::generate())
    }
}

/// A request's key: for 24 hours the request has its effect once, and its repeat gets the first answer.
///
/// Only what was carried out is kept: a rejected request is judged anew when it is repeated. The key counts within a tenant; a
/// caller that wants it to count per user puts the user into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key as the client gave it.
    pub key: String,
    /// The SHA-256 of what the request asks for.
    pub fingerprint: [u8; 32],
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency").finish_non_exhaustive()
    }
}

impl Idempotency {
    /// The key of a request that is made of these parts, such as method, path and body.
    #[must_use]
    pub fn new(key: impl Into<String>, parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self { key: key.into(), fingerprint: hasher.finalize().into() }
    }

    /// The key of one part of a request that is carried out in parts.
    pub(super) fn part(&self, number: usize) -> Self {
        Self { key: format!("{}#{number}", self.key), fingerprint: self.fingerprint }
    }

    pub(super) fn claim(&self, tenant: &TenantId) -> ClaimKey {
        ClaimKey::new(tenant, ClaimName::Idempotency, &self.key)
    }
}

/// What must be so for a command to be carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Precondition {
    /// The version that the stream must have (`If-Match`); `None`: any.
    pub version: Option<StreamVersion>,
}

impl Precondition {
    /// The stream must have this version.
    #[must_use]
    pub const fn version(version: StreamVersion) -> Self {
        Self { version: Some(version) }
    }
}
