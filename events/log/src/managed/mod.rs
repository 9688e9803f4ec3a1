//! A nats-server that belongs to this process: started with it, watched, restarted, stopped with it.
//!
//! Its files are in the folder `nats` of the data directory: settings, store, log, the address (with the token that keeps
//! other users of the machine out), and a lock that tells a server in use from one that a killed process left behind.

mod binary;
mod keeper;
mod leftover;
mod settings;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::types::Durability;
use keeper::Keeper;
use settings::Files;

/// How long a server may take to get ready while it is alive: a long log takes its time.
const READY: Duration = Duration::from_secs(60);
/// How often other ports are tried when somebody else was faster.
const PORT_TRIES: u32 = 5;
/// After how long a lock is taken to be another service's.
const LOCKED_FOR: Duration = Duration::from_millis(500);
/// The pause between two looks at a server that is not ready.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

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

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("monitor_url", &self.monitor_url).finish_non_exhaustive()
    }
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
    #[error("another process uses the data in {}", .0.display())]
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

pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> ManagedError {
    let what = what.into();
    move |source| ManagedError::Io { what, source }
}

/// A running server. Dropping it stops it, and waits for that.
#[derive(Debug)]
pub struct NatsServer {
    address: Address,
    keeper: Keeper,
    /// Held as long as the server runs.
    _lock: File,
}

impl NatsServer {
    /// Starts a server and waits until it answers.
    ///
    /// # Errors
    /// See [`ManagedError`].
    pub async fn start(options: ManagedOptions) -> Result<Self, ManagedError> {
        let binary = binary::find(options.binary.as_deref())?;
        let files = Files::in_data_dir(&options.data_dir)?;
        let lock = lock(&files).await?;
        leftover::stop(&files).await?;
        let mut last = files.last_run();
        for _ in 0..PORT_TRIES {
            let settings = files.write_settings(last.take(), options.durability)?;
            let keeper = Keeper::start(&binary, &files)?;
            if ready(&keeper, &settings).await {
                files.write_address(&settings.address())?;
                tracing::info!(monitor = settings.address().monitor_url, "nats-server started");
                return Ok(Self { address: settings.address(), keeper, _lock: lock });
            }
            keeper.stop();
            if !files.log_tail().contains("address already in use") {
                break;
            }
        }
        Err(ManagedError::NotReady(files.log_tail()))
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

    /// The process id of the server as it runs now; `None` while it is being restarted.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.keeper.pid()
    }

    /// Stops it in good order: finishes what is under way, at most 20 seconds.
    pub async fn stop(self) {
        // Waiting for a process blocks.
        if tokio::task::spawn_blocking(move || drop(self)).await.is_err() {
            tracing::warn!("nats-server was not stopped in good order");
        }
    }
}

/// Takes the lock. Whoever asks for [`running_address`] has it for a moment, so it is tried a few times.
async fn lock(files: &Files) -> Result<File, ManagedError> {
    let until = Instant::now() + LOCKED_FOR;
    loop {
        match files.lock()? {
            Some(lock) => return Ok(lock),
            None if Instant::now() >= until => return Err(ManagedError::InUse(files.dir.clone())),
            None => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

/// Waits until the server answers a client, or has died.
async fn ready(keeper: &Keeper, settings: &settings::Settings) -> bool {
    let until = Instant::now() + READY;
    while Instant::now() < until && !keeper.gave_up() {
        if async_nats::ConnectOptions::with_token(settings.token.clone())
            .connect(format!("nats://127.0.0.1:{}", settings.port))
            .await
            .is_ok()
        {
            return true;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    false
}

/// The address of the server that another process runs on this data; `None` when none does.
#[must_use]
pub fn running_address(data_dir: &Path) -> Option<Address> {
    let files = Files::existing(data_dir)?;
    // Who gets the lock is alone.
    match files.lock() {
        Ok(Some(_)) => None,
        Ok(None) | Err(_) => files.read_address(),
    }
}
