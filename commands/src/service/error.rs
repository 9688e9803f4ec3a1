//! Why a service's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a service's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceRejection {
    /// There is no such service.
    #[error("Service not found")]
    NotFound,
    /// The id is taken by a service that was made otherwise.
    #[error("Service already exists")]
    AlreadyExists,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl ServiceRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &["service.not_found", "service.already_exists", "service.invalid"];
}

impl Rejection for ServiceRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "service.not_found",
            Self::AlreadyExists => "service.already_exists",
            Self::Invalid(_) => "service.invalid",
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
