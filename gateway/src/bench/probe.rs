//! What the parts below the service give by themselves.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use event_log::managed::{Address, running_address};
use event_log::probe::{Probe, Publisher};
use event_log::{Log, LogOptions};
use events::Position;
use futures_util::StreamExt as _;
use projections::{DatabaseUrl, DbOptions, ReadModels, customer_list, registry};
use tokio::sync::Mutex;

use super::BenchError;
use super::load::{Measured, repeat};

/// Single publishes to the service's own nats-server, so many in flight, while the service rests.
pub async fn raw_publish(data_dir: &Path, in_flight: usize, span: Duration) -> Result<Measured, BenchError> {
    let probe = Probe::connect(&address(data_dir)?.url).await?;
    let publishers: Arc<Vec<Mutex<Publisher>>> = Arc::new((0..in_flight).map(|_| Mutex::new(probe.publisher())).collect());
    let publish = move |number: usize, _| {
        let publishers = publishers.clone();
        async move { Ok(publishers[number].lock().await.publish().await?) }
    };
    let measured = repeat(in_flight, span, publish).await?;
    probe.remove().await?;
    Ok(measured)
}

/// The log of a running service.
pub async fn log(data_dir: &Path) -> Result<Log, BenchError> {
    Ok(Log::connect(&address(data_dir)?.url, LogOptions::default()).await?)
}

/// Messages in the log of a running service.
pub async fn log_length(data_dir: &Path) -> Result<u64, BenchError> {
    let log = log(data_dir).await?;
    let mut length = 0;
    for partition in log.all_partitions() {
        length += log.head(partition).await?.0;
    }
    Ok(length)
}

/// Messages per second that are read and decoded from the log of a running service, and nothing else.
pub async fn read_rate(data_dir: &Path) -> Result<f64, BenchError> {
    let log = log(data_dir).await?;
    let (begin, mut read) = (Instant::now(), 0_u64);
    for partition in log.all_partitions() {
        let head = log.head(partition).await?;
        let mut messages = std::pin::pin!(log.range(partition, Position::START, head).await?);
        while let Some(message) = messages.next().await {
            message?;
            read += 1;
        }
    }
    Ok(read as f64 / begin.elapsed().as_secs_f64())
}

/// Rows per second that the database takes by itself, on the read models of a service that has stopped.
pub async fn insert_rate(data_dir: &Path, tenant: &str) -> Result<f64, BenchError> {
    let models = ReadModels::open(&DatabaseUrl::in_dir(data_dir), DbOptions::default(), &registry::all()).await?;
    let rate = projections::probe::insert_rate(&models.of(customer_list::NAME)?, &tenant.parse()?).await?;
    models.close().await;
    Ok(rate)
}

fn address(data_dir: &Path) -> Result<Address, BenchError> {
    running_address(data_dir).ok_or(BenchError::Gone)
}
