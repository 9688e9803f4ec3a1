//! What happens, as it happens: the ground of every live door.
//!
//! - [`hub`]: one tail per partition, whose commits go to the subscribers of each tenant
//! - [`subscription`]: a tenant's commits from any position on, first from the log and then from the hub
//! - [`filter`]: which of them
//! - [`handshake`]: who may open a socket, and from which pages
//! - [`start`]: where a client goes on
//! - [`socket`]: what every socket does: requests, frames, heartbeats, and a clean end
//! - [`format`]: how frames are written and read; [`written`]: what many are told is written once
//! - [`events`]: `ws /ws/events/`
//! - [`desk`]: `ws /ws/desk/`
//! - [`customers`]: `ws /ws/customers/`; [`providers`]: `ws /ws/provider/customers/`; [`list_door`]: what the two have in common

pub mod customers;
pub mod desk;
pub mod events;
pub mod filter;
pub mod format;
pub mod handshake;
pub mod hub;
pub mod list_door;
pub mod providers;
pub mod socket;
pub mod start;
pub mod subscription;
pub mod written;

use poem::http::Method;
use poem::{Endpoint, EndpointExt, Response, Route};
use poem_openapi::OperationId;

use crate::armour::Table;

pub use filter::EventFilter;
pub use format::Format;
pub use handshake::Handshake;
pub use hub::{Batch, Hub};
pub use socket::{Ending, Said, Source};
pub use subscription::Subscription;

/// Adds every socket to the routes, and to the table of what is where.
pub fn add_sockets(routes: Route, table: &mut Table) -> Route {
    let routes = add(routes, table, "streamEvents", "/ws/events/", poem::get(events::open));
    let routes = add(routes, table, "followCustomers", "/ws/customers/", poem::get(customers::open));
    let routes = add(routes, table, "followProviderCustomers", "/ws/provider/customers/", poem::get(providers::open));
    add(routes, table, "workAtDesk", "/ws/desk/", poem::get(desk::open))
}

fn add(
    routes: Route,
    table: &mut Table,
    operation: &'static str,
    path: &'static str,
    endpoint: impl Endpoint + 'static,
) -> Route {
    table.add_operation(operation, path, &[Method::GET]);
    routes.at(path, named(operation, endpoint))
}

/// Names the operation in whatever the endpoint answers.
pub(crate) fn named(operation: &'static str, endpoint: impl Endpoint + 'static) -> impl Endpoint<Output = Response> {
    endpoint.map_to_response().around(move |endpoint, request| async move {
        let mut answer = endpoint.call(request).await;
        match &mut answer {
            Ok(response) => response.set_data(OperationId(operation)),
            Err(error) => error.set_data(OperationId(operation)),
        }
        answer
    })
}
