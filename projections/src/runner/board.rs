//! What is known about every projection: written by the lanes, read by health, metrics and whoever waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use events::Position;
use events::subject::Partition;
use metrics::{counter, gauge, histogram};
use tokio::sync::Notify;

use super::health::{Health, ProjectionHealth};
use super::progress::Progress;
use crate::projection::{Pace, Projection};

/// The shared board. Clones look at the same one.
#[derive(Debug, Clone)]
pub struct Board {
    entries: Arc<Mutex<BTreeMap<(Partition, &'static str), ProjectionHealth>>>,
    prompt: Progress,
    trailing: Progress,
    moved: Arc<Notify>,
}

impl Board {
    /// A board with every projection in every partition at the start.
    pub fn new(projections: &[Arc<dyn Projection>], partitions: u16) -> Self {
        let mut entries = BTreeMap::new();
        for partition in (0..partitions).map(Partition) {
            for projection in projections {
                let (name, pace) = (projection.name(), projection.pace());
                entries.insert((partition, name), ProjectionHealth::at_the_start(name, pace, partition));
            }
        }
        let (prompt, trailing) = (Progress::new(partitions), Progress::new(partitions));
        let board = Self { entries: Arc::new(Mutex::new(entries)), prompt, trailing, moved: Arc::default() };
        for pace in Pace::ALL {
            if projections.iter().all(|projection| projection.pace() != pace) {
                // There is nothing to wait for.
                (0..partitions).for_each(|number| board.progress(pace).advance(Partition(number), Position(u64::MAX)));
            }
        }
        board
    }

    /// What waiters for the projections of a pace look at.
    pub const fn progress(&self, pace: Pace) -> &Progress {
        match pace {
            Pace::Prompt => &self.prompt,
            Pace::Trailing => &self.trailing,
        }
    }

    /// Waits until any projection has moved since the last call.
    pub async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Where the projections of a partition are.
    pub fn positions(&self, partition: Partition) -> Vec<(&'static str, Position)> {
        self.locked(|entries| {
            let of_partition = entries.values().filter(|entry| entry.partition == partition);
            of_partition.map(|entry| (entry.name, entry.position)).collect()
        })
    }

    /// How all are doing.
    pub fn health(&self) -> Health {
        Health { projections: self.locked(|entries| entries.values().cloned().collect()) }
    }

    /// A projection is at this position. `applied`: because something was applied just now.
    pub fn at(&self, partition: Partition, name: &'static str, position: Position, applied: bool) {
        self.entry(partition, name, |entry| {
            entry.position = position;
            if applied {
                entry.last_applied_at = Some(Utc::now());
                entry.failed = None;
            }
        });
    }

    /// A projection stands still; it says why.
    pub fn failed(&self, partition: Partition, name: &'static str, why: &str) {
        counter!("kith_projection_failures_total", "projection" => name, "partition" => partition.0.to_string()).increment(1);
        self.entry(partition, name, |entry| entry.failed = Some(why.to_owned()));
    }

    /// A projection goes on again.
    pub fn recovered(&self, partition: Partition, name: &'static str) {
        self.entry(partition, name, |entry| entry.failed = None);
    }

    /// A projection's checkpoint is ahead of the log.
    pub fn fenced(&self, partition: Partition, name: &'static str) {
        self.entry(partition, name, |entry| entry.fenced = true);
    }

    /// The log ends here.
    pub fn head(&self, partition: Partition, head: Position) {
        self.locked(|entries| {
            for entry in entries.values_mut().filter(|entry| entry.partition == partition) {
                entry.head = head;
                entry.publish();
            }
        });
    }

    /// A batch was applied.
    pub fn batch(&self, partition: Partition, messages: usize, folded: u64) {
        let partition = partition.0.to_string();
        histogram!("kith_projection_batch_events", "partition" => partition.clone()).record(messages as f64);
        counter!("kith_projection_events_applied_total", "partition" => partition).increment(folded);
    }

    fn entry(&self, partition: Partition, name: &'static str, change: impl FnOnce(&mut ProjectionHealth)) {
        let front = self.locked(|entries| {
            let entry = entries.get_mut(&(partition, name))?;
            change(entry);
            entry.head = entry.head.max(entry.position);
            entry.publish();
            let pace = entry.pace;
            // Who waits for a write is not held up by a projection that failed: health tells of that.
            let keeps_up = |entry: &&ProjectionHealth| {
                entry.partition == partition && entry.pace == pace && entry.failed.is_none() && !entry.fenced
            };
            Some((pace, entries.values().filter(keeps_up).map(|entry| entry.position).min()?))
        });
        if let Some((pace, lowest)) = front {
            self.progress(pace).advance(partition, lowest);
        }
        self.moved.notify_one();
    }

    fn locked<T>(&self, look: impl FnOnce(&mut BTreeMap<(Partition, &'static str), ProjectionHealth>) -> T) -> T {
        // Nothing that holds the lock can panic halfway through a change.
        look(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ProjectionHealth {
    fn at_the_start(name: &'static str, pace: Pace, partition: Partition) -> Self {
        let (position, head) = (Position::START, Position::START);
        Self { name, pace, partition, position, head, lag: 0, failed: None, last_applied_at: None, fenced: false }
    }

    fn publish(&mut self) {
        self.lag = self.head.0.saturating_sub(self.position.0);
        let labels = [("projection", self.name.to_owned()), ("partition", self.partition.0.to_string())];
        gauge!("kith_projection_head", &labels).set(self.head.0 as f64);
        gauge!("kith_projection_position", &labels).set(self.position.0 as f64);
        gauge!("kith_projection_lag", &labels).set(self.lag as f64);
        gauge!("kith_projection_failed", &labels).set(f64::from(u8::from(self.failed.is_some() || self.fenced)));
    }
}
