//! The appender of a partition: decides what goes out together (group commit).
//!
//! A plain publish costs one write to disk, an atomic batch four or five whatever its size. So a few lone messages go out
//! as plain publishes side by side, and what has piled up beyond that as one batch. While a batch is under way the server
//! takes nothing else in anyway, so what comes meanwhile is gathered for the next one.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;

use crate::flight::{Flight, Waiting};
use crate::partition::Part;
use crate::types::MAX_ENTRIES;

/// From so many single messages on, a batch is cheaper than plain publishes.
const BATCH_PAYS: usize = 16;

/// Appends that may wait for the appender before their callers are held back.
const QUEUE: usize = 8_192;

/// A flight that has ended: the subjects that are free again, and whether it was a batch.
struct Landed {
    subjects: Vec<u64>,
    batch: bool,
}

/// Starts the appender; it ends when the last sender is dropped and everything has been told.
pub(crate) fn start(part: Arc<Part>, settle: Duration) -> mpsc::Sender<Waiting> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(run(part, settle, receiver));
    sender
}

/// What waits and what is under way.
struct Appender {
    part: Arc<Part>,
    settle: Duration,
    queue: VecDeque<Waiting>,
    flights: FuturesUnordered<BoxFuture<'static, Landed>>,
    /// Subjects of flights under way: a later append on one of them waits, so that the order of a subject is kept.
    busy: HashSet<u64>,
    plain_under_way: usize,
    batch_under_way: bool,
}

async fn run(part: Arc<Part>, settle: Duration, mut receiver: mpsc::Receiver<Waiting>) {
    let mut appender = Appender {
        part,
        settle,
        queue: VecDeque::new(),
        flights: FuturesUnordered::new(),
        busy: HashSet::new(),
        plain_under_way: 0,
        batch_under_way: false,
    };
    let mut open = true;
    while open || !appender.flights.is_empty() || !appender.queue.is_empty() {
        tokio::select! {
            arrived = receiver.recv(), if open && appender.queue.len() < QUEUE => match arrived {
                Some(append) => appender.queue.push_back(append),
                None => open = false,
            },
            Some(landed) = appender.flights.next() => {
                appender.land(landed);
                // Those who were just told may have the next append at hand: let them queue it.
                tokio::task::yield_now().await;
            }
        }
        while appender.queue.len() < QUEUE
            && let Ok(append) = receiver.try_recv()
        {
            appender.queue.push_back(append);
        }
        appender.dispatch();
    }
}

impl Appender {
    fn land(&mut self, landed: Landed) {
        for subject in &landed.subjects {
            self.busy.remove(subject);
        }
        if landed.batch {
            self.batch_under_way = false;
        } else {
            self.plain_under_way -= 1;
        }
    }

    /// Sends what may go now.
    fn dispatch(&mut self) {
        if self.batch_under_way || self.queue.is_empty() {
            return;
        }
        let mut chosen = self.choose();
        let batch = chosen.len() >= BATCH_PAYS || chosen.iter().any(|append| append.messages.len() > 1);
        if batch {
            self.launch(chosen, true);
            return;
        }
        let room = BATCH_PAYS.saturating_sub(self.plain_under_way).min(chosen.len());
        for append in chosen.split_off(room).into_iter().rev() {
            self.queue.push_front(append);
        }
        for append in chosen {
            self.plain_under_way += 1;
            self.launch(vec![append], false);
        }
    }

    /// Takes from the queue what can go out together: no subject twice, none that is under way, none that an earlier
    /// append waits for, and no more messages than a batch holds (one append alone may have more).
    fn choose(&mut self) -> Vec<Waiting> {
        let mut chosen = Vec::new();
        let mut left = VecDeque::new();
        let mut taken = HashSet::new();
        let mut messages = 0;
        while let Some(append) = self.queue.pop_front() {
            let size = append.messages.len();
            let fits = messages == 0 || messages + size <= MAX_ENTRIES;
            let free = append.messages.iter().all(|it| !self.busy.contains(&it.key) && !taken.contains(&it.key));
            taken.extend(append.messages.iter().map(|it| it.key));
            if fits && free {
                messages += size;
                chosen.push(append);
            } else {
                left.push_back(append);
                if !fits {
                    break;
                }
            }
        }
        left.append(&mut self.queue);
        self.queue = left;
        chosen
    }

    fn launch(&mut self, appends: Vec<Waiting>, batch: bool) {
        let subjects: Vec<u64> = appends.iter().flat_map(|append| append.messages.iter().map(|it| it.key)).collect();
        self.busy.extend(&subjects);
        self.batch_under_way |= batch;
        let (part, settle) = (Arc::clone(&self.part), self.settle);
        self.flights.push(Box::pin(async move {
            Flight::fly(&part, settle, appends).await;
            Landed { subjects, batch }
        }));
    }
}
