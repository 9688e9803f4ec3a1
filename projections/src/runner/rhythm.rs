//! How large the batches of a lane are.

use std::time::Duration;

use crate::projection::Pace;

/// How a lane cuts the log into batches.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The most messages of a batch, atomic batches of the log apart.
    pub most: usize,
    /// How many messages a batch waits for.
    pub least: usize,
    /// How long it does, from its first message on.
    pub patience: Duration,
}

impl Rhythm {
    /// The rhythm of a pace: a prompt lane takes what is there; a trailing one gathers, so that each event costs less.
    pub const fn of(pace: Pace, most: usize) -> Self {
        match pace {
            Pace::Prompt => Self::at_once(most),
            Pace::Trailing => Self { most, least: 2_000, patience: Duration::from_millis(250) },
        }
    }

    /// What is there, without waiting.
    pub const fn at_once(most: usize) -> Self {
        Self { most, least: 1, patience: Duration::ZERO }
    }
}
