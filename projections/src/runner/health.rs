//! How the projections are doing.

use chrono::{DateTime, Utc};
use events::Position;
use events::subject::Partition;

use crate::projection::Pace;

/// How a projection is doing in a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionHealth {
    /// Its name.
    pub name: &'static str,
    /// Its pace.
    pub pace: Pace,
    /// Which generation of its stores is read.
    pub generation: i64,
    /// Whether that is still being filled: nobody reads it yet.
    pub filling: bool,
    /// The partition.
    pub partition: Partition,
    /// Everything up to here is applied.
    pub position: Position,
    /// The last position of the log, when it was last looked up.
    pub head: Position,
    /// Positions between the two.
    pub lag: u64,
    /// Why it stands still, where it does. It is tried again by itself.
    pub failed: Option<String>,
    /// When it last applied anything, in this process.
    pub last_applied_at: Option<DateTime<Utc>>,
    /// Its checkpoint is ahead of the log: the log lost data. Nothing is applied until somebody decides.
    pub fenced: bool,
}

/// How all projections are doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// One entry per projection and partition.
    pub projections: Vec<ProjectionHealth>,
}

impl Health {
    /// Whether nothing failed, nothing is fenced, and no prompt projection is being filled or farther behind
    /// than so many positions.
    #[must_use]
    pub fn is_ready(&self, most_lag: u64) -> bool {
        !self.projections.is_empty()
            && self.projections.iter().all(|one| {
                let late = one.pace == Pace::Prompt && (one.lag > most_lag || one.filling);
                one.failed.is_none() && !one.fenced && !late
            })
    }
}
