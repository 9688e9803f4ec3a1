//! What is known of a request, shared by everything that works on it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use events::{CorrelationId, TenantId};
use poem::Request;

use crate::auth::limits::Allowance;

/// The most bytes of a path that an answer repeats.
const MAX_SHOWN_PATH: usize = 512;

/// What is known of a request, and what is found out about it on its way.
pub struct About {
    started: Instant,
    path: String,
    correlation_id: CorrelationId,
    tenant: OnceLock<TenantId>,
    allowance: OnceLock<Allowance>,
    overflowed: AtomicBool,
}

impl About {
    /// What a request says of itself.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let given = ["x-request-id", "x-correlation-id"].into_iter().find_map(|name| request.header(name)?.parse().ok());
        let mut path = request.uri().path().to_owned();
        if let Some((end, _)) = path.char_indices().nth(MAX_SHOWN_PATH) {
            path.truncate(end);
        }
        Self {
            started: Instant::now(),
            path,
            correlation_id: given.unwrap_or_else(CorrelationId::generate),
            tenant: OnceLock::new(),
            allowance: OnceLock::new(),
            overflowed: AtomicBool::new(false),
        }
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is about data, rather than a page for people.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Names everything that the request causes.
    #[must_use]
    pub const fn correlation_id(&self) -> &CorrelationId {
        &self.correlation_id
    }

    /// How long ago it arrived.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The tenant whose data it is about, once that is settled.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantId> {
        self.tenant.get()
    }

    /// Settles the tenant.
    pub fn settle_tenant(&self, tenant: &TenantId) {
        let _ = self.tenant.set(tenant.clone());
    }

    /// What is left of the caller's allowance.
    #[must_use]
    pub fn allowance(&self) -> Option<&Allowance> {
        self.allowance.get()
    }

    /// Settles what is left of the caller's allowance.
    pub fn settle_allowance(&self, allowance: Allowance) {
        let _ = self.allowance.set(allowance);
    }

    /// Notes that the body went on after its limit.
    pub fn note_overflow(&self) {
        self.overflowed.store(true, Ordering::Relaxed);
    }

    /// Whether the body went on after its limit.
    #[must_use]
    pub fn overflowed(&self) -> bool {
        self.overflowed.load(Ordering::Relaxed)
    }
}
