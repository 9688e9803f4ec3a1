//! What is known about every projection: written by the lanes, read by health, metrics and whoever waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use events::Position;
use events::subject::Partition;
use metrics::{counter, gauge, histogram};
use tokio::sync::watch;

use super::health::{Health, ProjectionHealth};
use super::progress::Progress;
use crate::projection::Pace;
use crate::stores::{Place, ReadModels};

/// Where something is: a projection in a partition.
type Key = (Partition, &'static str);

/// The shared board. Clones look at the same one.
#[derive(Debug, Clone)]
pub struct Board {
    entries: Arc<Mutex<Entries>>,
    prompt: Progress,
    trailing: Progress,
    moved: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Entries {
    /// The stores that are read.
    serving: BTreeMap<Key, ProjectionHealth>,
    /// How far those are that are to take their places, by the number of the generation.
    coming: BTreeMap<(Partition, &'static str, i64), Position>,
}

impl Board {
    /// A board with every projection in every partition at the start.
    pub fn new(models: &ReadModels, partitions: u16) -> Self {
        let mut entries = Entries::default();
        for (projection, slot) in models.each() {
            let (name, pace) = (projection.name(), projection.pace());
            for partition in (0..partitions).map(Partition) {
                let (generation, filling) = (slot.serving.generation, !slot.is_full);
                let entry = ProjectionHealth { generation, filling, ..ProjectionHealth::at_the_start(name, pace, partition) };
                entries.serving.insert((partition, name), entry);
            }
        }
        let (prompt, trailing) = (Progress::new(partitions), Progress::new(partitions));
        let board = Self { entries: Arc::new(Mutex::new(entries)), prompt, trailing, moved: watch::Sender::new(()) };
        for pace in Pace::ALL {
            if models.projections().iter().all(|projection| projection.pace() != pace) {
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

    /// Tells whenever anything has moved.
    pub fn watch(&self) -> watch::Receiver<()> {
        self.moved.subscribe()
    }

    /// Where all generations of a partition are.
    pub fn places(&self, partition: Partition) -> Vec<Place> {
        let place = |name: &str, generation, position| Place { projection: name.to_owned(), generation, position };
        self.locked(|entries| {
            let serving = entries.serving.values().filter(|one| one.partition == partition);
            let coming = entries.coming.iter().filter(|((of, _, _), _)| *of == partition);
            let serving = serving.map(|one| place(one.name, one.generation, one.position));
            serving.chain(coming.map(|((_, name, generation), position)| place(name, *generation, *position))).collect()
        })
    }

    /// Where a generation is, as far as its position means anything: one that is ahead of its log shows nothing, and one that is
    /// to come has said nothing before it is in step.
    pub fn position(&self, partition: Partition, name: &'static str, generation: i64) -> Option<Position> {
        self.locked(|entries| {
            let serving = entries.serving.get(&(partition, name)).filter(|one| one.generation == generation && !one.fenced);
            let coming = entries.coming.get(&(partition, name, generation));
            serving.map(|one| one.position).or(coming.copied())
        })
    }

    /// How all are doing.
    pub fn health(&self) -> Health {
        Health { projections: self.locked(|entries| entries.serving.values().cloned().collect()) }
    }

    /// A generation is at this position. `applied`: because something was applied just now.
    pub fn at(&self, key: Key, generation: i64, position: Position, applied: bool) {
        let serves = self.entry(key, generation, |entry| {
            entry.position = position;
            if applied {
                entry.last_applied_at = Some(Utc::now());
                entry.failed = None;
            }
        });
        if !serves && self.is_to_come(key, generation) {
            self.locked(|entries| entries.coming.insert((key.0, key.1, generation), position));
        }
        self.moved.send_replace(());
    }

    /// A generation that is to come is not in step with the one that is read: where it was means nothing.
    pub fn out_of_step(&self, (partition, name): Key, generation: i64) {
        self.locked(|entries| entries.coming.remove(&(partition, name, generation)));
    }

    /// A projection stands still; it says why. One that is not read yet holds nobody up.
    pub fn failed(&self, (partition, name): Key, generation: i64, why: &str) {
        counter!("kith_projection_failures_total", "projection" => name, "partition" => partition.0.to_string()).increment(1);
        self.entry((partition, name), generation, |entry| entry.failed = Some(why.to_owned()));
    }

    /// A projection goes on again.
    pub fn recovered(&self, key: Key, generation: i64) {
        self.entry(key, generation, |entry| entry.failed = None);
    }

    /// A projection's checkpoint is ahead of the log.
    pub fn fenced(&self, key: Key, generation: i64) {
        self.entry(key, generation, |entry| entry.fenced = true);
    }

    /// A generation is read from now on.
    pub fn serves(&self, partitions: u16, name: &'static str, generation: i64) {
        for key in (0..partitions).map(|number| (Partition(number), name)) {
            self.locked(|entries| {
                let Some(entry) = entries.serving.get_mut(&key).filter(|entry| entry.generation != generation) else { return };
                let (pace, head, first_head) = (entry.pace, entry.head, entry.first_head);
                *entry = ProjectionHealth { generation, head, first_head, ..ProjectionHealth::at_the_start(name, pace, key.0) };
                if let Some(position) = entries.coming.get(&(key.0, name, generation)) {
                    entry.position = *position;
                }
                entries.coming.retain(|(partition, of, number), _| (*partition, *of) != key || *number > generation);
            });
            self.entry(key, generation, |entry| entry.filling = false);
        }
        self.moved.send_replace(());
    }

    /// The log ends here.
    pub fn head(&self, partition: Partition, head: Position) {
        self.locked(|entries| {
            for entry in entries.serving.values_mut().filter(|entry| entry.partition == partition) {
                entry.head = head;
                entry.first_head.get_or_insert(head);
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

    /// Whether a generation is later than the one that is read: the last words of an earlier one are of no interest.
    fn is_to_come(&self, key: Key, generation: i64) -> bool {
        self.locked(|entries| entries.serving.get(&key).is_some_and(|entry| entry.generation < generation))
    }

    /// Changes an entry, if this is the generation that is read; whether it is.
    fn entry(&self, key: Key, generation: i64, change: impl FnOnce(&mut ProjectionHealth)) -> bool {
        let front = self.locked(|entries| {
            let entry = entries.serving.get_mut(&key).filter(|entry| entry.generation == generation)?;
            change(entry);
            entry.head = entry.head.max(entry.position);
            entry.publish();
            let pace = entry.pace;
            // Who waits for a write is not held up by a projection that failed: health tells of that.
            let keeps_up = |entry: &&ProjectionHealth| {
                entry.partition == key.0 && entry.pace == pace && entry.failed.is_none() && !entry.fenced
            };
            let shown = |entry: &ProjectionHealth| if entry.filling { Position::START } else { entry.position };
            Some((pace, entries.serving.values().filter(keeps_up).map(shown).min()))
        });
        let Some((pace, lowest)) = front else { return false };
        if let Some(lowest) = lowest {
            self.progress(pace).advance(key.0, lowest);
        }
        true
    }

    fn locked<T>(&self, look: impl FnOnce(&mut Entries) -> T) -> T {
        // Nothing that holds the lock can panic halfway through a change.
        look(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ProjectionHealth {
    fn at_the_start(name: &'static str, pace: Pace, partition: Partition) -> Self {
        Self {
            name,
            pace,
            partition,
            generation: 0,
            position: Position::START,
            head: Position::START,
            lag: 0,
            first_head: None,
            failed: None,
            last_applied_at: None,
            fenced: false,
            filling: false,
        }
    }

    fn publish(&mut self) {
        self.lag = self.head.0.saturating_sub(self.position.0);
        let labels = [("projection", self.name.to_owned()), ("partition", self.partition.0.to_string())];
        gauge!("kith_projection_head", &labels).set(self.head.0 as f64);
        gauge!("kith_projection_position", &labels).set(self.position.0 as f64);
        gauge!("kith_projection_lag", &labels).set(self.lag as f64);
        gauge!("kith_projection_failed", &labels).set(f64::from(u8::from(self.failed.is_some() || self.fenced)));
        gauge!("kith_projection_filling", &labels).set(f64::from(u8::from(self.filling)));
    }
}
