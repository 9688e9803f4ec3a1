//! Where what happened is kept: the log on NATS `JetStream`.

mod error;
mod log;
pub mod managed;
mod secrets;
pub mod testing;
mod types;

pub use error::{AppendError, LogError, SecretError};
pub use log::{Log, LogOptions};
pub use secrets::{Secret, Secrets};
pub use types::{Append, Appended, Durability, Entry, LogHealth, MAX_ENTRIES, Snapshot, Stored, StoredClaim, Tailed};
