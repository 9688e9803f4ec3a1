//! The REST interface. Every group of operations is registered in [`api`], and nowhere else.

pub mod answer;
pub mod call;
pub mod conditions;
pub mod customers;
pub mod fields;
pub mod health;
pub mod moment;
pub mod paging;
pub mod params;
mod run;
pub mod tenants;
pub mod token;
pub mod users;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use poem::endpoint::make_sync;
use poem::web::Html;
use poem::{Addr, Endpoint, EndpointExt, Request, Response, Route};
use poem_openapi::Tags;
use query_api::QueryError;

use crate::app::AppState;
use crate::openapi;
use crate::problem::Problem;

/// The groups of operations, as the document shows them.
#[derive(Tags)]
pub enum Tag {
    /// Customers, their points and their orders.
    Customers,
    /// Signing in and out.
    Auth,
    /// The people who sign in.
    Users,
    /// The businesses whose data is kept apart.
    Tenants,
    /// Whether the service is well.
    Health,
}

/// Every group of operations.
pub type Api = (customers::CustomersApi, token::TokenApi, users::UsersApi, tenants::TenantsApi, health::HealthApi);

/// Every group of operations.
#[must_use]
pub fn api() -> Api {
    (customers::api(), token::TokenApi, users::UsersApi, tenants::TenantsApi, health::HealthApi)
}

/// Every route, and the path of each operation for logs and metrics.
pub fn routes(_state: &AppState) -> (impl Endpoint<Output = Response> + use<>, HashMap<String, String>) {
    let document = openapi::document();
    let paths = openapi::paths(&document);
    let text = document.to_string();
    let page = openapi::page(&text);
    let spec = make_sync(move |_| Response::builder().content_type(answer::JSON).body(text.clone()));
    let docs = make_sync(move |_| Html(page.clone()));
    let metrics = make_sync(|_| health::metrics());
    let routes = Route::new()
        .at("/openapi.json", poem::get(spec))
        .at("/docs", poem::get(docs))
        .at("/metrics", poem::get(metrics))
        .nest_no_strip("/", openapi::service());
    (routes.map_to_response(), paths)
}

/// The problem of a read model that does not answer.
pub fn unreadable(error: QueryError) -> Problem {
    tracing::warn!(error = &error as &dyn std::error::Error, "the read models cannot be read");
    Problem::unavailable("The service cannot look this up at the moment.")
}

/// The client's address: what the connection says, or what the proxy says where there is one.
pub fn address(app: &AppState, request: &Request) -> IpAddr {
    let forwarded = || request.header("x-forwarded-for")?.rsplit(',').next()?.trim().parse().ok();
    let direct = match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip(),
        Addr::Unix(_) | Addr::Custom(_, _) => Ipv4Addr::UNSPECIFIED.into(),
    };
    if app.options.behind_proxy { forwarded().unwrap_or(direct) } else { direct }
}
