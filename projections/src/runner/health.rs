//! How the projections are doing.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use events::Position;
use events::subject::Partition;

use crate::projection::{Pace, Projection};

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
    /// Where the log ended when it was looked up first, if it was.
    pub first_head: Option<Position>,
    /// Why it stands still, where it does. It is tried again by itself.
    pub failed: Option<String>,
    /// When it last applied anything, in this process.
    pub last_applied_at: Option<DateTime<Utc>>,
    /// Its checkpoint is ahead of the log: the log lost data. Nothing is applied until somebody decides.
    pub fenced: bool,
}

impl ProjectionHealth {
    /// Whether it does not show yet what was in the log before this process started.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        self.first_head.is_none_or(|head| self.position < head)
    }
}

/// How all projections are doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// One entry per projection and partition.
    pub projections: Vec<ProjectionHealth>,
}

impl Health {
    /// Projections that were filled up to here, one position per partition, and stand there for good.
    #[must_use]
    pub fn standing(projections: &[Arc<dyn Projection>], positions: &[Position]) -> Self {
        let one = |projection: &Arc<dyn Projection>, partition, position| ProjectionHealth {
            name: projection.name(),
            pace: projection.pace(),
            generation: 1,
            filling: false,
            partition,
            position,
            head: position,
            lag: 0,
            first_head: Some(position),
            failed: None,
            last_applied_at: None,
            fenced: false,
        };
        let partitions = || (0..).map(Partition).zip(positions.iter().copied());
        let of = |projection| partitions().map(move |(partition, position)| one(projection, partition, position));
        Self { projections: projections.iter().flat_map(of).collect() }
    }

    /// Whether nothing failed, nothing is fenced, and no prompt projection is starting, being filled, or farther behind than so
    /// many positions.
    #[must_use]
    pub fn is_ready(&self, most_lag: u64) -> bool {
        !self.projections.is_empty()
            && self.projections.iter().all(|one| {
                let late = one.pace == Pace::Prompt && (one.lag > most_lag || one.filling || one.is_starting());
                one.failed.is_none() && !one.fenced && !late
            })
    }
}
