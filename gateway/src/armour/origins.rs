//! Pages of other origins: which of them may call the API (CORS).

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::error::CorsError;
use poem::http::header::{HOST, HeaderName, ORIGIN};
use poem::http::{HeaderValue, Method};
use poem::middleware::Cors;
use poem::{Endpoint, EndpointExt, Request, Response};

use super::About;
use crate::problem::{Kind, Problem};

/// What a page may read of an answer beside its body.
const SHOWN: [&str; 7] = ["kith-position", "etag", "location", "x-request-id", "ratelimit", "ratelimit-policy", "retry-after"];
/// For how many seconds a browser need not ask again.
const BELIEF_SECONDS: i32 = 600;

/// Lets pages of these origins call the endpoint beside the service's own, and refuses those of any other. With no origins at all
/// the endpoint stays as it is, and browsers keep what it answers from pages elsewhere.
pub fn allow<E>(endpoint: E, origins: &[String]) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let origins: Vec<_> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if origins.is_empty() {
        return endpoint.boxed();
    }
    let cors = Cors::new()
        .allow_origins(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .expose_headers(SHOWN.map(HeaderName::from_static))
        .max_age(BELIEF_SECONDS);
    endpoint.with(cors).around(judge).boxed()
}

async fn judge<E: Endpoint<Output = Response>>(endpoint: Arc<E>, mut request: Request) -> poem::Result<Response> {
    if is_own(&request) {
        request.headers_mut().remove(ORIGIN);
    }
    let about = About::of(&request);
    match endpoint.call(request).await {
        Err(error) if error.is::<CorsError>() => {
            let problem = Problem::new(Kind::ForeignOrigin, "Pages of this origin may not call this service so.");
            Ok(problem.respond(about.path(), about.correlation_id().as_str()))
        }
        outcome => outcome,
    }
}

/// Whether a page of the service itself calls.
fn is_own(request: &Request) -> bool {
    let host = request.header(HOST);
    let page = request.header(ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    page.is_some() && page == host
}
