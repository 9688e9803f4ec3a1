//! Why a relation's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a relation's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelationRejection {
    /// There is no such relation (spec 003, "Error Handling & User Feedback").
    #[error("Customer relation not found")]
    NotFound,
    /// The customer was forgotten, for good.
    #[error("Customer was forgotten")]
    Forgotten,
    /// The id is taken by a relation of another provider or customer.
    #[error("Customer relation already exists")]
    AlreadyExists,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl RelationRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] =
        &["relation.not_found", "relation.forgotten", "relation.already_exists", "relation.invalid"];
}

impl Rejection for RelationRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "relation.not_found",
            Self::Forgotten => "relation.forgotten",
            Self::AlreadyExists => "relation.already_exists",
            Self::Invalid(_) => "relation.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound | Self::Forgotten | Self::AlreadyExists => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound | Self::Forgotten => true,
            Self::AlreadyExists | Self::Invalid(_) => false,
        }
    }
}
