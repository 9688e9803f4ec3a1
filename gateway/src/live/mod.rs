//! What happens, as it happens: the ground of every live door.
//!
//! - [`hub`]: one tail per partition, whose commits go to the subscribers of each tenant
//! - [`subscription`]: a tenant's commits from any position on, first from the log and then from the hub
//! - [`filter`]: which of them
//! - [`handshake`]: who may open a socket, and from which pages
//! - [`socket`]: what every socket does: frames, heartbeats, and a clean end
//! - [`events`]: `ws /ws/events/`

pub mod events;
pub mod filter;
pub mod handshake;
pub mod hub;
pub mod socket;
pub mod subscription;

use std::collections::HashMap;

use poem::{Endpoint, EndpointExt, Response, Route};
use poem_openapi::OperationId;

pub use filter::EventFilter;
pub use handshake::Handshake;
pub use hub::{Batch, Hub};
pub use socket::{Ending, Format, Source};
pub use subscription::Subscription;

/// Adds every socket to the routes, and its path to those of the operations, for logs and metrics.
pub fn add_sockets(routes: Route, paths: &mut HashMap<String, String>) -> Route {
    const EVENTS: (&str, &str) = ("streamEvents", "/ws/events/");
    paths.insert(EVENTS.0.to_owned(), EVENTS.1.to_owned());
    routes.at(EVENTS.1, named(EVENTS.0, poem::get(events::open)))
}

/// Names the operation in whatever the endpoint answers.
fn named(operation: &'static str, endpoint: impl Endpoint + 'static) -> impl Endpoint<Output = Response> {
    endpoint.map_to_response().around(move |endpoint, request| async move {
        let mut answer = endpoint.call(request).await;
        match &mut answer {
            Ok(response) => response.set_data(OperationId(operation)),
            Err(error) => error.set_data(OperationId(operation)),
        }
        answer
    })
}
