//! Commands on the bus: `kith.cmd.<tenant>.<command>` on the log's server, for services that need no HTTP.
//!
//! A request goes through the same door as one over REST, so that permissions, rules, limits, idempotency keys, correlation ids,
//! problems and answers are the same. The token comes in the header `Authorization`; the tenant of the subject must be its own.
//!
//! - [`commands`]: the table of commands and the operations that carry them out
//! - [`translate`]: from message to request and from response to message

pub mod commands;
mod translate;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use event_log::service::{Request, Service};
use events::subject::ALL_COMMANDS;
use poem::{Endpoint, Response};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::app::AppState;
use translate::{Asked, asked, problem, translated};

/// The most commands at once; more wait in the connection.
const AT_ONCE: usize = 256;

/// Offers the commands to everybody on the log's server. Processes that do so share them.
///
/// # Errors
/// When the server cannot be reached.
pub async fn offer(app: &AppState) -> Result<Service, event_log::LogError> {
    app.log.serve(ALL_COMMANDS, "commands", "Kith: commands, with the answers of the REST interface").await
}

/// Answers until `stop` resolves, then lets what is in flight finish, at most for `grace`.
pub async fn serve<E, F>(mut service: Service, door: Arc<E>, stop: F, grace: Duration)
where
    E: Endpoint<Output = Response> + 'static,
    F: Future<Output = ()>,
{
    let (tracker, places) = (TaskTracker::new(), Arc::new(Semaphore::new(AT_ONCE)));
    let mut is_stopping = false;
    tokio::pin!(stop);
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let request = tokio::select! {
            () = &mut stop, if !is_stopping => {
                is_stopping = true;
                service.stop().await;
                continue;
            }
            request = service.next() => request,
        };
        // After the stop those come that were handed over before it.
        let Some(request) = request else { break };
        let door = Arc::clone(&door);
        tracker.spawn(async move {
            answer(request, &*door).await;
            drop(place);
        });
    }
    if !is_stopping {
        tracing::warn!("commands are not taken on the bus any more: the connection is closed");
    }
    tracker.close();
    if tokio::time::timeout(grace, tracker.wait()).await.is_err() {
        tracing::warn!(commands = tracker.len(), "commands on the bus were cut off at the end of the grace period");
    }
}

async fn answer(request: Request, door: &impl Endpoint<Output = Response>) {
    let Asked { command, format, request: asked } = asked(&request);
    let response = match asked {
        Ok(asked) => door.get_response(asked).await,
        Err(refused) => problem(&refused, &request),
    };
    let status = response.status().as_u16().to_string();
    metrics::counter!("kith_bus_commands_total", "command" => command, "status" => status).increment(1);
    if let Err(error) = request.answer(translated(response, format).await).await {
        tracing::warn!(command, %error, "an answer on the bus did not get through");
    }
}
