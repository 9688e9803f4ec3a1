//! The platform that a command works on: the one of a running service, or one that is started for the moment.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use commands::{Executor, ExecutorOptions};
use event_log::managed::{Address, ManagedOptions, NatsServer, running_address};
use event_log::{Log, LogOptions};
use events::Position;
use events::subject::Partition;
use projections::runner::{Runner, RunnerHandle, RunnerOptions};
use projections::{DbOptions, ReadModels, registry};

use super::CliError;
use crate::settings::DataSettings;

/// How long a command waits for a service that is just starting, and for read models that are just catching up.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a service waits for one that is just ending: a process that was killed holds the directory until its memory is freed.
const LEAVING: Duration = Duration::from_secs(3);
/// How long to wait between two looks at what another process does.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// The file whose lock says who owns the data directory.
const LOCK_FILE: &str = "kith.lock";

/// Everything that works on one log and one set of read models.
pub struct Platform {
    /// Carries commands out.
    pub executor: Executor,
    /// Where what happened is kept.
    pub log: Log,
    /// The read models.
    pub models: ReadModels,
    /// Keeps the read models current; `None` where the service that is joined does.
    pub runner: Option<Arc<RunnerHandle>>,
    server: Option<NatsServer>,
    // Held for as long as this process owns the data directory.
    _lock: Option<File>,
}

impl Platform {
    /// Owns the data directory and starts everything in it. For the service.
    pub async fn own(settings: &DataSettings) -> Result<Self, CliError> {
        let begin = Instant::now();
        loop {
            if let Some(lock) = lock(&settings.data_dir)? {
                return Self::start(settings, lock).await;
            }
            if begin.elapsed() > LEAVING {
                return Err(CliError::InUse(settings.data_dir.clone()));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Joins the service that runs on the data directory; where none runs, starts everything for the moment.
    pub async fn join(settings: &DataSettings) -> Result<Self, CliError> {
        if let Some(lock) = lock(&settings.data_dir)? {
            return Self::start(settings, lock).await;
        }
        let address = match &settings.nats_url {
            Some(_) => None,
            None => Some(address_of_running(&settings.data_dir).await?),
        };
        let log = connect(settings, address.as_ref()).await?;
        let models = ReadModels::open(&settings.database()?, DbOptions::default(), &registry::all()).await?;
        Ok(Self { executor: executor(&log), log, models, runner: None, server: None, _lock: None })
    }

    async fn start(settings: &DataSettings, lock: File) -> Result<Self, CliError> {
        let server = match &settings.nats_url {
            Some(_) => None,
            None => Some(NatsServer::start(managed(settings)).await?),
        };
        let log = connect(settings, server.as_ref().map(NatsServer::address)).await?;
        let models = ReadModels::open(&settings.database()?, DbOptions::default(), &registry::all()).await?;
        let runner = Arc::new(Runner::start(&log, &models, RunnerOptions::default()));
        Ok(Self { executor: executor(&log), log, models, runner: Some(runner), server, _lock: Some(lock) })
    }

    /// Waits until the read models show everything that is in the log now.
    pub async fn catch_up(&self) -> Result<(), CliError> {
        for partition in self.log.all_partitions() {
            let head = self.log.head(partition).await?;
            let caught_up = match &self.runner {
                Some(runner) => {
                    runner.progress().wait_for(partition, head, PATIENCE).await
                        && runner.trailing().wait_for(partition, head, PATIENCE).await
                }
                None => self.follow(partition, head).await?,
            };
            if !caught_up {
                return Err(CliError::Behind);
            }
        }
        self.until_full().await
    }

    /// Waits until every read model can be read.
    pub async fn until_full(&self) -> Result<(), CliError> {
        let begin = Instant::now();
        while !self.models.is_full() {
            if begin.elapsed() > PATIENCE {
                return Err(CliError::Behind);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            self.models.look().await?;
        }
        Ok(())
    }

    /// Looks how far the service that is joined is until it has got there.
    async fn follow(&self, partition: Partition, head: Position) -> Result<bool, CliError> {
        let begin = Instant::now();
        while self.models.reached(partition).await? < head {
            if begin.elapsed() > PATIENCE {
                return Ok(false);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(true)
    }

    /// Stops keeping the read models current, so that a bulk load has the machine to itself. The next service catches up.
    pub async fn pause_read_models(&mut self) {
        // Who else holds it only looks at it for a moment.
        if let Some(runner) = self.runner.take().and_then(Arc::into_inner) {
            runner.stop().await;
        }
    }

    /// Stops what was started, in the order in which it depends on each other.
    pub async fn close(mut self) {
        self.pause_read_models().await;
        self.models.close().await;
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}

/// Carries commands out on a log.
pub(super) fn executor(log: &Log) -> Executor {
    Executor::new(log.clone(), ExecutorOptions::default())
}

/// How the managed server is started.
pub(super) fn managed(settings: &DataSettings) -> ManagedOptions {
    ManagedOptions {
        data_dir: settings.data_dir.clone(),
        binary: settings.managed_binary(),
        durability: settings.durability.into(),
    }
}

/// Connects to the log: the one that is named, or that of the managed server at an address.
pub(super) async fn connect(settings: &DataSettings, managed: Option<&Address>) -> Result<Log, CliError> {
    let options = LogOptions {
        partitions: settings.partitions,
        monitor_url: managed.map(|address| address.monitor_url.clone()).or_else(|| settings.nats_monitor_url.clone()),
        durability: settings.durability.into(),
        ..LogOptions::default()
    };
    let url = managed.map(|address| address.url.as_str()).or(settings.nats_url.as_deref()).unwrap_or_default();
    Ok(Log::connect(url, options).await?)
}

/// Takes the data directory for this process; `None` when another has it.
pub(super) fn lock(data_dir: &Path) -> Result<Option<File>, CliError> {
    let refused = |source| CliError::DataDir { path: data_dir.to_owned(), source };
    std::fs::create_dir_all(data_dir).map_err(refused)?;
    let file = File::options().create(true).truncate(false).write(true).open(data_dir.join(LOCK_FILE)).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(refused(source)),
    }
}

/// The address that the owner of the data directory keeps there; waits for one that is just starting.
pub(super) async fn address_of_running(data_dir: &Path) -> Result<Address, CliError> {
    let begin = Instant::now();
    loop {
        if let Some(address) = running_address(data_dir) {
            return Ok(address);
        }
        if begin.elapsed() > PATIENCE {
            return Err(CliError::NoLogToJoin(data_dir.to_owned()));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
