//! Throw-away servers for the tests of this crate and of others.

use std::path::Path;

use crate::log::{Log, LogOptions};
use crate::managed::{ManagedError, ManagedOptions, NatsServer};
use crate::types::Durability;

/// A server in a temporary folder; both go when it is dropped.
pub struct TestServer {
    server: NatsServer,
    durability: Durability,
    dir: tempfile::TempDir,
}

impl TestServer {
    /// Starts a server that is fast rather than durable.
    ///
    /// # Errors
    /// When there is no nats-server (the error says how to get one) or it does not start.
    pub async fn start() -> Result<Self, ManagedError> {
        Self::start_with(Durability::Relaxed).await
    }

    /// Starts a server.
    ///
    /// # Errors
    /// As [`TestServer::start`].
    pub async fn start_with(durability: Durability) -> Result<Self, ManagedError> {
        let dir =
            tempfile::tempdir().map_err(|source| ManagedError::Io { what: "cannot make a temporary folder".into(), source })?;
        let options = ManagedOptions { data_dir: dir.path().to_owned(), binary: None, durability };
        Ok(Self { server: NatsServer::start(options).await?, durability, dir })
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &NatsServer {
        &self.server
    }

    /// The folder with all its data.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// A log on it, with one partition.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn log(&self) -> Result<Log, crate::LogError> {
        let options = LogOptions {
            monitor_url: Some(self.server.monitor_url().to_owned()),
            durability: self.durability,
            ..LogOptions::default()
        };
        Log::connect(self.server.url(), options).await
    }
}
