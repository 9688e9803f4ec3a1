//! The outbox: answers that wait to be delivered, and who sees to it that they get out.
//!
//! An answer waits from the moment that it is in the log: the outbox has no store of its own. Which ones wait is a question to the
//! read models when a process begins to send, and from then on the log's tail tells. What became of an answer is an event again, so a
//! process that is killed between sending and noting sends once more, and it is noted once. Of an answer in several parts the whole is sent
//! once more, from its first part, and no other answer of the conversation comes between.
//!
//! - [`lease`]: one process sends for a partition at a time
//! - [`book`]: what waits, conversation by conversation, in order
//! - `sending`: the loop of the process whose turn it is
//! - `courier`: one answer, until the channel took it or will not

pub mod book;
mod courier;
pub mod lease;
mod record;
mod sending;

use std::time::Duration;

use events::subject::Partition;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::AppState;
use lease::Lease;
use sending::Sending;

/// How many answers wait.
const WAITING: &str = "kith_outbox_waiting";
/// Counts tries to deliver an answer by what came of them.
const TRIES: &str = "kith_outbox_tries_total";
/// How long to wait after the log or the read models failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Says what is measured.
pub fn describe_metrics() {
    metrics::describe_gauge!(WAITING, "Answers that wait to be delivered, by partition, where this process delivers them");
    metrics::describe_counter!(TRIES, "Tries to deliver an answer, by what came of them");
}

/// How answers are delivered.
#[derive(Debug, Clone)]
pub struct OutboxOptions {
    /// Base URL of the Send API, to which `/me/messages` is added.
    pub send_api_url: String,
    /// Hosts of tenants' programs that may be called; `*` is any. None by default, since an address inside the house is none of
    /// a tenant's business.
    pub outbound_hosts: Vec<String>,
    /// How long a channel may take to answer.
    pub timeout: Duration,
    /// About how long to wait before the second try; then twice as long each time.
    pub first_pause: Duration,
    /// About how long to wait at most.
    pub longest_pause: Duration,
    /// For how long an answer is tried before it counts as failed.
    pub patience: Duration,
    /// After how long another process takes over from one that is gone; whole seconds.
    pub lease: Duration,
}

impl Default for OutboxOptions {
    fn default() -> Self {
        Self {
            send_api_url: "https://graph.facebook.com/v23.0".to_owned(),
            outbound_hosts: Vec::new(),
            timeout: Duration::from_secs(10),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            // What the channels themselves allow for an answer.
            patience: Duration::from_secs(24 * 60 * 60),
            lease: Duration::from_secs(6),
        }
    }
}

/// An outbox at work. Dropping it stops it.
#[derive(Debug)]
pub struct Outbox {
    stop: CancellationToken,
    kill: CancellationToken,
    tasks: TaskTracker,
}

impl Outbox {
    /// Starts to deliver answers. Any number of processes may do so on one log: for each partition one of them sends, and another
    /// takes over when it is gone.
    #[must_use]
    pub fn start(app: &AppState) -> Self {
        let (stop, kill, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        for partition in app.log.all_partitions() {
            let (work, kill) = (run(app.clone(), partition, stop.clone()), kill.clone());
            tasks.spawn(async move {
                // Who is killed leaves everything as it is.
                let _ = kill.run_until_cancelled_owned(work).await;
            });
        }
        tasks.close();
        Self { stop, kill, tasks }
    }

    /// Finishes what is being sent and stops; what takes longer than `patience` is cut off, and sent by whoever comes next.
    pub async fn stop(self, patience: Duration) {
        self.stop.cancel();
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!("answers that were being sent are left to the next process");
            self.abort().await;
        }
    }

    /// Stops in the middle of whatever is being done, as a crash would.
    pub async fn abort(self) {
        self.kill.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Sends for a partition whenever no other process does.
async fn run(app: AppState, partition: Partition, stop: CancellationToken) {
    let ttl = app.options.outbox.lease;
    while !stop.is_cancelled() {
        let pause = match Lease::take(app.log.secrets(), partition, ttl).await {
            Ok(Some(lease)) => {
                tracing::info!(partition = partition.0, "delivers answers");
                match Sending::new(app.clone(), partition, stop.clone()).run(lease).await {
                    Ok(()) => Duration::ZERO,
                    Err(error) => {
                        let error: &(dyn std::error::Error + 'static) = &error;
                        tracing::warn!(partition = partition.0, error, "answers cannot be delivered at the moment");
                        AFTER_FAILURE
                    }
                }
            }
            Ok(None) => ttl / 4,
            Err(error) => {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(partition = partition.0, error, "who delivers answers cannot be told");
                AFTER_FAILURE
            }
        };
        let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}
