//! Everything that can go wrong, as RFC 9457 problem documents. The one map from failures to statuses and codes.

//!
//! - [`kind`]: the kinds with their statuses and codes
//! - [`refusals`]: what rules and the executor refuse, as problems

mod kind;
mod refusals;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::Object;
use poem_openapi::types::ToJSON;

pub use kind::{Kind, Rejected};
pub use refusals::{Refusal, owned, reject};

/// Sentences about fields: field → what is wrong with it.
pub type FieldErrors = BTreeMap<String, Vec<String>>;

/// The media type of a problem document.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Something went wrong. Carries what a client may know, and nothing else.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: Kind,
    sentence: String,
    errors: FieldErrors,
    retry_after: Option<Duration>,
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of that kind, said in one sentence.
    #[must_use]
    pub fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into(), errors: FieldErrors::new(), retry_after: None, headers: Vec::new() }
    }

    /// Wrong fields. The sentence is the first of theirs; where there is one field, it is named.
    #[must_use]
    pub fn invalid(errors: FieldErrors) -> Self {
        Self::fields(Kind::Invalid, errors).naming()
    }

    /// A problem of that kind with sentences about fields, the first of which is the one sentence, as it stands.
    #[must_use]
    pub fn fields(kind: Kind, errors: FieldErrors) -> Self {
        let sentence = errors.values().flatten().next().cloned().unwrap_or_else(|| kind.title().to_owned());
        Self { errors, ..Self::new(kind, sentence) }
    }

    /// One wrong field.
    #[must_use]
    pub fn field(kind: Kind, name: &str, sentence: impl Into<String>) -> Self {
        Self::one_field(kind, name, sentence).naming()
    }

    /// One wrong field, about which the one sentence is as it stands: the words of a specification.
    #[must_use]
    pub fn one_field(kind: Kind, name: &str, sentence: impl Into<String>) -> Self {
        Self::fields(kind, FieldErrors::from([(name.to_owned(), vec![sentence.into()])]))
    }

    /// Names the one wrong field of a request in the sentence, for who reads no other member. What rules say is left as it is.
    fn naming(mut self) -> Self {
        let is_request = matches!(self.kind, Kind::Invalid | Kind::InvalidParameter);
        if let (true, 1, Some(name)) = (is_request, self.errors.len(), self.errors.keys().next())
            && !tells(&self.sentence, name)
        {
            self.sentence = format!("{name}: {}", self.sentence);
        }
        self
    }

    /// Nothing of that name here, or nothing that this tenant may know of: the same answer for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "Not found.")
    }

    /// The service cannot do it now; it is worth trying again.
    #[must_use]
    pub fn unavailable(sentence: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, sentence).retry_after(Duration::from_secs(1))
    }

    /// A mistake of Kith's own. The cause goes to the log, not to the client.
    #[must_use]
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "a mistake in the gateway");
        Self::new(Kind::Internal, "Something went wrong here; the correlation id helps to find out what.")
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What is wrong with which field.
    #[must_use]
    pub const fn errors(&self) -> &FieldErrors {
        &self.errors
    }

    /// Says when to try again; whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The document for a request.
    #[must_use]
    pub fn document(&self, instance: &str, correlation_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:kith:problem:{}", self.kind.code()),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.sentence.clone(),
            instance: instance.to_owned(),
            code: self.kind.code().to_owned(),
            correlation_id: correlation_id.to_owned(),
            error: self.sentence.clone(),
            errors: (!self.errors.is_empty()).then(|| self.errors.clone()),
        }
    }

    /// The answer to a request.
    #[must_use]
    pub fn respond(&self, instance: &str, correlation_id: &str) -> Response {
        let body = self.document(instance, correlation_id).to_json_string();
        let mut response = Response::builder().status(self.kind.status()).content_type(CONTENT_TYPE).body(body);
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(correlation_id) {
            headers.insert("x-request-id", value);
        }
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)));
        }
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        response
    }
}

/// Whether a sentence names a field: as a word, for a short name may stand in another word by chance.
fn tells(sentence: &str, field: &str) -> bool {
    sentence.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').any(|word| word.eq_ignore_ascii_case(field))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.sentence)
    }
}

impl std::error::Error for Problem {}

impl poem::error::ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.kind.status()
    }

    fn as_response(&self) -> Response {
        self.respond("", "").into_response()
    }
}

/// What went wrong, for programs and for people (RFC 9457).
#[derive(Debug, Clone, Object)]
#[oai(rename = "Problem", skip_serializing_if_is_none)]
pub struct ProblemDocument {
    /// Names the kind of problem.
    #[oai(rename = "type")]
    kind: String,
    /// The kind in a few words.
    title: String,
    /// The HTTP status.
    #[oai(validator(minimum(value = "400"), maximum(value = "599")))]
    status: u16,
    /// What happened this time.
    detail: String,
    /// The path of the request.
    instance: String,
    /// A code that never changes, such as `customer.email_taken`.
    code: String,
    /// Names the request in the service's logs.
    correlation_id: String,
    /// What happened, in one sentence.
    error: String,
    /// What is wrong with which field.
    errors: Option<FieldErrors>,
}
