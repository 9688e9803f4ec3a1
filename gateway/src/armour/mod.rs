//! What stands around every request: bounds, a correlation id, one log line, metrics, and problem documents for whatever failed.
//!
//! - [`about`]: what is known of a request from outside, shared by everything that works on it
//! - [`bounds`]: how large a body may be and how long a request may take
//! - [`paths`]: paths with and without the trailing slash
//! - [`origins`]: pages of other origins
//! - [`failures`]: poem's own errors as problems
//! - [`metrics`]: the Prometheus recorder
//! - [`table`]: what is where, and with which methods

pub mod about;
mod bounds;
mod failures;
pub mod metrics;
mod origins;
mod paths;
pub mod table;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use poem::error::MethodNotAllowedError;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use poem_openapi::OperationId;

use crate::app::AppState;
use crate::problem::{Kind, Problem};

pub use about::About;
pub use bounds::{MAX_IMPORT_BYTES, is_import};
pub use origins::allow as allow_origins;
pub use table::Table;

/// The endpoint that stands around all others.
pub struct Door<E> {
    inner: E,
    app: AppState,
    table: Table,
}

impl<E> Door<E> {
    /// Puts the door in front of an endpoint.
    pub fn new(inner: E, app: AppState, table: Table) -> Self {
        Self { inner, app, table }
    }
}

impl<E: Endpoint> Endpoint for Door<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let about = Arc::new(About::of(&request));
        let method = request.method().clone();
        request.extensions_mut().insert(Arc::clone(&about));
        let outcome = self.answer(request, &about).await;
        let (operation, mut response) = match outcome {
            Ok(response) => (response.data::<OperationId>().copied(), response),
            Err(error) => (error.data::<OperationId>().copied(), self.failure(error, &about)),
        };
        self.finish(&mut response, &about);
        let route = operation.and_then(|id| self.table.path(id.0)).unwrap_or("-");
        record(&method, route, response.status(), &about);
        Ok(response)
    }
}

impl<E: Endpoint> Door<E> {
    async fn answer(&self, mut request: Request, about: &Arc<About>) -> poem::Result<Response> {
        bounds::check(&request)?;
        let limit = bounds::time_limit(&request);
        bounds::limit_body(&mut request, about);
        paths::add_slash(&mut request);
        let answer = AssertUnwindSafe(self.inner.get_response_or_error(request)).catch_unwind();
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(Err(_))) if about.overflowed() => Err(bounds::too_large(bounds::MAX_IMPORT_BYTES).into()),
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(failures::panicked(panic.as_ref()).into()),
            Err(_) => Err(Problem::new(Kind::Timeout, "The request took too long.").into()),
        }
    }

    fn failure(&self, error: poem::Error, about: &About) -> Response {
        if error.is_from_response() {
            return error.into_response();
        }
        let problem = match error.is::<MethodNotAllowedError>() {
            true => failures::wrong_method(&self.table.allowed(about.path())),
            false => failures::problem(error),
        };
        problem.respond(about.path(), about.correlation_id().as_str())
    }

    /// Puts on what every answer carries.
    fn finish(&self, response: &mut Response, about: &About) {
        let position = self.app.position(about.tenant());
        let allowance = about.allowance();
        let headers = response.headers_mut();
        if !headers.contains_key(POSITION) {
            headers.insert(POSITION, HeaderValue::from(position.0));
        }
        if let Ok(value) = HeaderValue::from_str(about.correlation_id().as_str()) {
            headers.insert("x-request-id", value);
        }
        for (name, value) in allowance.iter().flat_map(|allowance| allowance.headers()) {
            headers.entry(name).or_insert(value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if about.is_api() {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
        }
    }
}

/// The header with the position that an answer is as of.
pub const POSITION: &str = "kith-position";

/// One log line and the metrics of a request. No query string and no body: they may hold personal data.
fn record(method: &Method, route: &str, status: StatusCode, about: &About) {
    let elapsed = about.elapsed();
    metrics::count(method, route, status, elapsed);
    let latency_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let (status, correlation_id) = (status.as_u16(), about.correlation_id().as_str());
    if route.starts_with("/health/") || route == "/metrics" {
        // Machines ask for these all day, and an answer that says "not ready" is no failure of the request.
        tracing::debug!(%method, route, status, latency_us, correlation_id, "request");
    } else if status >= 500 {
        tracing::warn!(%method, route, status, latency_us, correlation_id, "request");
    } else {
        tracing::info!(%method, route, status, latency_us, correlation_id, "request");
    }
}

/// An endpoint's outcome, with its output as a response.
trait ResponseOrError: Endpoint {
    async fn get_response_or_error(&self, request: Request) -> poem::Result<Response>;
}

impl<E: Endpoint> ResponseOrError for E {
    async fn get_response_or_error(&self, request: Request) -> poem::Result<Response> {
        use poem::IntoResponse;
        self.call(request).await.map(IntoResponse::into_response)
    }
}
