//! What is remembered of the last messages, and no more than that: a window that moves on.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first 64 bits of an id's SHA-256: all that comparing takes. An id that is new is taken for one of 512 others in 3 of 10^17
/// cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub fn of(id: &str) -> Self {
        let digest = Sha256::digest(id.as_bytes());
        Self(digest.iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte)))
    }
}

/// A message that is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    pub id: Fingerprint,
    /// Whether the customer wrote it.
    pub is_customers: bool,
}

/// The last `N` of something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Window<T, const N: usize>(VecDeque<T>);

impl<T, const N: usize> Default for Window<T, N> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: PartialEq, const N: usize> Window<T, N> {
    /// One more; the oldest goes when there are `N`.
    pub fn push(&mut self, item: T) {
        if self.0.len() >= N {
            self.0.pop_front();
        }
        self.0.push_back(item);
    }

    pub fn contains(&self, item: &T) -> bool {
        self.0.contains(item)
    }

    pub fn newest_first(&self) -> impl Iterator<Item = &T> {
        self.0.iter().rev()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.0.capacity() * std::mem::size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_keeps_the_last() {
        let mut window = Window::<u32, 3>::default();
        for item in 0..10 {
            window.push(item);
        }
        assert_eq!(window.newest_first().copied().collect::<Vec<_>>(), [9, 8, 7]);
        assert!(window.contains(&7) && !window.contains(&6));
        assert_eq!(window.len(), 3);
    }
}
