//! Why a customer's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a customer's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRejection {
    /// There is no such customer.
    #[error("Customer not found")]
    NotFound,
    /// The customer was deleted; restoring comes first.
    #[error("Customer was deleted")]
    Deleted,
    /// The customer was forgotten, for good.
    #[error("Customer was forgotten")]
    Forgotten,
    /// The id is taken by a customer who was entered otherwise.
    #[error("Customer already exists")]
    AlreadyExists,
    /// Another customer of the tenant has the email address.
    #[error("Customer with this email already exists")]
    EmailTaken,
    /// Another customer of the tenant is the same person in the channel.
    #[error("Customer with this contact already exists")]
    ContactTaken,
    /// The customer has as many tags as a customer can have.
    #[error("A customer has at most {} tags", super::rules::limits::TAGS)]
    TooManyTags,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The balance does not cover what is to be taken, and the command is strict.
    #[error("The balance of {balance} points does not cover this")]
    PointsInsufficient {
        /// The balance as it is.
        balance: i64,
    },
    /// The balance would pass what a balance can be.
    #[error("The balance would be more than {} points", super::rules::limits::POINTS)]
    PointsOutOfBounds,
    /// An order of the tenant has the number.
    #[error("Order with this number already exists")]
    OrderNumberTaken,
    /// The order is in another currency than the tenant's.
    #[error("Orders are in {}", expected.as_str())]
    CurrencyMismatch {
        /// The tenant's currency.
        expected: events::Currency,
    },
    /// What the customer spent in all would pass what an amount can be.
    #[error("Total spent would be more than {}", events::Amount::MAX)]
    TotalSpentOutOfBounds,
}

impl CustomerRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &[
        "customer.not_found",
        "customer.deleted",
        "customer.forgotten",
        "customer.already_exists",
        "customer.email_taken",
        "customer.contact_taken",
        "customer.too_many_tags",
        "customer.invalid",
        "customer.points_insufficient",
        "customer.points_out_of_bounds",
        "customer.order_number_taken",
        "customer.currency_mismatch",
        "customer.total_spent_out_of_bounds",
    ];
}

impl Rejection for CustomerRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "customer.not_found",
            Self::Deleted => "customer.deleted",
            Self::Forgotten => "customer.forgotten",
            Self::AlreadyExists => "customer.already_exists",
            Self::EmailTaken => "customer.email_taken",
            Self::ContactTaken => "customer.contact_taken",
            Self::TooManyTags => "customer.too_many_tags",
            Self::Invalid(_) => "customer.invalid",
            Self::PointsInsufficient { .. } => "customer.points_insufficient",
            Self::PointsOutOfBounds => "customer.points_out_of_bounds",
            Self::OrderNumberTaken => "customer.order_number_taken",
            Self::CurrencyMismatch { .. } => "customer.currency_mismatch",
            Self::TotalSpentOutOfBounds => "customer.total_spent_out_of_bounds",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound
            | Self::Deleted
            | Self::Forgotten
            | Self::AlreadyExists
            | Self::EmailTaken
            | Self::ContactTaken
            | Self::TooManyTags
            | Self::PointsInsufficient { .. }
            | Self::PointsOutOfBounds
            | Self::OrderNumberTaken
            | Self::CurrencyMismatch { .. }
            | Self::TotalSpentOutOfBounds => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound | Self::Deleted | Self::Forgotten => true,
            Self::AlreadyExists
            | Self::EmailTaken
            | Self::ContactTaken
            | Self::TooManyTags
            | Self::Invalid(_)
            | Self::PointsInsufficient { .. }
            | Self::PointsOutOfBounds
            | Self::OrderNumberTaken
            | Self::CurrencyMismatch { .. }
            | Self::TotalSpentOutOfBounds => false,
        }
    }
}
