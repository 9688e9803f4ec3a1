//! Where what happened is kept: the log on NATS `JetStream`.

mod appender;
mod direct;
mod error;
mod feed;
mod flight;
mod health;
mod inbox;
mod keep;
mod link;
mod log;
pub mod managed;
mod partition;
pub mod probe;
mod publish;
mod queue;
mod read;
mod secrets;
mod snapshots;
mod standing;
mod tail;
pub mod testing;
mod types;
mod wire;

pub use error::{AppendError, LogError, SecretError};
pub use log::{Log, LogOptions};
pub use secrets::{Secret, Secrets};
pub use types::{Append, Appended, Durability, Entry, LogHealth, MAX_ENTRIES, Snapshot, Stored, StoredClaim, Tailed};
