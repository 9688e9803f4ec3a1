//! A nats-server that belongs to this process: started with it, watched, restarted, stopped with it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::types::Durability;

/// How a server is started.
#[derive(Debug, Clone)]
pub struct ManagedOptions {
    /// Its files go to the folder `nats` in here.
    pub data_dir: PathBuf,
    /// The program; else the environment's `KITH_NATS_SERVER`, else `nats-server` on the path.
    pub binary: Option<PathBuf>,
    /// Whether it writes to disk before it acknowledges.
    pub durability: Durability,
}

/// Where a server answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// For [`crate::Log::connect`]; holds the token that the server asks for, so never log it.
    pub url: String,
    /// The server's monitor.
    pub monitor_url: String,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ManagedError {
    /// There is no such program.
    #[error("nats-server was not found ({0}): `make tools` gets it, or name one in KITH_NATS_SERVER")]
    NoBinary(String),
    /// The program is too old.
    #[error("nats-server {found} is too old, {least} or newer is needed: `make tools` gets one")]
    TooOld {
        /// Its version.
        found: String,
        /// The least version that does.
        least: &'static str,
    },
    /// Another process runs a server on this data.
    #[error("another process uses the data in {0}")]
    InUse(PathBuf),
    /// A file could not be written or a process could not be handled.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// It does not answer.
    #[error("nats-server did not get ready; the end of its log says: {0}")]
    NotReady(String),
}

/// A running server. Dropping it stops it.
pub struct NatsServer {
    address: Address,
}

impl NatsServer {
    /// Starts a server and waits until it answers.
    ///
    /// # Errors
    /// See [`ManagedError`].
    pub async fn start(_options: ManagedOptions) -> Result<Self, ManagedError> {
        Err(ManagedError::NotReady("not yet".into()))
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// For [`crate::Log::connect`]; holds the token that the server asks for, so never log it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.address.url
    }

    /// The server's monitor.
    #[must_use]
    pub fn monitor_url(&self) -> &str {
        &self.address.monitor_url
    }

    /// Stops it in good order, within a bound of 20 seconds.
    pub async fn stop(self) {}
}

/// The address of the server that another process runs on this data; `None` when none does.
#[must_use]
pub fn running_address(_data_dir: &Path) -> Option<Address> {
    None
}
