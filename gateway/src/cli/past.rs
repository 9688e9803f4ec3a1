//! The platform as it was: scratch read models that are filled from the log up to a moment, beside whatever runs.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{IsTerminal, stderr};
use std::path::Path;

use chrono::Utc;
use commands::Executor;
use event_log::Log;
use events::Position;
use events::subject::Partition;
use gateway::point::Point;
use indicatif::{ProgressBar, ProgressStyle};
use projections::{DatabaseUrl, DbOptions, Health, Progress, ReadModels, rebuild, registry};
use tempfile::TempDir;

use super::CliError;
use super::ground::Ground;
use super::platform::executor;
use crate::settings::DataSettings;

/// What the names of scratch folders in the data directory begin with.
const SCRATCH: &str = "as-of-";
/// The file whose lock says that a scratch folder is used.
const LOCK_FILE: &str = "lock";
/// How many positions are filled between two looks at how far it is.
const STEP: u64 = 50_000;
const STYLE: &str = "{wide_bar} {percent:>3} %  {pos} of {len} positions  about {eta} left";

/// A platform as it was. Nothing is written to its log.
pub struct Past {
    /// Reads streams; commands are refused at the door.
    pub executor: Executor,
    /// The read models as they were.
    pub models: ReadModels,
    /// The moment, by partition.
    pub positions: Vec<Position>,
    ground: Ground,
    /// Goes when this does, and the tables with it.
    scratch: TempDir,
    _used: File,
}

impl Past {
    /// Finds the moment and makes room for it.
    pub async fn open(settings: &DataSettings, point: Point) -> Result<Self, CliError> {
        let ground = Ground::find(settings).await?;
        let positions = positions(&ground.log, point).await?;
        sweep(&settings.data_dir);
        let refused = |source| CliError::DataDir { path: settings.data_dir.clone(), source };
        let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(&settings.data_dir).map_err(refused)?;
        let used = File::create(scratch.path().join(LOCK_FILE)).map_err(refused)?;
        used.lock().map_err(refused)?;
        // Always SQLite: it is for this process alone, and both databases answer alike.
        let url = DatabaseUrl::in_dir(scratch.path());
        let models = ReadModels::open(&url, DbOptions::default(), &registry::all()).await?;
        Ok(Self { executor: executor(&ground.log), models, positions, ground, scratch, _used: used })
    }

    /// Fills the read models up to the moment, and tells how far it is.
    pub async fn fill(&self) -> Result<(), CliError> {
        let all = self.positions.iter().map(|position| position.0).sum();
        let bar = bar(all);
        let mut until: BTreeMap<Partition, Position> = BTreeMap::new();
        for (partition, end) in self.ground.log.all_partitions().zip(&self.positions) {
            let mut at = Position::START;
            while at < *end {
                at = Position(at.0.saturating_add(STEP)).min(*end);
                until.insert(partition, at);
                rebuild::fill_until(&self.ground.log, &self.models, &until).await?;
                bar.set_position(until.values().map(|position| position.0).sum());
            }
            until.insert(partition, *end);
        }
        rebuild::fill_until(&self.ground.log, &self.models, &until).await?;
        self.models.serve_all().await?;
        bar.finish_and_clear();
        Ok(())
    }

    /// Progress that stands at the moment.
    pub fn progress(&self) -> Progress {
        Progress::standing(&self.positions)
    }

    /// Health that stands at the moment.
    pub fn health(&self) -> Health {
        Health::standing(&registry::all(), &self.positions)
    }

    /// Takes everything away again.
    pub async fn close(self) -> Result<(), CliError> {
        self.models.close().await;
        let path = self.scratch.path().to_owned();
        let removed = self.scratch.close().map_err(|source| CliError::DataDir { path, source });
        self.ground.leave().await;
        removed
    }
}

/// The positions of all partitions at a moment that has come.
async fn positions(log: &Log, point: Point) -> Result<Vec<Position>, CliError> {
    if matches!(point, Point::Position(_)) && log.partitions() > 1 {
        return Err(CliError::SeveralPartitions(log.partitions()));
    }
    let mut positions = Vec::new();
    for partition in log.all_partitions() {
        positions.push(position(log, partition, point).await?);
    }
    Ok(positions)
}

/// The position of a partition at a moment that has come.
pub async fn position(log: &Log, partition: Partition, point: Point) -> Result<Position, CliError> {
    if let Point::Time(time) = point
        && time > Utc::now()
    {
        return Err(CliError::ToCome(time));
    }
    let (position, last) = (point.last(log, partition).await?, log.head(partition).await?);
    if position > last { Err(CliError::BeyondLast { from: position.0, last }) } else { Ok(position) }
}

/// Removes what processes left that were killed.
fn sweep(data_dir: &Path) {
    for entry in std::fs::read_dir(data_dir).into_iter().flatten().flatten() {
        let is_scratch = entry.file_name().to_str().is_some_and(|name| name.starts_with(SCRATCH));
        if is_scratch
            && !is_used(&entry.path())
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, "what an earlier --as-of left cannot be removed");
        }
    }
}

/// Whether a process has the scratch folder. One that is just being made has no lock yet.
fn is_used(scratch: &Path) -> bool {
    match File::open(scratch.join(LOCK_FILE)) {
        Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => std::fs::metadata(scratch)
            .and_then(|it| it.modified())
            .is_ok_and(|it| it.elapsed().is_ok_and(|age| age.as_secs() < 60)),
    }
}

/// On a terminal a bar, elsewhere nothing: then the log lines tell.
fn bar(all: u64) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(all).with_style(style)
}
