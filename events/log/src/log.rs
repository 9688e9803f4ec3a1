//! The handle of the log.

use std::sync::Arc;
use std::time::Duration;

use events::subject::{self, Partition};
use events::{Position, StreamKind, StreamRef, TenantId};
use futures_util::Stream;
use tokio::sync::{mpsc, oneshot};

use crate::appender;
use crate::error::{AppendError, LogError};
use crate::flight::Waiting;
use crate::health;
use crate::keep;
use crate::link::Link;
use crate::partition::{self, Part};
use crate::secrets::Secrets;
use crate::snapshots::Snapshots;
use crate::tail::{self, Tail};
use crate::types::{Append, Appended, Durability, LogHealth, MAX_ENTRIES, Snapshot, Tailed};
use crate::wire;

/// How the log is opened.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// How many partitions a new log gets. Fixed then: for a log that exists already, its own number counts.
    pub partitions: u16,
    /// Where the server's monitor answers (`http://host:port`); it is asked whether the server syncs always, and how many
    /// entries it takes at once.
    pub monitor_url: Option<String>,
    /// What the server was told to do. Group commit goes by it, and [`Log::durability`] gives it back to whoever judges
    /// the health.
    pub durability: Durability,
    /// How long an append may take to find out what became of it when the server goes away.
    pub settle: Duration,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { partitions: 1, monitor_url: None, durability: Durability::Always, settle: Duration::from_secs(30) }
    }
}

/// The log. Cheap to clone; all clones share one connection.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
}

struct Inner {
    link: Arc<Link>,
    parts: Vec<Arc<Part>>,
    /// One for each partition.
    appenders: Vec<mpsc::Sender<Waiting>>,
    max_entries: usize,
    secrets: Secrets,
    snapshots: Snapshots,
    options: LogOptions,
    http: reqwest::Client,
}

impl Log {
    /// Connects, and makes the streams where they are missing. The address is `nats://[token@]host:port`, or several of
    /// them with commas between.
    ///
    /// # Errors
    /// When the server cannot be reached, is too old, or has streams that do not fit.
    pub async fn connect(url: &str, options: LogOptions) -> Result<Self, LogError> {
        let link = Link::connect(url).await?;
        let parts = partition::open(&link, options.partitions).await?;
        let start = |part| appender::start(Arc::clone(part), options.settle, options.durability);
        let appenders = parts.iter().map(start).collect();
        let http = reqwest::Client::new();
        let max_entries = match &options.monitor_url {
            // A monitor that is away is for `health` to report.
            Some(url) => health::ask(&http, url).await.ok().and_then(|it| it.max_batch_size()).unwrap_or(MAX_ENTRIES),
            None => MAX_ENTRIES,
        };
        let (secrets, snapshots) = (Secrets::open(&link).await?, Snapshots::open(&link).await?);
        let inner = Inner { link, parts, appenders, max_entries, secrets, snapshots, options, http };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many partitions the log has.
    #[must_use]
    pub fn partitions(&self) -> u16 {
        u16::try_from(self.inner.parts.len()).unwrap_or(u16::MAX)
    }

    /// All partitions.
    pub fn all_partitions(&self) -> impl Iterator<Item = Partition> + use<> {
        (0..self.partitions()).map(Partition)
    }

    /// The partition that a tenant lives in.
    #[must_use]
    pub fn partition_of(&self, tenant: &TenantId) -> Partition {
        Partition::of(tenant, self.partitions())
    }

    /// The most entries that one append may have: what the server's monitor says, else [`MAX_ENTRIES`].
    #[must_use]
    pub fn max_entries(&self) -> usize {
        self.inner.max_entries
    }

    /// The durability that was asked for.
    #[must_use]
    pub fn durability(&self) -> Durability {
        self.inner.options.durability
    }

    pub(crate) fn part(&self, partition: Partition) -> Result<&Arc<Part>, LogError> {
        self.inner.parts.get(usize::from(partition.0)).ok_or(LogError::NoPartition(partition.0))
    }

    pub(crate) fn part_of(&self, tenant: &TenantId) -> Result<&Arc<Part>, LogError> {
        self.part(self.partition_of(tenant))
    }

    /// Records entries: all or none. Appends that wait together share one write to disk. Once this was called, the
    /// append runs to its end, also when nobody waits for the answer any more.
    ///
    /// # Errors
    /// See [`AppendError`]; only after [`AppendError::Uncertain`] may something have been written.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let partition = self.partition_of(&append.tenant);
        let messages = wire::outgoing(&append, partition, self.max_entries())?;
        let most = self.inner.link.client.max_payload();
        if let Some(index) = messages.iter().position(|message| message.size() > most) {
            return Err(AppendError::Unwritable { index, what: format!("it has more than {most} bytes") });
        }
        let closed = || AppendError::Unavailable("the log is closed".into());
        let appender = self.inner.appenders.get(usize::from(partition.0)).ok_or_else(closed)?;
        let (caller, answer) = oneshot::channel();
        appender.send(Waiting { messages, caller }).await.map_err(|_| closed())?;
        // The appender goes away only when the whole runtime does.
        answer.await.unwrap_or(Err(AppendError::Uncertain(Duration::ZERO)))
    }

    /// The last position that was given out.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn head(&self, partition: Partition) -> Result<Position, LogError> {
        self.part(partition)?.head().await.map(Position)
    }

    /// Everything behind a position, in order, without gap or repetition; goes over from history to what is appended
    /// later, and gets over lost connections and server restarts by itself. Ends only when dropped, or after an error
    /// that waiting does not cure.
    ///
    /// Where there is nothing behind the position it first yields a marker (no commit, `pending` 0), so that the reader
    /// knows that it is at the head.
    pub fn tail(
        &self,
        partition: Partition,
        after: Position,
    ) -> impl Stream<Item = Result<Tailed, LogError>> + Send + 'static + use<> {
        tail::stream(self.part(partition).map(|part| Tail::new(Arc::clone(part), after)))
    }

    /// As [`Log::tail`], but only commits on streams of these kinds, at least one and each once: the others are not even sent.
    /// Whether more of the same atomic batch follows is not told. A last marker at the head comes here, too.
    pub fn tail_of(
        &self,
        partition: Partition,
        kinds: &[StreamKind],
        after: Position,
    ) -> impl Stream<Item = Result<Tailed, LogError>> + Send + 'static + use<> {
        let subjects = kinds.iter().map(|kind| subject::of_selection(partition, None, Some(*kind), None)).collect();
        tail::stream(self.part(partition).map(|part| Tail::of(Arc::clone(part), subjects, after)))
    }

    /// Overwrites and removes the commits of a stream that stand before a position, and its snapshot. Answers how many
    /// commits were removed.
    ///
    /// # Errors
    /// When the log does not answer; what was removed until then stays removed, and the call can be repeated.
    pub async fn erase(&self, stream: &StreamRef, before: Position) -> Result<u64, LogError> {
        let part = self.part_of(&stream.tenant)?;
        let subject = subject::of_stream(part.partition, stream);
        let erased = keep::erase(&part.link, &part.stream, &subject, before.0).await?;
        self.inner.snapshots.delete(stream).await?;
        Ok(erased)
    }

    /// The snapshot of a stream.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn snapshot(&self, stream: &StreamRef) -> Result<Option<Snapshot>, LogError> {
        self.inner.snapshots.get(stream).await
    }

    /// Keeps a snapshot in place of the stream's earlier one.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn save_snapshot(&self, stream: &StreamRef, snapshot: &Snapshot) -> Result<(), LogError> {
        self.inner.snapshots.put(stream, snapshot).await
    }

    /// The store of secrets.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }

    /// How the log is doing.
    ///
    /// # Errors
    /// When the monitor does not answer as it should; that the server is away is not an error but an answer.
    pub async fn health(&self) -> Result<LogHealth, LogError> {
        let server_version = self.inner.link.client.server_info().version;
        let away = |server_version| LogHealth { connected: false, sync_always: None, torn: None, server_version };
        if self.inner.link.standing().is_none() {
            return Ok(away(server_version));
        }
        let mut torn = None;
        for part in &self.inner.parts {
            match part.torn().await {
                Ok(found) => torn = torn.or(found),
                Err(LogError::Unavailable(_)) => return Ok(away(server_version)),
                Err(error) => return Err(error),
            }
        }
        let sync_always = match &self.inner.options.monitor_url {
            Some(url) => Some(health::ask(&self.inner.http, url).await?.sync_always()),
            None => None,
        };
        Ok(LogHealth { connected: true, sync_always, torn, server_version })
    }
}
