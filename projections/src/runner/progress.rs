//! How far the read models are, and waiting for them to get somewhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use events::Position;
use events::subject::Partition;
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, oneshot};

/// How far the read models are in every partition. Clones look at the same place.
#[derive(Debug, Clone)]
pub struct Progress {
    partitions: Arc<[Mutex<Front>]>,
    waited_for: Arc<Notify>,
}

/// How far one partition is, and who waits for it to get farther.
#[derive(Debug, Default)]
struct Front {
    position: Position,
    /// By what they wait for, and a number that tells them apart.
    waiting: BTreeMap<(Position, u64), oneshot::Sender<()>>,
    next: u64,
}

impl Progress {
    /// Nothing applied yet in any of so many partitions.
    #[must_use]
    pub fn new(partitions: u16) -> Self {
        Self { partitions: (0..partitions).map(|_| Mutex::default()).collect(), waited_for: Arc::default() }
    }

    /// Progress that stands for good where it is, one position per partition.
    #[must_use]
    pub fn standing(positions: &[Position]) -> Self {
        let front = |position: &Position| Mutex::new(Front { position: *position, ..Front::default() });
        Self { partitions: positions.iter().map(front).collect(), waited_for: Arc::default() }
    }

    /// The position up to which all read models that keep up have applied everything.
    #[must_use]
    pub fn position(&self, partition: Partition) -> Position {
        self.with(partition, |front| front.position).unwrap_or_default()
    }

    /// Waits until the read models have applied everything up to a position. Answers whether they did within the time.
    ///
    /// Each waiter is woken once, when its own position is reached, however many wait.
    pub async fn wait_for(&self, partition: Partition, position: Position, at_most: Duration) -> bool {
        let Some(waiting) = self.with(partition, |front| front.wait(position)) else { return false };
        let Some((number, reached)) = waiting else { return true };
        self.waited_for.notify_waiters();
        if tokio::time::timeout(at_most, reached).await.is_ok_and(|woken| woken.is_ok()) {
            return true;
        }
        self.with(partition, |front| front.waiting.remove(&(position, number)));
        self.position(partition) >= position
    }

    /// Whether anybody waits for a partition to get farther: there is no time to gather.
    pub(crate) fn is_waited_for(&self, partition: Partition) -> bool {
        self.with(partition, |front| !front.waiting.is_empty()).unwrap_or_default()
    }

    /// Resolves when somebody begins to wait.
    pub(crate) fn begins_to_wait(&self) -> Notified<'_> {
        self.waited_for.notified()
    }

    /// The read models got so far. They may also go back: when one joins that is behind.
    pub(crate) fn advance(&self, partition: Partition, position: Position) {
        let reached = self.with(partition, |front| {
            front.position = position;
            let beyond = front.waiting.split_off(&(Position(position.0.saturating_add(1)), 0));
            std::mem::replace(&mut front.waiting, beyond)
        });
        for waiter in reached.into_iter().flat_map(BTreeMap::into_values) {
            // Who gave up waiting is not there to be told.
            let _ = waiter.send(());
        }
    }

    fn with<T>(&self, partition: Partition, look: impl FnOnce(&mut Front) -> T) -> Option<T> {
        let front = self.partitions.get(usize::from(partition.0))?;
        // Nothing that holds the lock can panic halfway through a change.
        Some(look(&mut front.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Front {
    fn wait(&mut self, position: Position) -> Option<(u64, oneshot::Receiver<()>)> {
        if self.position >= position {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        let number = self.next;
        self.next += 1;
        self.waiting.insert((position, number), sender);
        Some((number, receiver))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P0: Partition = Partition(0);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn who_waits_is_woken_when_the_position_is_reached() {
        let progress = Progress::new(1);
        let waits = progress.wait_for(P0, Position(5), LONG);
        let moves = async {
            progress.advance(P0, Position(4));
            progress.advance(P0, Position(6));
        };
        let (reached, ()) = tokio::join!(waits, moves);
        assert!(reached);
        assert!(progress.wait_for(P0, Position(6), Duration::ZERO).await);
        assert_eq!(progress.position(P0), Position(6));
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_so_and_forgotten() {
        let progress = Progress::new(1);
        assert!(!progress.wait_for(P0, Position(1), Duration::from_millis(1)).await);
        assert_eq!(progress.with(P0, |front| front.waiting.len()), Some(0));
        assert!(!progress.wait_for(Partition(9), Position(0), LONG).await, "no such partition");
    }
}
