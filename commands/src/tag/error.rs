//! Why a tag's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a tag's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagRejection {
    /// There is no such tag (any more).
    #[error("Tag not found")]
    NotFound,
    /// The id is taken by a tag that was made otherwise.
    #[error("Tag already exists")]
    AlreadyExists,
    /// Another tag of the tenant has the name.
    #[error("Tag with this name already exists")]
    NameTaken,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl TagRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &["tag.not_found", "tag.already_exists", "tag.name_taken", "tag.invalid"];
}

impl Rejection for TagRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "tag.not_found",
            Self::AlreadyExists => "tag.already_exists",
            Self::NameTaken => "tag.name_taken",
            Self::Invalid(_) => "tag.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound | Self::AlreadyExists | Self::NameTaken => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound => true,
            Self::AlreadyExists | Self::NameTaken | Self::Invalid(_) => false,
        }
    }
}
