//! The Prometheus recorder of the process, and what is counted of requests.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::http::{Method, StatusCode};

use crate::desk::gauges;

/// Bounds of the latency histogram, in seconds.
const LATENCY_BOUNDS: &[f64] = &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Folds what was measured into the histograms so often.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder's handle; `None` when something else records.
fn handle() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| builder()?.install_recorder().ok()).as_ref()
}

/// A recorder that knows the bounds of every histogram.
fn builder() -> Option<PrometheusBuilder> {
    let of_desk = |name: &str| Matcher::Full(name.to_owned());
    let builder = PrometheusBuilder::new().set_buckets(LATENCY_BOUNDS).ok()?;
    let builder = builder.set_buckets_for_metric(of_desk(gauges::RESPONSE), gauges::BOUNDS).ok()?;
    builder.set_buckets_for_metric(of_desk(gauges::HANDLE), gauges::BOUNDS).ok()
}

/// Installs the recorder, once per process, and keeps it tidy as long as `alive` lives.
pub fn install<T: Send + Sync + 'static>(alive: &Arc<T>) {
    let Some(handle) = handle() else { return };
    metrics::describe_counter!("kith_http_requests_total", "HTTP requests by route, method and status");
    metrics::describe_histogram!("kith_http_request_duration_seconds", metrics::Unit::Seconds, "Time from head to answer");
    let alive = Arc::downgrade(alive);
    tokio::spawn(async move {
        while alive.strong_count() > 0 {
            tokio::time::sleep(UPKEEP).await;
            handle.run_upkeep();
        }
    });
}

/// Everything that was counted, in Prometheus' text format.
#[must_use]
pub fn render() -> String {
    handle().map(PrometheusHandle::render).unwrap_or_default()
}

/// Counts a request.
pub fn count(method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
    let method = match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    };
    let route = route.to_owned();
    metrics::counter!("kith_http_requests_total", "route" => route.clone(), "method" => method, "status" => status.as_u16().to_string())
        .increment(1);
    metrics::histogram!("kith_http_request_duration_seconds", "route" => route, "method" => method).record(elapsed.as_secs_f64());
}
