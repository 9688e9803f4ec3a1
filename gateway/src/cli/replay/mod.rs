//! `kith replay`: a tenant's events as a stream of documents.

mod out;
mod span;
mod speed;

use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use event_log::{Log, LogError};
use events::{Position, StreamKind, TenantId};
use gateway::live::filter::EventName;
use gateway::live::{Batch, EventFilter, Hub};
use gateway::point::Point;
use tokio::sync::mpsc;

use self::out::{Format, Out};
use self::span::Span;
use self::speed::Speed;
use super::error::quietly;
use super::ground::Ground;
use super::{CliError, Outcome, tenant_names};
use crate::settings::DataSettings;

/// How many batches of the log are read ahead of what is written.
const AHEAD: usize = 1_024;

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
    /// Only events of aggregates of this kind
    #[arg(long, value_parser = kinds())]
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

/// Reads the name of a kind. Which there are, its help and its refusal tell.
fn kinds() -> impl TypedValueParser<Value = StreamKind> {
    PossibleValuesParser::new(StreamKind::ALL.map(StreamKind::name)).try_map(|name| name.parse())
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
        let Span { after, end } = Span::find(log, partition, (self.from, self.to), self.follow).await?;
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
        out.flush().or_else(quietly)
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
