//! Where what happened is kept: the log on NATS `JetStream`. No other crate knows that it is NATS.
//!
//! # The log in a minute
//!
//! What a command decides is one [`Commit`](events::Commit): one message on the subject of its stream. Subjects are
//! `kith.<pp>.ev.<tenant>.<kind>.<id>` for commits and `kith.<pp>.claim.<tenant>.<name>.<hash>` for claims (unique names).
//! All of a partition `pp` is one `JetStream` stream `KITH_<pp>`, whose sequence is the [`Position`](events::Position). A
//! tenant lives in one partition, so all that ever happened to it has one order. How many partitions there are is written
//! into the first stream when it is made, and never changes.
//!
//! ```no_run
//! # async fn example(append: event_log::Append, stream: events::StreamRef) -> Result<(), Box<dyn std::error::Error>> {
//! use event_log::{Log, LogOptions};
//! use events::Position;
//! use futures_util::StreamExt as _;
//!
//! let log = Log::connect("nats://127.0.0.1:4222", LogOptions::default()).await?;
//! let appended = log.append(append).await?; // all of its entries, or an error and none of them
//! let commits = log.load(&stream, Position::START).await?; // what one aggregate is folded from
//! let mut tail = Box::pin(log.tail(log.partition_of(&stream.tenant), appended.last()));
//! while let Some(item) = tail.next().await { // what read models are folded from; never ends by itself
//!     println!("{}", item?.position);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises, and how
//!
//! 1. *Two who contend have one winner.* Every message says which sequence its subject must have
//!    (`Nats-Expected-Last-Subject-Sequence`). That guards resends as well: of everything that was ever sent for one append,
//!    one thing at most can be recorded.
//! 2. *All or nothing.* Several entries go as one atomic batch (ADR-50).
//! 3. *An acknowledged append is on the disk*, where the server syncs always; [`Log::health`] says whether it does. What that
//!    costs is won back by group commit: appends that wait together share one batch (`appender`), and when the server refuses
//!    it, the log is asked who is to blame, so that only that one fails (`flight`, `standing`).
//! 4. *A lost acknowledgement is looked up.* When the connection goes, an append waits for the server and reads whether it is
//!    there before anything is sent again. [`AppendError::Uncertain`] is left for servers that stay away.
//! 5. *A tail skips nothing and repeats nothing*, over lost connections and restarts (`tail`, `feed`), and it says where
//!    atomic batches end ([`Tailed::more`]).
//! 6. *Erased means gone*: messages are overwritten on the disk, and so are replaced snapshots and secrets (`keep`).
//! 7. *A log that lost data is not written to*: the end is checked after every connect for a batch that is there in part
//!    ([`AppendError::Torn`]), and a reader that is ahead of the log is told so ([`LogError::Shortened`]).
//!
//! [`managed`] runs a nats-server as a child of this process, [`testing`] does so in a temporary folder. [`service`] lets a process
//! answer requests on the same connection.

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
mod pages;
mod partition;
pub mod probe;
mod publish;
mod queue;
mod range;
mod read;
mod secrets;
pub mod service;
mod snapshots;
mod standing;
mod streams;
mod tail;
pub mod testing;
mod time;
mod turn;
mod types;
mod wire;

pub use error::{AppendError, LogError, SecretError};
pub use log::{Log, LogOptions};
pub use pages::{CommitPage, Paged, Selection};
pub use secrets::{Secret, Secrets};
pub use types::{Append, Appended, Durability, Entry, LogHealth, MAX_ENTRIES, Snapshot, Stored, StoredClaim, Tailed};
