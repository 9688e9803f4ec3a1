//! Why a booking's command may be refused.

use events::Amount;
use events::booking::Status;

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a booking's command can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookingRejection {
    /// There is no such booking.
    #[error("Booking not found")]
    NotFound,
    /// The customer was forgotten, for good.
    #[error("Customer was forgotten")]
    Forgotten,
    /// The id is taken by another booking.
    #[error("Booking already exists")]
    AlreadyExists,
    /// The provider takes no bookings of the customer.
    #[error("Customer is blocked")]
    CustomerBlocked,
    /// Somebody else has booked the provider's time, or a part of it.
    #[error("This time is already booked")]
    TimeTaken,
    /// It is over, one way or another.
    #[error("Booking is already {}", .status.name().replace('_', "-"))]
    Over {
        /// What has come of it.
        status: Status,
    },
    /// The provider has not agreed yet.
    #[error("Booking is not confirmed")]
    NotConfirmed,
    /// Its time has not come yet.
    #[error("Booking has not started yet")]
    NotStarted,
    /// Only whoever was served can say how it was.
    #[error("Only a completed booking can be reviewed")]
    NotCompleted,
    /// A booking is reviewed once.
    #[error("Booking is already reviewed")]
    AlreadyReviewed,
    /// Nobody pays more than a booking costs.
    #[error("Payments may not exceed the amount of the booking: {left} is left to pay")]
    Overpaid {
        /// What is left to pay.
        left: Amount,
    },
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl BookingRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &[
        "booking.not_found",
        "booking.forgotten",
        "booking.already_exists",
        "booking.customer_blocked",
        "booking.time_taken",
        "booking.over",
        "booking.not_confirmed",
        "booking.not_started",
        "booking.not_completed",
        "booking.already_reviewed",
        "booking.overpaid",
        "booking.invalid",
    ];
}

impl Rejection for BookingRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "booking.not_found",
            Self::Forgotten => "booking.forgotten",
            Self::AlreadyExists => "booking.already_exists",
            Self::CustomerBlocked => "booking.customer_blocked",
            Self::TimeTaken => "booking.time_taken",
            Self::Over { .. } => "booking.over",
            Self::NotConfirmed => "booking.not_confirmed",
            Self::NotStarted => "booking.not_started",
            Self::NotCompleted => "booking.not_completed",
            Self::AlreadyReviewed => "booking.already_reviewed",
            Self::Overpaid { .. } => "booking.overpaid",
            Self::Invalid(_) => "booking.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound
            | Self::Forgotten
            | Self::AlreadyExists
            | Self::CustomerBlocked
            | Self::TimeTaken
            | Self::Over { .. }
            | Self::NotConfirmed
            | Self::NotStarted
            | Self::NotCompleted
            | Self::AlreadyReviewed
            | Self::Overpaid { .. } => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound | Self::Forgotten => true,
            Self::AlreadyExists
            | Self::CustomerBlocked
            | Self::TimeTaken
            | Self::Over { .. }
            | Self::NotConfirmed
            | Self::NotStarted
            | Self::NotCompleted
            | Self::AlreadyReviewed
            | Self::Overpaid { .. }
            | Self::Invalid(_) => false,
        }
    }
}
