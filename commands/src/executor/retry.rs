//! How contending commands get along over processes: bounded attempts with jitter, and a little courtesy.

use std::time::{Duration, Instant};

use super::ExecutorOptions;
use super::turns::Turn;

/// The longest pause between two attempts.
const LONGEST_PAUSE_MS: u64 = 20;
/// For how long a loss is remembered.
const CONTENDED_FOR: Duration = Duration::from_secs(1);
/// The longest courtesy.
const COURTESY_MS: u64 = 3;

/// How many attempts are left, and until when.
pub(super) struct Patience {
    attempts: u32,
    most: u32,
    until: Instant,
}

impl Patience {
    pub fn new(options: &ExecutorOptions) -> Self {
        Self { attempts: 0, most: options.attempts, until: Instant::now() + options.patience }
    }

    /// Pauses before the next attempt; `false` when there is none left.
    pub async fn again(&mut self) -> bool {
        self.attempts += 1;
        if self.attempts >= self.most || Instant::now() >= self.until {
            return false;
        }
        let longest = (1_u64 << self.attempts.min(5)).min(LONGEST_PAUSE_MS);
        tokio::time::sleep(Duration::from_micros(rand::random_range(0..=longest * 1_000))).await;
        true
    }

    /// How many attempts were lost.
    pub fn lost(&self) -> u32 {
        self.attempts
    }
}

/// Ends a turn. Where another process contends for the same stream, the next one here waits a moment, since who appended last is
/// the first to know where the stream ends and would win for ever.
pub(super) fn pass_on(turn: Turn) {
    let contended = turn.last_loss().is_some_and(|lost| lost.elapsed() < CONTENDED_FOR);
    if contended {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(rand::random_range(0..=COURTESY_MS * 1_000))).await;
            drop(turn);
        });
    }
}
