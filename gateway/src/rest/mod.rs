//! The REST interface. Every group of operations is registered in [`api`], and nowhere else.

pub mod answer;
pub mod as_of;
pub mod audit_trail;
pub mod body;
pub mod bookings;
pub mod call;
pub mod conditions;
pub mod customers;
pub mod dashboard;
pub mod desk;
pub mod events;
pub mod field_history;
pub mod fields;
pub mod health;
pub mod inbound;
pub mod moment;
pub(crate) mod once;
pub mod pages;
pub mod paging;
pub mod params;
pub mod password;
mod run;
pub mod tags;
pub mod tenants;
pub mod timeline;
pub mod token;
pub mod users;

use std::net::{IpAddr, Ipv4Addr};

use event_log::LogError;
use poem::endpoint::make_sync;
use poem::http::Method;
use poem::web::Html;
use poem::{Addr, Endpoint, EndpointExt, Request, Response, Route};
use poem_openapi::Tags;
use query_api::QueryError;

use crate::app::AppState;
use crate::armour::Table;
use crate::channel::messenger;
use crate::live;
use crate::openapi;
use crate::problem::Problem;

/// The groups of operations, as the document shows them.
#[derive(Tags)]
pub enum Tag {
    /// Customers, their points and their orders.
    Customers,
    /// Everything that happened.
    Events,
    /// Who did what, field by field and as a story.
    Audit,
    /// Where people take over from the bot: conversations with customers, pages and tags.
    Desk,
    /// Providers' business: services, bookings, payments, reviews, and the customers of each.
    Bookings,
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
pub type Api = (
    customers::CustomersApi,
    events::EventsApi,
    audit_trail::AuditTrailApi,
    field_history::FieldHistoryApi,
    timeline::TimelineApi,
    dashboard::DashboardApi,
    desk::DeskApi,
    inbound::InboundApi,
    pages::PagesApi,
    tags::TagsApi,
    bookings::BookingsApi,
    token::TokenApi,
    password::PasswordApi,
    users::UsersApi,
    tenants::TenantsApi,
    health::HealthApi,
);

/// Every group of operations.
#[must_use]
pub fn api() -> Api {
    (
        customers::api(),
        events::EventsApi,
        audit_trail::AuditTrailApi,
        field_history::FieldHistoryApi,
        timeline::TimelineApi,
        dashboard::DashboardApi,
        desk::api(),
        inbound::InboundApi,
        pages::PagesApi,
        tags::api(),
        bookings::api(),
        token::TokenApi,
        password::PasswordApi,
        users::UsersApi,
        tenants::TenantsApi,
        health::HealthApi,
    )
}

/// Every route, and the table of what is where.
pub fn routes(_state: &AppState) -> (impl Endpoint<Output = Response> + use<>, Table) {
    let document = openapi::document();
    let mut table = Table::of(&document);
    let text = document.to_string();
    let page = openapi::page(&text);
    let spec = make_sync(move |_| Response::builder().content_type(answer::JSON).body(text.clone()));
    let docs = make_sync(move |_| Html(page.clone()));
    let metrics = make_sync(|_| health::metrics());
    for path in ["/openapi.json", "/docs", "/metrics"] {
        table.add(path, &[Method::GET]);
    }
    let routes = Route::new()
        .at("/openapi.json", poem::get(spec))
        .at("/docs", poem::get(docs))
        .at("/metrics", poem::get(metrics))
        .nest_no_strip("/", openapi::service(&document));
    let routes = messenger::add_webhook(live::add_sockets(routes, &mut table), &mut table);
    (routes.map_to_response(), table)
}

/// The problem of a read model that does not answer.
pub fn unreadable(error: QueryError) -> Problem {
    tracing::warn!(error = &error as &dyn std::error::Error, "the read models cannot be read");
    Problem::unavailable("The service cannot look this up at the moment.")
}

/// The problem of a log that does not answer.
pub fn unreadable_log(error: &LogError) -> Problem {
    tracing::warn!(error = error as &dyn std::error::Error, "the log cannot be read");
    Problem::unavailable("The log cannot be read at the moment.")
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
