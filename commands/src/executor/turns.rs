//! Turns: commands on one stream wait for each other in this process instead of colliding in the log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::OwnedMutexGuard;

/// When a turn on this name last lost against another process.
type LastLoss = Option<Instant>;
type Slot = Arc<tokio::sync::Mutex<LastLoss>>;

/// Who is at it, by name. Names that nobody waits for take no room.
#[derive(Clone, Default)]
pub(super) struct Turns {
    slots: Arc<Mutex<HashMap<String, Slot>>>,
}

/// The right to go on, until it is dropped.
pub(super) struct Turn {
    turns: Turns,
    name: String,
    slot: Option<Slot>,
    guard: Option<OwnedMutexGuard<LastLoss>>,
}

impl Turns {
    /// Waits for the turn on a name; first come, first served.
    pub async fn wait(&self, name: String) -> Turn {
        let slot = Arc::clone(self.lock().entry(name.clone()).or_default());
        // Made before the wait, so that a wait that is given up cleans up too.
        let mut turn = Turn { turns: self.clone(), name, slot: Some(Arc::clone(&slot)), guard: None };
        turn.guard = Some(slot.lock_owned().await);
        turn
    }

    /// Waits for the turns on many names. They are taken in order, so that two that wait for many cannot block each other.
    pub async fn wait_for_all(&self, mut names: Vec<String>) -> Vec<Turn> {
        names.sort_unstable();
        names.dedup();
        let mut turns = Vec::with_capacity(names.len());
        for name in names {
            turns.push(self.wait(name).await);
        }
        turns
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.lock().len()
    }
}

impl Turn {
    /// Remembers that another process was faster.
    pub fn lost(&mut self) {
        if let Some(guard) = &mut self.guard {
            **guard = Some(Instant::now());
        }
    }

    /// When another process was last faster, while commands kept this name busy here.
    pub fn last_loss(&self) -> Option<Instant> {
        self.guard.as_deref().copied().flatten()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut slots = self.turns.lock();
        self.slot = None;
        if slots.get(&self.name).is_some_and(|slot| Arc::strong_count(slot) == 1) {
            slots.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time_and_nothing_is_left_behind() {
        let turns = Turns::default();
        let first = turns.wait("a".to_owned()).await;
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { drop(turns.wait("a".to_owned()).await) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.expect("gets its turn");
        assert_eq!(turns.len(), 0);
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_leaves_nothing_behind() {
        let turns = Turns::default();
        let first = turns.wait("a".to_owned()).await;
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { drop(turns.wait("a".to_owned()).await) }
        });
        tokio::task::yield_now().await;
        drop(first);
        waiting.abort();
        let _ = waiting.await;
        assert_eq!(turns.len(), 0);
    }
}
