//! The `JetStream` streams behind the log, one for each partition.

use std::collections::HashMap;
use std::sync::Arc;

use async_nats::header::{NATS_BATCH_COMMIT, NATS_BATCH_ID};
use events::Position;
use events::subject::Partition;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::direct::{EVERYTHING, Query};
use crate::error::LogError;
use crate::link::Link;

/// Where the first stream remembers how many partitions there are.
const PARTITIONS: &str = "kith.partitions";

/// The server's code for "no such stream".
const NOT_FOUND: u64 = 10_059;
/// The server's code for "there is a stream of that name with other settings".
const NAME_IN_USE: u64 = 10_058;

#[derive(Deserialize)]
struct Info {
    config: Config,
    state: State,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    metadata: HashMap<String, String>,
    #[serde(default)]
    allow_atomic: bool,
    #[serde(default)]
    allow_direct: bool,
    #[serde(default)]
    allow_msg_ttl: bool,
    #[serde(default)]
    num_replicas: u16,
}

#[derive(Deserialize)]
struct State {
    last_seq: u64,
}

/// One partition as this process sees it.
pub(crate) struct Part {
    pub(crate) link: Arc<Link>,
    pub(crate) partition: Partition,
    pub(crate) stream: String,
    checked: Mutex<Checked>,
}

/// What the last look at the end of the stream found.
#[derive(Default)]
struct Checked {
    epoch: u64,
    torn: Option<Position>,
}

/// Opens the partitions; `asked` is how many a new log gets.
pub(crate) async fn open(link: &Arc<Link>, asked: u16) -> Result<Vec<Arc<Part>>, LogError> {
    let first = info_or_create(link, Partition(0), asked.max(1)).await?;
    let count = first.config.metadata.get(PARTITIONS).and_then(|text| text.parse().ok()).filter(|count| *count > 0);
    let count: u16 = count.ok_or_else(|| LogError::Misconfigured {
        stream: Partition(0).stream_name(),
        what: "its metadata does not say how many partitions there are".into(),
    })?;
    let mut parts = Vec::with_capacity(usize::from(count));
    for partition in (0..count).map(Partition) {
        let info = info_or_create(link, partition, count).await?;
        let stream = partition.stream_name();
        if !(info.config.allow_atomic && info.config.allow_direct && info.config.allow_msg_ttl) {
            let what = "it needs atomic batches, direct gets and times to live".into();
            return Err(LogError::Misconfigured { stream, what });
        }
        tracing::debug!(stream, replicas = info.config.num_replicas, last = info.state.last_seq, "partition opened");
        parts.push(Arc::new(Part { link: Arc::clone(link), partition, stream, checked: Mutex::default() }));
    }
    Ok(parts)
}

async fn info_or_create(link: &Link, partition: Partition, count: u16) -> Result<Info, LogError> {
    match info(link, &partition.stream_name()).await {
        Err(LogError::Refused { code: NOT_FOUND, .. }) => {
            create(link, &partition.stream_name(), &settings(partition, count)).await?;
            info(link, &partition.stream_name()).await
        }
        answer => answer,
    }
}

fn settings(partition: Partition, count: u16) -> serde_json::Value {
    json!({
        "name": partition.stream_name(),
        "description": "Kith: everything that happened",
        "subjects": [partition.all_subjects()],
        "retention": "limits",
        "storage": "file",
        "num_replicas": 1,
        "max_consumers": -1, "max_msgs": -1, "max_bytes": -1, "max_age": 0, "max_msg_size": -1,
        "max_msgs_per_subject": -1,
        "discard": "new",
        "allow_direct": true,
        "allow_atomic": true,
        "allow_msg_ttl": true,
        "metadata": { (PARTITIONS): count.to_string() },
    })
}

/// Makes a stream. That somebody else has just made it is fine.
pub(crate) async fn create(link: &Link, name: &str, settings: &serde_json::Value) -> Result<(), LogError> {
    let subject = format!("$JS.API.STREAM.CREATE.{name}");
    match link.api::<serde_json::Value>(&subject, settings).await {
        Ok(_) | Err(LogError::Refused { code: NAME_IN_USE, .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Lets the messages of a stream have times to live; a stream that was made before they did is changed.
pub(crate) async fn let_expire(link: &Link, name: &str) -> Result<(), LogError> {
    #[derive(Deserialize)]
    struct Known {
        config: serde_json::Map<String, serde_json::Value>,
    }
    let Known { mut config } = link.api(&format!("$JS.API.STREAM.INFO.{name}"), &json!({})).await?;
    if config.insert("allow_msg_ttl".to_owned(), true.into()) == Some(true.into()) {
        return Ok(());
    }
    link.api::<serde_json::Value>(&format!("$JS.API.STREAM.UPDATE.{name}"), &config).await.map(|_| ())
}

async fn info(link: &Link, stream: &str) -> Result<Info, LogError> {
    link.api(&format!("$JS.API.STREAM.INFO.{stream}"), &json!({})).await
}

impl Part {
    /// The last sequence that was given out.
    pub(crate) async fn head(&self) -> Result<u64, LogError> {
        Ok(info(&self.link, &self.stream).await?.state.last_seq)
    }

    /// The sequence of the first message behind this one, if there is one.
    pub(crate) async fn next_after(&self, seq: u64) -> Result<Option<u64>, LogError> {
        let query = Query { seq: Some(seq + 1), next_by_subj: Some(EVERYTHING), ..Query::default() };
        Ok(self.link.read_one(&self.stream, &query).await?.map(|message| message.seq))
    }

    /// Waits for a connection over which appends may go: one after whose beginning the end of the stream was looked at.
    pub(crate) async fn ready(&self, until: Instant) -> Result<Result<u64, Position>, LogError> {
        let epoch = self.link.up(until).await?;
        let mut checked = self.checked.lock().await;
        if checked.epoch != epoch {
            *checked = Checked { torn: self.look_for_tear().await?, epoch };
        }
        Ok(checked.torn.map_or(Ok(epoch), Err))
    }

    /// Looks at the end of the stream now.
    pub(crate) async fn torn(&self) -> Result<Option<Position>, LogError> {
        let mut checked = self.checked.lock().await;
        checked.torn = self.look_for_tear().await?;
        Ok(checked.torn)
    }

    /// The last message if it belongs to a batch whose end is missing. The server writes a batch under a lock that reads
    /// wait for; while others write, the head moves on, and the look is repeated.
    async fn look_for_tear(&self) -> Result<Option<Position>, LogError> {
        let mut head = self.head().await?;
        loop {
            let query = Query { seq: Some(head), ..Query::default() };
            let last = if head > 0 { self.link.read_one(&self.stream, &query).await? } else { None };
            let torn = last.is_some_and(|message| {
                message.headers.get(NATS_BATCH_ID).is_some() && message.headers.get(NATS_BATCH_COMMIT).is_none()
            });
            let now = self.head().await?;
            if !torn || now == head {
                let torn = torn.then_some(Position(head));
                if let Some(position) = torn {
                    tracing::error!(stream = self.stream, %position, "the log ends in a batch that is there only in part");
                }
                return Ok(torn);
            }
            head = now;
        }
    }
}
