//! The kinds of problem: status, code and title of each, in one exhaustive map.

use poem::http::StatusCode;

/// The kinds of problem, each with a code that never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The path leads nowhere, or to nothing of this tenant.
    NotFound,
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// A page of an origin that may not call.
    ForeignOrigin,
    /// The request cannot be read.
    Malformed,
    /// Fields are missing or wrong.
    Invalid,
    /// A parameter of the path, the query or a header is wrong.
    InvalidParameter,
    /// The body is of a type that is not accepted here.
    UnsupportedMediaType,
    /// The body is too large.
    TooLarge,
    /// The request took too long to arrive or to answer.
    Timeout,
    /// There is no valid token.
    Unauthenticated,
    /// Email and password do not fit.
    WrongCredentials,
    /// The current password that was shown to get another one is wrong.
    WrongPassword,
    /// The refresh token is not valid any more.
    RefreshRefused,
    /// The role does not allow it.
    Forbidden,
    /// The tenant that was asked for is not the user's.
    ForeignTenant,
    /// An operator named no tenant, or one that does not exist.
    TenantNotFound,
    /// Too many requests.
    RateLimited,
    /// `If-Match` does not fit the present version.
    VersionMismatch,
    /// Somebody else changed the same thing at the same time, again and again.
    Conflict,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The door shows a past moment and takes no writes.
    ReadOnly,
    /// The read models have not reached the position that was asked for.
    NotYetReached,
    /// The log or the database cannot be reached.
    Unavailable,
    /// A mistake in Kith.
    Internal,
    /// A rule of an aggregate said no; the rejection brings its own code.
    Rejected(Rejected),
}

/// How a rule's refusal looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rejected {
    /// 400, 403, 404, 409 or 410.
    pub status: StatusCode,
    /// The rejection's own code.
    pub code: &'static str,
}

impl Kind {
    /// Every kind of the door's own.
    pub const OWN: &'static [Self] = &[
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::ForeignOrigin,
        Self::Malformed,
        Self::Invalid,
        Self::InvalidParameter,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::Timeout,
        Self::Unauthenticated,
        Self::WrongCredentials,
        Self::WrongPassword,
        Self::RefreshRefused,
        Self::Forbidden,
        Self::ForeignTenant,
        Self::TenantNotFound,
        Self::RateLimited,
        Self::VersionMismatch,
        Self::Conflict,
        Self::IdempotencyKeyReused,
        Self::ReadOnly,
        Self::NotYetReached,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed | Self::Invalid | Self::InvalidParameter | Self::WrongPassword | Self::TenantNotFound => {
                StatusCode::BAD_REQUEST
            }
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Unauthenticated | Self::WrongCredentials | Self::RefreshRefused => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::ForeignTenant | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::VersionMismatch => StatusCode::PRECONDITION_FAILED,
            Self::Conflict | Self::ReadOnly => StatusCode::CONFLICT,
            Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotYetReached | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Rejected(rejected) => rejected.status,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "request.not_found",
            Self::MethodNotAllowed => "request.method_not_allowed",
            Self::ForeignOrigin => "request.foreign_origin",
            Self::Malformed => "request.malformed",
            Self::Invalid => "request.invalid",
            Self::InvalidParameter => "request.invalid_parameter",
            Self::UnsupportedMediaType => "request.unsupported_media_type",
            Self::TooLarge => "request.too_large",
            Self::Timeout => "request.timeout",
            Self::Unauthenticated => "auth.unauthenticated",
            Self::WrongCredentials => "auth.wrong_credentials",
            Self::WrongPassword => "auth.wrong_password",
            Self::RefreshRefused => "auth.refresh_refused",
            Self::Forbidden => "auth.forbidden",
            Self::ForeignTenant => "auth.foreign_tenant",
            Self::TenantNotFound => "tenant.not_found",
            Self::RateLimited => "rate_limit.exceeded",
            Self::VersionMismatch => "version.mismatch",
            Self::Conflict => "version.conflict",
            Self::IdempotencyKeyReused => "idempotency.key_reused",
            Self::ReadOnly => "service.read_only",
            Self::NotYetReached => "position.not_yet_reached",
            Self::Unavailable => "service.unavailable",
            Self::Internal => "service.internal",
            Self::Rejected(rejected) => rejected.code,
        }
    }

    /// What kind of problem it is, in a few words that stay the same.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::ForeignOrigin => "Another origin",
            Self::Malformed => "Request cannot be read",
            Self::Invalid => "Invalid fields",
            Self::InvalidParameter => "Invalid parameter",
            Self::UnsupportedMediaType => "Unsupported media type",
            Self::TooLarge => "Body too large",
            Self::Timeout => "Request took too long",
            Self::Unauthenticated => "Not signed in",
            Self::WrongCredentials => "Wrong email or password",
            Self::WrongPassword => "Wrong current password",
            Self::RefreshRefused => "Refresh token refused",
            Self::Forbidden => "Not allowed",
            Self::ForeignTenant => "Another tenant",
            Self::TenantNotFound => "Tenant not found",
            Self::RateLimited => "Too many requests",
            Self::VersionMismatch => "Changed in the meantime",
            Self::Conflict => "Conflict",
            Self::IdempotencyKeyReused => "Idempotency key reused",
            Self::ReadOnly => "Read only",
            Self::NotYetReached => "Position not yet reached",
            Self::Unavailable => "Service unavailable",
            Self::Internal => "Internal error",
            Self::Rejected(_) => "Refused",
        }
    }
}
