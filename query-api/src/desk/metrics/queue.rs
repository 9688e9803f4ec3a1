//! How long the queue was.

use super::Span;
use super::read::Stretch;

/// How many customers waited for a person whom nobody helped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueLength {
    /// At the end of the time asked about, or now.
    pub at_end: u64,
    /// The most at any moment of it.
    pub longest: u64,
}

impl QueueLength {
    /// The length that these waits make. They are followed in the order of the log, so the longest queue is one that was there.
    pub(super) fn of<'a>(waits: impl Iterator<Item = &'a Stretch>, span: Span) -> Self {
        let (mut at_start, mut steps) = (0_i64, Vec::new());
        for wait in waits.filter(|wait| wait.started_at < span.end && wait.ended_at >= span.start) {
            if wait.started_at < span.start {
                at_start += 1;
            } else {
                steps.push((wait.started, 1_i64));
            }
            if wait.ended_at < span.end {
                steps.push((wait.ended, -1));
            }
        }
        steps.sort_unstable();
        let mut longest = at_start;
        let at_end = steps.iter().fold(at_start, |length, (_, step)| {
            longest = longest.max(length + step);
            length + step
        });
        Self { at_end: at_end.unsigned_abs(), longest: longest.unsigned_abs() }
    }
}
