//! What the rules of services, bookings and relations refuse.

use commands::{BookingRejection, RelationRejection, ServiceRejection};
use poem::http::StatusCode;

use super::Refusal;

impl Refusal for ServiceRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::AlreadyExists => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound | Self::AlreadyExists | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for BookingRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Forgotten => StatusCode::NOT_FOUND,
            Self::AlreadyExists
            | Self::CustomerBlocked
            | Self::TimeTaken
            | Self::Over { .. }
            | Self::NotConfirmed
            | Self::NotStarted
            | Self::NotCompleted
            | Self::AlreadyReviewed
            | Self::Overpaid { .. } => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::TimeTaken => Some("starts_at"),
            Self::CustomerBlocked => Some("customer"),
            Self::Overpaid { .. } => Some("amount"),
            Self::NotFound
            | Self::Forgotten
            | Self::AlreadyExists
            | Self::Over { .. }
            | Self::NotConfirmed
            | Self::NotStarted
            | Self::NotCompleted
            | Self::AlreadyReviewed
            | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for RelationRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Forgotten => StatusCode::NOT_FOUND,
            Self::AlreadyExists => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound | Self::Forgotten | Self::AlreadyExists | Self::Invalid(_) => None,
        }
    }
}
