//! How the door behaves.

use std::path::PathBuf;
use std::time::Duration;

use events::Position;

use crate::channel::outbox::OutboxOptions;
use crate::desk::detector::remote::RemoteOptions;

/// How the door behaves.
#[derive(Debug, Clone)]
pub struct DoorOptions {
    /// Signs access tokens; unset: a secret that is made once and kept in the log's secrets.
    pub jwt_secret: Option<String>,
    /// Requests that one user (or, before sign-in, one address) may make per second; 0: no limit.
    pub requests_per_second: u32,
    /// Whether the last address in `X-Forwarded-For` is the client's, because a proxy that can be trusted put it there.
    pub behind_proxy: bool,
    /// Origins whose pages may call the API; none by default.
    pub cors_origins: Vec<String>,
    /// Whether the service is ready although the log does not sync every write.
    pub relaxed: bool,
    /// How often a socket says how far it is, and looks whether its client is there and may still be.
    pub heartbeat: Duration,
    /// Where the log ends for this door, by partition: it shows what was then and takes no writes. Unset: it goes with the log.
    pub as_of: Option<Vec<Position>>,
    /// The language model that tells whether a customer asks for a person; unset: the local detector tells.
    pub detector: Option<RemoteOptions>,
    /// How answers are delivered.
    pub outbox: OutboxOptions,
    /// Where files are kept while a request brings them.
    pub scratch_dir: PathBuf,
}

impl Default for DoorOptions {
    fn default() -> Self {
        Self {
            jwt_secret: None,
            requests_per_second: 300,
            behind_proxy: false,
            cors_origins: Vec::new(),
            relaxed: false,
            heartbeat: Duration::from_secs(20),
            as_of: None,
            detector: None,
            outbox: OutboxOptions::default(),
            scratch_dir: std::env::temp_dir(),
        }
    }
}
