//! How the desk is doing, as Prometheus metrics: of all tenants together, and without anything personal.
//!
//! Every process tells what the read models show, so of several the greatest counts, and not their sum.

use std::time::Duration;

use chrono::TimeDelta;
use events::Position;
use events::subject::Partition;
use query_api::QueryError;
use query_api::desk::metrics::{Settled, settled};
use query_api::desk::queues;

use crate::app::AppState;

/// How often it is looked.
const PERIOD: Duration = Duration::from_secs(10);

/// The name of the histogram of response times.
pub const RESPONSE: &str = "kith_desk_response_seconds";
/// The name of the histogram of handle times.
pub const HANDLE: &str = "kith_desk_handle_seconds";
/// The bounds of both, in seconds: from five seconds to eight hours.
pub const BOUNDS: &[f64] = &[5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0];

/// Tells how the desk is doing until the process stops.
pub async fn run(app: AppState) {
    metrics::describe_gauge!("kith_desk_waiting", "Customers who want a person and whom nobody handles");
    metrics::describe_gauge!("kith_desk_assigned", "Conversations that an agent handles");
    metrics::describe_histogram!(RESPONSE, metrics::Unit::Seconds, "From a request for a person to the first agent");
    metrics::describe_histogram!(HANDLE, metrics::Unit::Seconds, "From assignment to unassignment");
    // What was settled before is told by the process that was there.
    let mut seen: Vec<(Partition, Position)> =
        app.log.all_partitions().map(|partition| (partition, app.progress.position(partition))).collect();
    let mut ticks = tokio::time::interval(PERIOD);
    loop {
        tokio::select! {
            () = app.live.stopping().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = look(&app, &mut seen).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the desk's metrics cannot be read");
        }
    }
}

async fn look(app: &AppState, seen: &mut [(Partition, Position)]) -> Result<(), QueryError> {
    let queue = queues(&app.models).await?;
    metrics::gauge!("kith_desk_waiting").set(number(queue.waiting));
    metrics::gauge!("kith_desk_assigned").set(number(queue.handled));
    for (partition, after) in seen {
        let until = app.progress.position(*partition);
        for settled in settled(&app.models, *partition, (*after, until)).await? {
            match settled {
                Settled::Response(time) => metrics::histogram!(RESPONSE).record(seconds(time)),
                Settled::Handle(time) => metrics::histogram!(HANDLE).record(seconds(time)),
            }
        }
        *after = until;
    }
    Ok(())
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64().max(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a floating-point number, and no queue is so long that it matters")]
fn number(count: u64) -> f64 {
    count as f64
}
