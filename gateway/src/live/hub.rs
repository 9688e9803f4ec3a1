//! The hub: however many subscribers there are, the process follows each partition of the log once.
//!
//! A tail starts with the first subscriber of its partition and ends when there is none left. A subscriber who does not keep up
//! with the hub loses its place here and goes on from the log, so nobody waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event_log::{Log, LogError, Tailed};
use events::subject::Partition;
use events::{Position, Recorded, TenantId};
use futures_util::StreamExt;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::filter::EventFilter;
use super::subscription::Subscription;

/// How many batches of a tenant a subscriber may be behind the hub.
const MOST_BEHIND: usize = 256;

/// What happened to a tenant's data in one atomic batch of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The events, in order.
    pub events: Vec<Recorded>,
    /// The position of the last of them.
    pub position: Position,
}

impl Batch {
    /// A batch of these events; `None` where there are none.
    #[must_use]
    pub fn of(events: Vec<Recorded>) -> Option<Self> {
        let position = events.last()?.position;
        Some(Self { events, position })
    }
}

/// The hub. Cheap to clone; all clones share its tails.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    log: Log,
    lanes: Vec<Lane>,
    /// Where every partition ends for good; `None`: nowhere.
    horizon: Option<Vec<Position>>,
    stopping: CancellationToken,
    sockets: TaskTracker,
}

/// One partition.
#[derive(Default)]
struct Lane(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whether a task follows the partition.
    follows: bool,
    /// Everything up to here has been handed to those who were there.
    seen: Position,
    tenants: HashMap<TenantId, broadcast::Sender<Arc<Batch>>>,
}

/// A place at the hub.
pub(super) struct Place {
    /// What happens behind `seen`.
    pub live: broadcast::Receiver<Arc<Batch>>,
    /// What is there up to here is in the log, and comes no more.
    pub seen: Position,
}

impl Hub {
    /// A hub that follows the log; with `horizon`, one for which every partition ends there.
    #[must_use]
    pub fn new(log: Log, horizon: Option<Vec<Position>>) -> Self {
        let lanes = log.all_partitions().map(|_| Lane::default()).collect();
        let (stopping, sockets) = (CancellationToken::new(), TaskTracker::new());
        Self(Arc::new(Inner { log, lanes, horizon, stopping, sockets }))
    }

    /// A tenant's events behind a position, as far as the filter lets them through.
    #[must_use]
    pub fn subscribe(&self, tenant: TenantId, filter: EventFilter, after: Position) -> Subscription {
        Subscription::new(self.clone(), tenant, filter, after)
    }

    /// The log that is followed.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// The sockets that are open: each holds a token of this.
    #[must_use]
    pub fn sockets(&self) -> &TaskTracker {
        &self.0.sockets
    }

    /// Is cancelled when the process stops.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    /// Tells every socket to say goodbye.
    pub fn stop(&self) {
        self.0.stopping.cancel();
        self.0.sockets.close();
    }

    /// Waits until all have, after [`Hub::stop`].
    pub async fn closed(&self) {
        self.0.sockets.wait().await;
    }

    /// A place for a subscriber of a tenant.
    pub(super) async fn place(&self, tenant: &TenantId) -> Result<Place, LogError> {
        let partition = self.0.log.partition_of(tenant);
        let lane = self.0.lanes.get(usize::from(partition.0)).ok_or(LogError::NoPartition(partition.0))?;
        if let Some(end) = self.0.horizon.as_ref().and_then(|ends| ends.get(usize::from(partition.0))) {
            return Ok(lane.start(tenant, *end).0);
        }
        if let Some(place) = lane.join(tenant) {
            return Ok(place);
        }
        let head = self.0.log.head(partition).await?;
        let (place, starts) = lane.start(tenant, head);
        if starts {
            tokio::spawn(follow(self.clone(), partition, head));
        }
        Ok(place)
    }
}

impl Lane {
    /// A place, if the partition is followed.
    fn join(&self, tenant: &TenantId) -> Option<Place> {
        let mut state = self.lock();
        state.follows.then(|| state.place(tenant))
    }

    /// A place, and whether the partition is to be followed from here on: somebody else may have been faster.
    fn start(&self, tenant: &TenantId, head: Position) -> (Place, bool) {
        let mut state = self.lock();
        let starts = !state.follows;
        if starts {
            state.follows = true;
            state.seen = head;
        }
        (state.place(tenant), starts)
    }

    /// Hands out what one atomic batch of the log holds. Answers whether anybody is still there.
    fn publish(&self, items: Vec<Tailed>) -> bool {
        let mut state = self.lock();
        state.tenants.retain(|_, sender| sender.receiver_count() > 0);
        state.seen = items.last().map_or(state.seen, |item| item.position);
        let mut batches: HashMap<TenantId, Vec<Recorded>> = HashMap::new();
        for (commit, position) in items.into_iter().filter_map(|item| Some((item.commit?, item.position))) {
            if state.tenants.contains_key(&commit.envelope.stream.tenant) {
                batches.entry(commit.envelope.stream.tenant.clone()).or_default().extend(commit.recorded_at(position));
            }
        }
        for (tenant, events) in batches {
            if let Some((sender, batch)) = state.tenants.get(&tenant).zip(Batch::of(events)) {
                // Who has just gone is not there to be told.
                let _ = sender.send(Arc::new(batch));
            }
        }
        state.follows = !state.tenants.is_empty();
        state.follows
    }

    /// Nobody follows any more: subscribers come back and find out from the log what is wrong.
    fn give_up(&self) {
        *self.lock() = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can panic halfway through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn place(&mut self, tenant: &TenantId) -> Place {
        let sender = self.tenants.entry(tenant.clone()).or_insert_with(|| broadcast::channel(MOST_BEHIND).0);
        Place { live: sender.subscribe(), seen: self.seen }
    }
}

/// Follows a partition until nobody wants to know any more, or the log cannot be followed.
async fn follow(hub: Hub, partition: Partition, after: Position) {
    let Some(lane) = hub.0.lanes.get(usize::from(partition.0)) else { return };
    let mut tail = std::pin::pin!(hub.0.log.tail(partition, after));
    let mut making = Vec::new();
    tracing::debug!(partition = partition.0, position = after.0, "the hub follows the log");
    loop {
        let item = tokio::select! {
            () = hub.0.stopping.cancelled() => return lane.give_up(),
            item = tail.next() => item,
        };
        match item {
            Some(Ok(item)) => {
                let more = item.more;
                making.push(item);
                if !more && !lane.publish(std::mem::take(&mut making)) {
                    return tracing::debug!(partition = partition.0, "nobody follows the log any more");
                }
            }
            Some(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the hub cannot follow the log");
                return lane.give_up();
            }
            None => return lane.give_up(),
        }
    }
}
