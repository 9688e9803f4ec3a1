//! Why a tenant's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a tenant's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TenantRejection {
    /// There is no such tenant.
    #[error("Tenant not found")]
    NotFound,
    /// The id is taken by a tenant that was created otherwise.
    #[error("Tenant already exists")]
    AlreadyExists,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl TenantRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &["tenant.not_found", "tenant.already_exists", "tenant.invalid"];
}

impl Rejection for TenantRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "tenant.not_found",
            Self::AlreadyExists => "tenant.already_exists",
            Self::Invalid(_) => "tenant.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound | Self::AlreadyExists => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound => true,
            Self::AlreadyExists | Self::Invalid(_) => false,
        }
    }
}
