//! Pages, tags and users as they are now, and what their events do to them.

mod agent;
mod page;
mod tag;

use std::str::FromStr;

use events::Recorded;

pub use agent::AgentRow;
pub use page::PageRow;
pub use tag::TagRow;

use crate::projection::ApplyError;

/// The id of an event's stream.
fn id_of<T: FromStr>(recorded: &Recorded) -> Result<T, ApplyError> {
    recorded.envelope.stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream's id is none"))
}

/// An event that is not of its stream's kind.
fn stranger(recorded: &Recorded) -> ApplyError {
    ApplyError::event(recorded, "it is of another kind than its stream")
}
