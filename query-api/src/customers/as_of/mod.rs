//! The same questions as of an earlier position: what the answers were then. The past stays as it was, but for customers who
//! were forgotten since: they are in no answer, at no time.

mod cards;
mod count;
mod detail;
mod export;
mod list;
mod plan;
mod search;
mod versions;
#[cfg(test)]
mod ways;

use events::Position;
use events::subject::Partition;
use projections::customer_history::Moment;

pub use cards::{NamedTag, TagThen, contact, tags, tenant_tags};
pub use detail::{get, ledger};
pub use export::export;
pub use list::{list, stats};
pub use versions::{CustomerVersion, Past, version_as_of, versions, versions_numbered};

/// A position in the partition of the tenant that is asked about. What it and everything before it led to is what was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    moment: Moment,
    position: Position,
}

impl AsOf {
    /// As of this position.
    #[must_use]
    pub fn new(partition: Partition, position: Position) -> Self {
        Self { moment: Moment::of(partition, position), position }
    }

    /// The moment, as tables name it.
    pub(crate) const fn moment(self) -> Moment {
        self.moment
    }

    /// The position.
    #[must_use]
    pub const fn position(self) -> Position {
        self.position
    }
}
