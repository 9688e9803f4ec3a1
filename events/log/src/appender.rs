//! The appender of a partition: decides what goes out together (group commit).
//!
//! On a server that syncs always a plain publish costs one write to disk, an atomic batch four or five whatever its size.
//! So a few lone messages go out as plain publishes side by side, and what has piled up beyond that as one batch. While a
//! batch is under way the server takes nothing else in anyway, so what comes meanwhile is gathered for the next one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;

use crate::flight::{Flight, Waiting};
use crate::partition::Part;
use crate::queue::{Keyed, Queue};
use crate::types::{Durability, MAX_ENTRIES};

/// Appends that may wait for the appender before their callers are held back.
const QUEUE: usize = 8_192;

/// How often the callers of a batch are given way to queue their next append before the next flight is put together.
const GIVE_WAY: usize = 32;

/// What suits a server.
struct Habits {
    /// Plain publishes that are under way at once. More of them are not faster.
    side_by_side: usize,
    /// From so many single messages on, a batch is cheaper than plain publishes.
    batch_pays: usize,
}

const fn habits(durability: Durability) -> Habits {
    match durability {
        Durability::Always => Habits { side_by_side: 16, batch_pays: 16 },
        Durability::Relaxed => Habits { side_by_side: 64, batch_pays: 256 },
    }
}

/// A flight that has ended.
struct Landed {
    /// The subjects that are free again.
    keys: Vec<u64>,
    /// How many appends were in the batch; `None` for a plain publish.
    batch: Option<usize>,
}

impl Keyed for Waiting {
    fn keys(&self) -> impl Iterator<Item = u64> {
        self.messages.iter().map(|message| message.key)
    }
}

/// What waits and what is under way.
struct Appender {
    part: Arc<Part>,
    settle: Duration,
    habits: Habits,
    arrivals: mpsc::Receiver<Waiting>,
    queue: Queue<Waiting>,
    flights: FuturesUnordered<BoxFuture<'static, Landed>>,
    plain_under_way: usize,
    batch_under_way: bool,
}

/// Starts the appender; it ends when the last sender is dropped and everybody has been told.
pub(crate) fn start(part: Arc<Part>, settle: Duration, durability: Durability) -> mpsc::Sender<Waiting> {
    let (sender, arrivals) = mpsc::channel(QUEUE);
    let appender = Appender {
        part,
        settle,
        habits: habits(durability),
        arrivals,
        queue: Queue::new(),
        flights: FuturesUnordered::new(),
        plain_under_way: 0,
        batch_under_way: false,
    };
    tokio::spawn(appender.run());
    sender
}

impl Appender {
    async fn run(mut self) {
        let mut open = true;
        while open || !self.flights.is_empty() || self.queue.len() > 0 {
            tokio::select! {
                arrived = self.arrivals.recv(), if open && self.queue.len() < QUEUE => match arrived {
                    Some(append) => self.queue.push(append),
                    None => open = false,
                },
                Some(landed) = self.flights.next() => self.land(landed).await,
            }
            self.take_in();
            self.dispatch();
        }
    }

    /// Takes in what has arrived.
    fn take_in(&mut self) {
        while self.queue.len() < QUEUE
            && let Ok(append) = self.arrivals.try_recv()
        {
            self.queue.push(append);
        }
    }

    async fn land(&mut self, landed: Landed) {
        self.queue.land(&landed.keys);
        let Some(appends) = landed.batch else {
            self.plain_under_way -= 1;
            return;
        };
        self.batch_under_way = false;
        // Those who were just told may have the next append at hand. Let them queue it, or the first few of them would go
        // out as plain publishes, which take longer than the batch that could have carried them.
        for _ in 0..GIVE_WAY {
            tokio::task::yield_now().await;
            self.take_in();
            if self.queue.len() >= appends {
                break;
            }
        }
    }

    /// Sends what may go now.
    fn dispatch(&mut self) {
        if self.batch_under_way || self.queue.len() == 0 {
            return;
        }
        let room = self.habits.side_by_side.saturating_sub(self.plain_under_way);
        let batch_likely = self.queue.len() >= self.habits.batch_pays || self.queue.any_with_several();
        // Not more is chosen than may go: choosing costs time.
        let mut chosen = self.queue.choose(if batch_likely { MAX_ENTRIES } else { room });
        if chosen.len() >= self.habits.batch_pays || chosen.iter().any(|append| append.messages.len() > 1) {
            self.launch(chosen, true);
            return;
        }
        self.queue.put_back(chosen.split_off(room.min(chosen.len())));
        for append in chosen {
            self.launch(vec![append], false);
        }
    }

    fn launch(&mut self, appends: Vec<Waiting>, batch: bool) {
        let keys = self.queue.depart(&appends);
        if batch {
            self.batch_under_way = true;
        } else {
            self.plain_under_way += 1;
        }
        let batch = batch.then_some(appends.len());
        let (part, settle) = (Arc::clone(&self.part), self.settle);
        self.flights.push(Box::pin(async move {
            Flight::fly(&part, settle, appends).await;
            Landed { keys, batch }
        }));
    }
}
