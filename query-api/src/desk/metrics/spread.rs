//! How durations are spread.

use chrono::TimeDelta;

/// How durations are spread. All zero where there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: u64,
    /// Their mean.
    pub mean: TimeDelta,
    /// The least one that half of them do not exceed.
    pub median: TimeDelta,
    /// The least one that nine of ten do not exceed.
    pub p90: TimeDelta,
    /// The greatest.
    pub max: TimeDelta,
}

impl Spread {
    /// The spread of durations in microseconds.
    #[must_use]
    pub fn of(mut micros: Vec<i64>) -> Self {
        micros.sort_unstable();
        let count = micros.len();
        let sum: i128 = micros.iter().map(|one| i128::from(*one)).sum();
        let mean = sum.checked_div(i128::try_from(count).unwrap_or(i128::MAX)).unwrap_or_default();
        // The nearest rank: the first of those that so many of a hundred do not exceed.
        let rank = |percent: usize| micros.get((count * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
        Self {
            count: count as u64,
            mean: TimeDelta::microseconds(i64::try_from(mean).unwrap_or(i64::MAX)),
            median: TimeDelta::microseconds(rank(50)),
            p90: TimeDelta::microseconds(rank(90)),
            max: TimeDelta::microseconds(rank(100)),
        }
    }
}
