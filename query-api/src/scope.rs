//! Whose data is asked for.

use events::TenantId;

/// The right to ask about one tenant's data, and no other's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    tenant: TenantId,
}

impl Scope {
    /// The data of this tenant. Call it where it is settled that the asker works for the tenant.
    #[must_use]
    pub const fn tenant(tenant: TenantId) -> Self {
        Self { tenant }
    }

    /// The tenant.
    #[must_use]
    pub const fn id(&self) -> &TenantId {
        &self.tenant
    }
}
