//! How the log is doing: connection, durability, end of the log.

use std::time::Duration;

use serde::Deserialize;

use crate::error::LogError;

/// How long the monitor may take.
const MONITOR: Duration = Duration::from_secs(5);

/// What the monitor says about `JetStream` (`/jsz`).
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Monitored {
    #[serde(default)]
    config: Option<Config>,
    #[serde(default)]
    limits: Option<Limits>,
}

#[derive(Debug, Default, Deserialize)]
struct Config {
    #[serde(default)]
    sync_always: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Limits {
    #[serde(default)]
    max_batch_size: Option<usize>,
}

impl Monitored {
    /// Whether the server writes to disk before it acknowledges.
    pub(crate) fn sync_always(&self) -> bool {
        self.config.as_ref().is_some_and(|config| config.sync_always)
    }

    /// The most messages of an atomic batch, where it is set.
    pub(crate) fn max_batch_size(&self) -> Option<usize> {
        self.limits.as_ref().and_then(|limits| limits.max_batch_size).filter(|size| *size > 0)
    }
}

/// Asks the monitor.
pub(crate) async fn ask(http: &reqwest::Client, monitor_url: &str) -> Result<Monitored, LogError> {
    let answer = http.get(format!("{}/jsz", monitor_url.trim_end_matches('/'))).timeout(MONITOR).send().await;
    let body = match answer.and_then(reqwest::Response::error_for_status) {
        Ok(answer) => answer.bytes().await,
        Err(error) => Err(error),
    };
    let body = body.map_err(|error| LogError::Monitor(error.without_url().to_string()))?;
    serde_json::from_slice(&body).map_err(|error| LogError::Monitor(error.to_string()))
}
