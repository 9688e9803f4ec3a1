//! Answers: what a body comes with, the same for every endpoint.

use std::borrow::Cow;

use events::{Position, StreamVersion, TenantId};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};

use super::call::Call;
use super::conditions::{Tags, etag, tag};
use crate::armour::POSITION;
use crate::problem::{Problem, ProblemDocument};

/// The media type of every other answer.
pub const JSON: &str = "application/json";

/// What was read, as of a position.
pub struct Read<T> {
    body: T,
    position: Position,
    version: Option<StreamVersion>,
    known: Option<Tags>,
}

impl<T> Read<T> {
    /// An answer that is at least as of a position.
    pub const fn new(body: T, position: Position) -> Self {
        Self { body, position, version: None, known: None }
    }

    /// The answer about one thing with a version; without a body when the client has that very body already.
    pub fn versioned<O>(call: &Call<O>, body: T, position: Position, version: StreamVersion) -> Self {
        Self { body, position, version: Some(version), known: call.if_none_match.clone() }
    }
}

impl<T: ToJSON> IntoResponse for Read<T> {
    fn into_response(self) -> Response {
        let body = self.body.to_json_string();
        let tag = self.version.map(|version| tag(version, &body));
        let is_known = tag.as_ref().is_some_and(|tag| self.known.is_some_and(|known| known.contains(tag)));
        let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { json(StatusCode::OK, body) };
        response.headers_mut().insert(POSITION, HeaderValue::from(self.position.0));
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, etag(&tag));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        response
    }
}

impl<T: ToJSON> ApiResponse for Read<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![response::<T>(200, "Here it is.")] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// What a write led to. `STATUS` is that of the answer when the read models show it.
pub struct Written<T, const STATUS: u16> {
    body: Option<T>,
    accepted: Option<Accepted>,
    position: Position,
    version: Option<StreamVersion>,
    location: Option<String>,
}

impl<T, const STATUS: u16> Written<T, STATUS> {
    /// The answer to a write at a position: waits until the read models show it (at most two seconds), unless the client does
    /// not want to wait.
    pub async fn settle<O>(call: &Call<O>, body: Option<T>, position: Position) -> Self {
        Self::settle_in(call, &call.tenant.id, body, position).await
    }

    /// As [`Written::settle`], for what was written to another tenant than the request's.
    pub async fn settle_in<O>(call: &Call<O>, tenant: &TenantId, body: Option<T>, position: Position) -> Self {
        let position = if position == Position::START { call.app.position(Some(tenant)) } else { position };
        let accepted = if call.respond_async { Some(Accepted { position: position.0 }) } else { None };
        if accepted.is_none() {
            // What is not shown in time is recorded all the same; the position in the answer lets the client wait for it.
            let _in_time = call.app.wait_for(tenant, position).await;
        }
        Self { body, accepted, position, version: None, location: None }
    }

    /// The answer, without a body, to what is no matter of the read models.
    #[must_use]
    pub const fn at_once(position: Position) -> Self {
        Self { body: None, accepted: None, position, version: None, location: None }
    }

    /// With the version that the thing has now.
    #[must_use]
    pub fn version(mut self, version: StreamVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// With the place where the new thing is.
    #[must_use]
    pub fn location(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }
}

impl<T: ToJSON, const STATUS: u16> IntoResponse for Written<T, STATUS> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        // What is written is answered with the tag of the body that shows it; where none does, with the version alone.
        let shown = self
            .body
            .as_ref()
            .filter(|_| self.accepted.is_none() && status != StatusCode::NO_CONTENT)
            .map(ToJSON::to_json_string);
        let tag = self.version.map(|version| shown.as_ref().map_or(version.to_string(), |body| tag(version, body)));
        let mut response = match (&self.accepted, shown) {
            (Some(accepted), _) => {
                let mut response = json(StatusCode::ACCEPTED, accepted.to_json_string());
                response.headers_mut().insert("preference-applied", HeaderValue::from_static("respond-async"));
                response
            }
            (None, Some(body)) => json(status, body),
            (None, None) => status.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(POSITION, HeaderValue::from(self.position.0));
        if let Some(tag) = tag {
            headers.insert(header::ETAG, etag(&tag));
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}

impl<T: ToJSON, const STATUS: u16> ApiResponse for Written<T, STATUS> {
    fn meta() -> MetaResponses {
        let mut done = response::<T>(STATUS, "Done, and shown from now on.");
        match STATUS {
            201 => done.headers.push(text_header("LOCATION", "Where the new one is.")),
            204 => done.content.clear(),
            _ => {}
        }
        let accepted = response::<Accepted>(202, "Recorded; the read models will show it soon (`Prefer: respond-async`).");
        MetaResponses { responses: vec![done, accepted] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        Accepted::register(registry);
    }
}

/// Recorded, and not shown by the read models yet.
#[derive(Debug, Clone, Object)]
pub struct Accepted {
    /// Where it stands in the log. `min_position` on a GET waits for it.
    #[oai(validator(minimum(value = "0")))]
    position: u64,
}

/// No body.
#[derive(Debug, Clone, Object)]
pub struct Nothing {}

/// A JSON response.
fn json(status: StatusCode, body: String) -> Response {
    Response::builder().status(status).content_type(JSON).body(body)
}

fn response<T: Type>(status: u16, description: &'static str) -> MetaResponse {
    let content = vec![MetaMediaType { content_type: JSON, schema: T::schema_ref() }];
    MetaResponse { description, status: Some(status), status_range: None, content, headers: vec![] }
}

fn text_header(name: &str, description: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: true,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    }
}

/// Problems are described for all operations alike, in [`crate::openapi`].
impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![] }
    }

    fn register(registry: &mut Registry) {
        ProblemDocument::register(registry);
    }
}

/// A body of another type than JSON, such as a file.
pub struct File<P> {
    /// The file.
    pub payload: P,
    /// The name under which a browser keeps it.
    pub name: Cow<'static, str>,
    /// What it is at least as of.
    pub position: Position,
}

impl<P: IntoResponse> IntoResponse for File<P> {
    fn into_response(self) -> Response {
        let mut response = self.payload.into_response();
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        let headers = response.headers_mut();
        headers.insert(POSITION, HeaderValue::from(self.position.0));
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

impl<P: Payload> ApiResponse for File<P> {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: P::CONTENT_TYPE, schema: P::schema_ref() }];
        let description = "The file, as it is read.";
        MetaResponses {
            responses: vec![MetaResponse { description, status: Some(200), status_range: None, content, headers: vec![] }],
        }
    }

    fn register(registry: &mut Registry) {
        P::register(registry);
    }
}

/// A CSV file.
pub struct Csv(pub Body);

impl Payload for Csv {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }
}

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}
