//! Automatic assignment: where a tenant's rule says so, a customer who wants a person is given to the available agent who handles
//! the fewest.
//!
//! Every process looks, and the append decides: who is slower finds that somebody handles the customer. What is left to do is always
//! the queue, so a process that starts, or starts again after whatever went wrong, looks at the queues first and then follows the log.
//!
//! - [`shift`]: one partition, from looking at its queues to following its log
//! - [`give`]: one tenant's queue

mod give;
mod shift;

use std::time::Duration;

use commands::{CommandError, ConversationRejection};
use event_log::LogError;
use futures_util::future::join_all;
use query_api::QueryError;

use crate::app::AppState;
use shift::Shift;

/// How long after something went wrong it is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the read models may take to show what was recorded.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why customers cannot be given to agents at the moment. The next attempt looks at all queues again.
#[derive(Debug, thiserror::Error)]
enum AssignmentError {
    /// The log cannot be read.
    #[error("the log cannot be read")]
    Log(#[from] LogError),
    /// The read models cannot be read.
    #[error("the read models cannot be read")]
    Query(#[from] QueryError),
    /// The read models are far behind the log.
    #[error("the read models are behind the log")]
    Behind,
    /// The log cannot be followed any more.
    #[error("the tail of the log ended")]
    Ended,
    /// An assignment cannot be recorded.
    #[error("an assignment cannot be recorded")]
    Command(#[from] CommandError<ConversationRejection>),
}

/// Gives customers to agents until the process stops.
pub async fn run(app: AppState) {
    let partitions = app.log.all_partitions().map(|partition| {
        let app = app.clone();
        async move {
            loop {
                let error = tokio::select! {
                    () = app.live.stopping().cancelled() => return,
                    worked = Shift::work(&app, partition) => match worked { Ok(never) => match never {}, Err(error) => error },
                };
                tracing::warn!(partition = partition.0, error = &error as &dyn std::error::Error, "customers wait for agents");
                tokio::select! {
                    () = app.live.stopping().cancelled() => return,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    });
    join_all(partitions).await;
}
