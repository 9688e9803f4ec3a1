//! One executor for every aggregate: load, decide, append, retry, claim, deduplicate.
//!
//! - [`request`]: what comes with a command; [`outcome`]: what it led to; [`error`]: why it did not
//! - `execute`, `bulk`, `import`: the three ways in; `forgetting`: a customer with everything that is theirs
//! - `engine`, `attempt`, `judge`, `batch`: the loop behind the first two
//! - `loading`, `cache`, `snapshots`: how a state comes about
//! - `claims`, `answer`: unique names, and requests that have their effect once
//! - `turns`, `retry`: how contending commands get along
//! - `observe`: metrics and the log line

mod answer;
mod attempt;
mod batch;
mod bulk;
mod cache;
mod claims;
mod engine;
mod erasure;
mod error;
mod execute;
mod forgetting;
mod import;
mod import_chunk;
mod judge;
mod loading;
mod observe;
mod outcome;
mod request;
mod retry;
mod snapshots;
mod turns;

use std::sync::Arc;
use std::time::Duration;

use event_log::Log;

use cache::StateCache;
use turns::Turns;

pub use error::{CommandError, Winner};
pub use outcome::{
    BulkItem, BulkMode, BulkOutcome, BulkProgress, BulkReport, Executed, ImportMode, ImportOutcome, ImportReport, Loaded,
};
pub use request::{Idempotency, Meta, Precondition};

/// How an executor works.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// How many bytes of states are kept in memory.
    pub cache_bytes: u64,
    /// How often a command is decided again after losing against others, at most.
    pub attempts: u32,
    /// For how long it is, at most.
    pub patience: Duration,
    /// After how many events a stream gets a new snapshot.
    pub snapshot_every: u64,
    /// For how long an idempotency key counts; whole seconds.
    pub idempotency_ttl: Duration,
}

impl Default for ExecutorOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 48 * 1024 * 1024,
            attempts: 64,
            patience: Duration::from_secs(10),
            snapshot_every: 200,
            idempotency_ttl: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// The executor. Cheap to clone; all clones share cache and turns.
#[derive(Clone)]
pub struct Executor {
    inner: Arc<Inner>,
}

struct Inner {
    log: Log,
    options: ExecutorOptions,
    cache: StateCache,
    turns: Turns,
}

impl Executor {
    /// An executor on a log.
    #[must_use]
    pub fn new(log: Log, options: ExecutorOptions) -> Self {
        let cache = StateCache::new(options.cache_bytes);
        Self { inner: Arc::new(Inner { log, options, cache, turns: Turns::default() }) }
    }

    /// The log that it works on.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.inner.log
    }

    fn options(&self) -> &ExecutorOptions {
        &self.inner.options
    }
}
