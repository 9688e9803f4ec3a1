//! Why a user's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a user's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserRejection {
    /// There is no such user.
    #[error("User not found")]
    NotFound,
    /// The id is taken by a user who was added otherwise.
    #[error("User already exists")]
    AlreadyExists,
    /// Somebody in the tenant has the email address.
    #[error("User with this email already exists")]
    EmailTaken,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The operator role is for the platform's own tenant.
    #[error("The operator role exists in the platform's own tenant only")]
    OperatorOutsidePlatform,
    /// Nobody changes their own role.
    #[error("You cannot change your own role")]
    OwnRole,
    /// Nobody deactivates themself.
    #[error("You cannot deactivate yourself")]
    OwnDeactivation,
}

impl UserRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &[
        "user.not_found",
        "user.already_exists",
        "user.email_taken",
        "user.invalid",
        "user.operator_outside_platform",
        "user.own_role",
        "user.own_deactivation",
    ];
}

impl Rejection for UserRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "user.not_found",
            Self::AlreadyExists => "user.already_exists",
            Self::EmailTaken => "user.email_taken",
            Self::Invalid(_) => "user.invalid",
            Self::OperatorOutsidePlatform => "user.operator_outside_platform",
            Self::OwnRole => "user.own_role",
            Self::OwnDeactivation => "user.own_deactivation",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound
            | Self::AlreadyExists
            | Self::EmailTaken
            | Self::OperatorOutsidePlatform
            | Self::OwnRole
            | Self::OwnDeactivation => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound => true,
            Self::AlreadyExists
            | Self::EmailTaken
            | Self::Invalid(_)
            | Self::OperatorOutsidePlatform
            | Self::OwnRole
            | Self::OwnDeactivation => false,
        }
    }
}
