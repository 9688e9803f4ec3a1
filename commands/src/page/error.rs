//! Why a page's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a page's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageRejection {
    /// There is no such page in the tenant; whether another tenant has it is not told (spec 001, "Error Handling").
    #[error("Page access denied")]
    AccessDenied,
    /// The id is taken by a page of another account.
    #[error("Page already exists")]
    AlreadyExists,
    /// Messages to the account are not taken in any more.
    #[error("Page is disconnected")]
    Disconnected,
    /// Another page of the tenant is of the same account.
    #[error("Page for this account already exists")]
    AccountTaken,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl PageRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] =
        &["page.access_denied", "page.already_exists", "page.disconnected", "page.account_taken", "page.invalid"];
}

impl Rejection for PageRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::AccessDenied => "page.access_denied",
            Self::AlreadyExists => "page.already_exists",
            Self::Disconnected => "page.disconnected",
            Self::AccountTaken => "page.account_taken",
            Self::Invalid(_) => "page.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::AccessDenied | Self::AlreadyExists | Self::Disconnected | Self::AccountTaken => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::AccessDenied => true,
            Self::AlreadyExists | Self::Disconnected | Self::AccountTaken | Self::Invalid(_) => false,
        }
    }
}
