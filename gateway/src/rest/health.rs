//! `/health/` and `/metrics`: whether the service is well.

use std::sync::Arc;

use poem::Response;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use projections::{Pace, ProjectionHealth};

use super::Tag;
use crate::app::AppState;
use crate::armour::{About, metrics as recorder};
use crate::problem::Problem;

/// How many positions a projection may be behind while the service counts as ready.
const MOST_LAG: u64 = 5_000;

/// Health.
pub struct HealthApi;

#[OpenApi(prefix_path = "/health", tag = "Tag::Health")]
impl HealthApi {
    /// Whether the process answers
    #[oai(path = "/live", method = "get", operation_id = "getLive")]
    async fn live(&self) -> Json<Live> {
        Json(Live { status: "live".to_owned() })
    }

    /// Whether the service can do its work
    ///
    /// Not ready while the log cannot be reached or does not sync every write, or while a projection failed, is fenced or (a
    /// prompt one) is far behind; `reasons` says which.
    #[oai(path = "/ready", method = "get", operation_id = "getReady")]
    async fn ready(&self, app: Data<&AppState>, _about: Data<&Arc<About>>) -> Result<ReadyAnswer, Problem> {
        let readiness = readiness(&app).await;
        Ok(if readiness.reasons.is_empty() {
            ReadyAnswer::Ready(Json(readiness))
        } else {
            ReadyAnswer::NotReady(Json(readiness))
        })
    }
}

/// What `/metrics` answers, in Prometheus' text format.
pub fn metrics() -> Response {
    Response::builder().content_type("text/plain; version=0.0.4").body(recorder::render())
}

/// The process answers.
#[derive(Debug, Clone, Object)]
pub struct Live {
    /// `live`.
    status: String,
}

/// Whether the service can do its work.
#[derive(ApiResponse)]
pub enum ReadyAnswer {
    /// It can.
    #[oai(status = 200)]
    Ready(Json<Readiness>),
    /// It cannot.
    #[oai(status = 503)]
    NotReady(Json<Readiness>),
}

/// How the service's parts are doing.
#[derive(Debug, Clone, Object)]
pub struct Readiness {
    /// `ready` or `not ready`.
    status: String,
    /// Why it is not ready.
    reasons: Vec<String>,
    /// The log.
    log: LogState,
    /// The projections.
    projections: Vec<ProjectionState>,
}

/// How the log is doing.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LogState {
    /// Whether there is a connection and the server answers.
    connected: bool,
    /// Whether the server writes to disk before it acknowledges; absent when there is no monitor to ask.
    sync_always: Option<bool>,
    /// The server's version.
    server_version: String,
}

/// How a projection is doing in a partition.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ProjectionState {
    /// Its name.
    name: String,
    /// `prompt`: writes are answered when it shows them; `trailing`: it follows a little later.
    pace: String,
    /// The partition.
    partition: u16,
    /// Everything up to here is applied.
    position: u64,
    /// The last position of the log.
    head: u64,
    /// Positions between the two.
    lag: u64,
    /// Which generation of its tables is read.
    generation: i64,
    /// Whether that is still being filled from the log, so that it cannot be read yet.
    filling: bool,
    /// Whether it stands still because something cannot be applied.
    failed: bool,
    /// Whether it is ahead of the log, which lost data.
    fenced: bool,
}

async fn readiness(app: &AppState) -> Readiness {
    let mut reasons = Vec::new();
    let log = log_state(app, &mut reasons).await;
    let health = (app.health)();
    if health.projections.is_empty() {
        reasons.push("the projections have not started".to_owned());
    }
    let projections = health.projections.iter().map(|one| projection_state(one, &mut reasons)).collect();
    let status = if reasons.is_empty() { "ready" } else { "not ready" };
    Readiness { status: status.to_owned(), reasons, log, projections }
}

async fn log_state(app: &AppState, reasons: &mut Vec<String>) -> LogState {
    let health = match app.log.health().await {
        Ok(health) => health,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the log's health cannot be looked up");
            reasons.push("the log cannot be reached".to_owned());
            return LogState { connected: false, sync_always: None, server_version: String::new() };
        }
    };
    if !health.connected {
        reasons.push("the log cannot be reached".to_owned());
    }
    if let Some(position) = health.torn {
        reasons.push(format!("the log is torn at position {position}"));
    }
    if health.sync_always == Some(false) && !app.options.relaxed {
        reasons.push("the log does not sync every write to disk".to_owned());
    }
    LogState { connected: health.connected, sync_always: health.sync_always, server_version: health.server_version }
}

fn projection_state(one: &ProjectionHealth, reasons: &mut Vec<String>) -> ProjectionState {
    let place = format!("projection {} (partition {})", one.name, one.partition.0);
    if one.failed.is_some() {
        reasons.push(format!("{place} stands still at position {}", one.position));
    }
    if one.fenced {
        reasons.push(format!("{place} is ahead of the log"));
    }
    if one.pace == Pace::Prompt && one.filling {
        reasons.push(format!("{place} is being filled"));
    }
    if one.pace == Pace::Prompt && !one.filling && one.is_starting() {
        reasons.push(format!("{place} does not show yet what was there at the start"));
    }
    // A trailing one that lags is told of, and holds nobody up but its own readers.
    if one.pace == Pace::Prompt && one.lag > MOST_LAG {
        reasons.push(format!("{place} is {} positions behind", one.lag));
    }
    ProjectionState {
        name: one.name.to_owned(),
        pace: one.pace.name().to_owned(),
        partition: one.partition.0,
        position: one.position.0,
        head: one.head.0,
        lag: one.lag,
        generation: one.generation,
        filling: one.filling,
        failed: one.failed.is_some(),
        fenced: one.fenced,
    }
}
