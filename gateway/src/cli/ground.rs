//! The log under a platform that only looks: that of a running service, or one that is started for the moment.

use std::fs::File;

use event_log::Log;
use event_log::managed::NatsServer;

use super::CliError;
use super::platform::{address_of_running, connect, lock, managed};
use crate::settings::DataSettings;

/// A log, and what was started for it.
pub struct Ground {
    /// Where what happened is kept.
    pub log: Log,
    server: Option<NatsServer>,
    // Held for as long as this process runs the server of the data directory.
    _lock: Option<File>,
}

impl Ground {
    /// Finds the log, and starts its server where none runs.
    pub async fn find(settings: &DataSettings) -> Result<Self, CliError> {
        let lock = lock(&settings.data_dir)?;
        if settings.nats_url.is_some() {
            // Somebody else's server: the data directory is left to a service that is started later.
            return Ok(Self { log: connect(settings, None).await?, server: None, _lock: None });
        }
        let (server, address) = match &lock {
            Some(_) => {
                let server = NatsServer::start(managed(settings)).await?;
                let address = server.address().clone();
                (Some(server), address)
            }
            None => (None, address_of_running(&settings.data_dir).await?),
        };
        Ok(Self { log: connect(settings, Some(&address)).await?, server, _lock: lock })
    }

    /// Stops what was started.
    pub async fn leave(self) {
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}
