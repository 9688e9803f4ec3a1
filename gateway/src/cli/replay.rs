//! `kith replay`: a tenant's events as a stream of documents.

use std::io::{self, BufWriter, Write, stdout};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use event_log::{Log, LogError};
use events::{EventDocument, Position, Recorded, StreamKind, TenantId};
use gateway::live::filter::EventName;
use gateway::live::{Batch, EventFilter, Hub};
use gateway::point::Point;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::ground::Ground;
use super::{CliError, Outcome, tenant_names};
use crate::settings::DataSettings;

/// How many batches of the log are read ahead of what is written.
const AHEAD: usize = 1_024;
/// How many bytes are written at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Print a tenant's events, from any point to any other, at any speed
#[derive(Debug, Args)]
#[command(
    after_help = "JSON Lines by default. With --format msgpack the same documents come as MessagePack values, one right behind \
the other. Of customers who were forgotten only the tombstone is left."
)]
pub struct Replay {
    /// Tenant, by its id or its name
    #[arg(long)]
    tenant: String,
    /// First position, or time from which on
    #[arg(long, value_name = "POINT")]
    from: Option<Point>,
    /// Last position, or time up to which
    #[arg(long, value_name = "POINT", conflicts_with = "follow")]
    to: Option<Point>,
    /// Only events of aggregates of this kind, such as customer
    #[arg(long)]
    kind: Option<StreamKind>,
    /// Only events of this type, such as customer.points_updated
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<EventName>,
    /// Only events of the aggregate with this id
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Only events that the actor with this id caused
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// How events are written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// full: as fast as it goes; real: with the pauses that there were; a number: so many times faster than real
    #[arg(long, default_value = "full")]
    speed: Speed,
    /// Go on with what happens now
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object per line
    Jsonl,
    /// MessagePack values, one right behind the other
    Msgpack,
}

/// How fast the past passes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Speed {
    Full,
    /// So many times as fast as it was.
    Times(f64),
}

/// Why a text is no speed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be full, real, or a number such as 10 for ten times as fast as it was")]
struct SpeedError;

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        match text {
            "full" => Ok(Self::Full),
            "real" => Ok(Self::Times(1.0)),
            number => {
                let times = number.trim_end_matches('x').parse().ok().filter(|times: &f64| times.is_finite() && *times > 0.0);
                times.map(Self::Times).ok_or(SpeedError)
            }
        }
    }
}

impl Replay {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let ground = Ground::find(&self.data).await?;
        let replayed = self.replay(&ground.log).await;
        ground.leave().await;
        replayed.map(|()| Outcome::Done)
    }

    async fn replay(&self, log: &Log) -> Result<(), CliError> {
        let tenant = tenant_names::find(log, &self.tenant).await?;
        let partition = log.partition_of(&tenant);
        let after = match self.from {
            Some(point) => point.before(log, partition).await?,
            None => Position::START,
        };
        let head = log.head(partition).await?;
        let end = match self.to {
            Some(point) => point.last(log, partition).await?.min(head),
            None => head,
        };
        let ends = (!self.follow).then(|| log.all_partitions().map(|_| end).collect());
        let hub = Hub::new(log.clone(), ends);
        let mut batches = read_ahead(&hub, tenant, self.filter(), after, self.follow);
        let mut out = Out::new(self.format, self.speed);
        loop {
            let batch = match batches.try_recv() {
                Ok(batch) => Some(batch),
                Err(_) => match out.flush() {
                    Ok(()) => batches.recv().await,
                    Err(error) => return quietly(error),
                },
            };
            let Some(batch) = batch.transpose()? else { break };
            for event in &batch.events {
                if let Err(error) = out.event(event).await {
                    return quietly(error);
                }
            }
        }
        out.flush().or_else(quietly_io).map_err(failed)
    }

    fn filter(&self) -> EventFilter {
        let (object, actor) = (self.object.clone(), self.actor.clone());
        EventFilter { kind: self.kind, name: self.event_type, object, actor }
    }
}

/// Reads in a task of its own, so that the log and the writer work at the same time.
fn read_ahead(
    hub: &Hub,
    tenant: TenantId,
    filter: EventFilter,
    after: Position,
    follow: bool,
) -> mpsc::Receiver<Result<Arc<Batch>, LogError>> {
    let mut subscription = hub.subscribe(tenant, filter, after);
    let (sender, batches) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        loop {
            let next = if follow { subscription.next().await.map(Some) } else { subscription.recorded().await };
            let Some(next) = next.transpose() else { return };
            let failed = next.is_err();
            if sender.send(next).await.is_err() || failed {
                return;
            }
        }
    });
    batches
}

/// Where the documents go.
struct Out {
    writer: BufWriter<io::Stdout>,
    format: Format,
    speed: Speed,
    /// When the first event was written, and when it was recorded.
    begin: Option<(Instant, DateTime<Utc>)>,
}

impl Out {
    fn new(format: Format, speed: Speed) -> Self {
        Self { writer: BufWriter::with_capacity(BUFFER_BYTES, stdout()), format, speed, begin: None }
    }

    async fn event(&mut self, event: &Recorded) -> io::Result<()> {
        self.pause(event.envelope.recorded_at).await?;
        let document = EventDocument::of(event);
        match self.format {
            Format::Jsonl => {
                serde_json::to_writer(&mut self.writer, &document)?;
                self.writer.write_all(b"\n")
            }
            Format::Msgpack => rmp_serde::encode::write_named(&mut self.writer, &document).map_err(of_msgpack),
        }
    }

    /// Waits until it is time for what was recorded then.
    async fn pause(&mut self, recorded_at: DateTime<Utc>) -> io::Result<()> {
        let Speed::Times(times) = self.speed else { return Ok(()) };
        let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), recorded_at));
        // What was recorded by a clock that is behind is due at once.
        let since = (recorded_at - first).to_std().unwrap_or_default().as_secs_f64() / times;
        let due = begin.checked_add(Duration::try_from_secs_f64(since).unwrap_or(Duration::MAX));
        if due.is_none_or(|due| due > Instant::now()) {
            self.flush()?;
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The cause of what the encoder could not do: mostly that nobody reads any more.
fn of_msgpack(error: rmp_serde::encode::Error) -> io::Error {
    match error {
        rmp_serde::encode::Error::InvalidValueWrite(error) => error.into(),
        other => io::Error::other(other),
    }
}

/// That nobody reads any more is an end like any other.
fn quietly(error: io::Error) -> Result<(), CliError> {
    quietly_io(error).map_err(failed)
}

fn quietly_io(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

fn failed(source: io::Error) -> CliError {
    CliError::File { path: "standard output".into(), verb: "written", source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_full_real_or_a_number() {
        for (text, speed) in
            [("full", Speed::Full), ("real", Speed::Times(1.0)), ("10", Speed::Times(10.0)), ("2.5x", Speed::Times(2.5))]
        {
            assert_eq!(text.parse(), Ok(speed));
        }
        for text in ["", "0", "-1", "fast", "inf", "NaN"] {
            assert_eq!(text.parse::<Speed>(), Err(SpeedError), "{text:?}");
        }
    }
}
