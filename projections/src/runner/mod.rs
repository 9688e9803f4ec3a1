//! The runner: reads the log once per partition and feeds every projection.

mod health;
mod progress;

pub use health::{Health, ProjectionHealth};
pub use progress::Progress;
