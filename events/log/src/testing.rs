//! Throw-away servers for the tests of this crate and of others.

use std::path::Path;

use bytes::Bytes;
use futures_util::StreamExt as _;

use crate::link::{Link, unavailable};
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

    /// Listens to everything that passes over the server from now on.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn overhear(&self) -> Result<Overheard, crate::LogError> {
        let client = Link::connect(self.server.url()).await?.client.clone();
        let messages = client.subscribe(">").await.map_err(unavailable)?;
        client.flush().await.map_err(unavailable)?;
        Ok(Overheard { client, messages })
    }
}

/// What passes over a server.
pub struct Overheard {
    client: async_nats::Client,
    messages: async_nats::Subscriber,
}

impl Overheard {
    /// The messages since the last call, with their subjects: all that were sent by whoever had an answer before this call.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn so_far(&mut self) -> Result<Vec<(String, Bytes)>, crate::LogError> {
        // The server hands a mark over behind everything that it had taken before.
        let mark = self.client.new_inbox();
        self.client.publish(mark.clone(), Bytes::new()).await.map_err(unavailable)?;
        let mut passed = Vec::new();
        while let Some(message) = self.messages.next().await {
            if message.subject.as_str() == mark {
                return Ok(passed);
            }
            passed.push((message.subject.to_string(), message.payload));
        }
        Err(unavailable("the connection is closed"))
    }
}
