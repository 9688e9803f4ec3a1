//! The harness of the end-to-end tests: the real `kith` binary on real servers, on free ports and in directories of its own.
//!
//! What a test needs and does not find fails it with a sentence that says how to get it; nothing is skipped.

pub mod api;
pub mod channel;
pub mod load;
pub mod program;
pub mod recount;
pub mod service;
pub mod socket;
pub mod world;

pub use api::{Answer, Api};
pub use service::{Service, ServiceOptions};
pub use world::World;

use std::time::{Duration, Instant};

/// How long anything may take that a test waits for, before it counts as not happening.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none within [`PATIENCE`].
pub async fn until<T, F, Fut>(what: &str, mut ask: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begin.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
