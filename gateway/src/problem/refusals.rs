//! What the rules of the aggregates and the executor refuse, as problems. Exhaustive: a new rule needs a status before it compiles.

mod providers;

use std::time::Duration;

use commands::{
    CommandError, ConversationRejection, CustomerRejection, PageRejection, Rejection, TagRejection, TenantRejection,
    UserRejection, Winner,
};
use poem::http::StatusCode;

use super::{FieldErrors, Kind, Problem, Rejected};
use crate::rest::conditions;

/// A rejection that knows how it looks from outside.
pub trait Refusal: Rejection {
    /// The HTTP status.
    fn status(&self) -> StatusCode;

    /// The field that it is about, where it is about one and the rejection itself names none.
    fn field(&self) -> Option<&'static str>;
}

impl Refusal for CustomerRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Deleted => StatusCode::NOT_FOUND,
            Self::Forgotten => StatusCode::GONE,
            Self::AlreadyExists
            | Self::EmailTaken
            | Self::ContactTaken
            | Self::OrderNumberTaken
            | Self::TooManyTags
            | Self::PointsInsufficient { .. } => StatusCode::CONFLICT,
            Self::Invalid(_) | Self::PointsOutOfBounds | Self::CurrencyMismatch { .. } | Self::TotalSpentOutOfBounds => {
                StatusCode::BAD_REQUEST
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::ContactTaken => Some("source_id"),
            Self::TooManyTags => Some("tags"),
            Self::OrderNumberTaken => Some("number"),
            Self::PointsInsufficient { .. } | Self::PointsOutOfBounds => Some("points"),
            Self::CurrencyMismatch { .. } => Some("currency"),
            Self::TotalSpentOutOfBounds => Some("amount"),
            Self::NotFound | Self::Deleted | Self::Forgotten | Self::AlreadyExists | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for UserRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::AlreadyExists | Self::EmailTaken => StatusCode::CONFLICT,
            Self::Invalid(_) | Self::OperatorOutsidePlatform => StatusCode::BAD_REQUEST,
            Self::OwnRole | Self::OwnDeactivation => StatusCode::FORBIDDEN,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::OperatorOutsidePlatform | Self::OwnRole => Some("role"),
            Self::OwnDeactivation => Some("is_active"),
            Self::NotFound | Self::AlreadyExists | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for TenantRejection {
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

impl Refusal for ConversationRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::MessageNotFound => StatusCode::NOT_FOUND,
            Self::Forgotten => StatusCode::GONE,
            Self::AlreadyExists
            | Self::AlreadyAssigned { .. }
            | Self::NotRequested
            | Self::HandledByPerson
            | Self::ReplyOutdated
            | Self::OutboxFull => StatusCode::CONFLICT,
            Self::NotAssignedToYou => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound
            | Self::Forgotten
            | Self::AlreadyExists
            | Self::AlreadyAssigned { .. }
            | Self::NotAssignedToYou
            | Self::NotRequested
            | Self::HandledByPerson
            | Self::ReplyOutdated
            | Self::MessageNotFound
            | Self::OutboxFull
            | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for PageRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::AlreadyExists | Self::Disconnected | Self::AccountTaken => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::AccountTaken => Some("external_id"),
            Self::AccessDenied | Self::AlreadyExists | Self::Disconnected | Self::Invalid(_) => None,
        }
    }
}

impl Refusal for TagRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::AlreadyExists | Self::NameTaken => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken => Some("name"),
            Self::NotFound | Self::AlreadyExists | Self::Invalid(_) => None,
        }
    }
}

/// The problem that a rejection is.
pub fn reject<R: Refusal>(rejection: &R) -> Problem {
    let kind = Kind::Rejected(Rejected { status: rejection.status(), code: rejection.code() });
    if let Some(errors) = rejection.field_errors() {
        return Problem::fields(kind, owned(errors));
    }
    match rejection.field() {
        Some(field) => Problem::field(kind, field, rejection.to_string()),
        None => Problem::new(kind, rejection.to_string()),
    }
}

/// Sentences about fields as problems carry them.
#[must_use]
pub fn owned(errors: &commands::FieldErrors) -> FieldErrors {
    errors.iter().map(|(field, sentences)| (field.to_owned(), sentences.to_vec())).collect()
}

impl<R: Refusal> From<CommandError<R>> for Problem {
    fn from(error: CommandError<R>) -> Self {
        match error {
            // A tenant's own unknown ids and another tenant's look the same.
            CommandError::Rejected(rejection) if rejection.code().ends_with(".not_found") => Self::not_found(),
            CommandError::Rejected(rejection) => reject(&rejection),
            CommandError::Conflict { winner } => Self::new(Kind::Conflict, lost_to(winner)),
            CommandError::IdempotencyKeyReused => {
                Self::new(Kind::IdempotencyKeyReused, "This Idempotency-Key was used for another request.")
            }
            CommandError::VersionMismatch { expected: _, found } => conditions::mismatch(found),
            CommandError::Erased => {
                Self::new(Kind::IdempotencyKeyReused, "The first answer to this request has been erased since.")
            }
            CommandError::TooLarge { entries: _, most } => {
                Self::new(Kind::TooLarge, format!("This is more than can be done in one piece (at most {most} changes)."))
            }
            CommandError::Malformed(_) | CommandError::Record(_) | CommandError::Codec(_) => Self::internal(&error),
            CommandError::Unavailable(_) | CommandError::Log(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a command cannot be carried out");
                Self::unavailable("The log cannot take this at the moment; nothing was changed.")
            }
            CommandError::Uncertain(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the outcome of a command is not known");
                let sentence = "Whether this was recorded is not known; repeat it with the same Idempotency-Key.";
                Self::unavailable(sentence).retry_after(Duration::from_secs(2))
            }
        }
    }
}

fn lost_to(winner: Option<Winner>) -> String {
    match winner {
        Some(winner) => {
            format!("Somebody else was faster: {} by {} at position {}.", winner.event_type, winner.actor, winner.position)
        }
        None => "Somebody else changed the same thing at the same time; try again.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use commands::{BookingRejection, RelationRejection, ServiceRejection};

    use super::*;

    #[test]
    fn codes_of_rules_and_of_the_door_are_told_apart() {
        let people = [CustomerRejection::CODES, UserRejection::CODES, TenantRejection::CODES].concat();
        let rules =
            [people, ConversationRejection::CODES.to_vec(), PageRejection::CODES.to_vec(), TagRejection::CODES.to_vec()].concat();
        let trade = [ServiceRejection::CODES, BookingRejection::CODES, RelationRejection::CODES].concat();
        let rules = [rules, trade].concat();
        for kind in Kind::OWN {
            assert!(kind.code() == "tenant.not_found" || !rules.contains(&kind.code()), "{}", kind.code());
        }
    }

    #[test]
    fn a_taken_email_names_its_field() {
        let document = reject(&CustomerRejection::EmailTaken);
        assert_eq!(document.kind().status(), StatusCode::CONFLICT);
        assert_eq!(document.kind().code(), "customer.email_taken");
        assert_eq!(document.sentence(), "Customer with this email already exists");
    }
}
