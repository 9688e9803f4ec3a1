//! `kith rebuild`: the read models anew from the log, while the old ones are read.

use std::time::{Duration, Instant};

use clap::Args;
use projections::rebuild;

use super::platform::Platform;
use super::stores_told::Telling;
use super::{CliError, Outcome};
use crate::settings::DataSettings;

/// How long to wait until nobody reads the old tables any more.
const LAST_READERS: Duration = Duration::from_secs(60);
/// How often to look whether anybody does.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Fill the read models anew from the log, and put them in the place of those that are read
#[derive(Debug, Args)]
#[command(
    after_help = "New tables are filled beside those that are read, compared with them, and put in their place; reads go on all the \
time. It works while the service runs and before, and may be stopped at any moment and repeated.\n\
The exit code is 1 when a row was not what the log says; the new tables are read all the same."
)]
pub struct Rebuild {
    /// Projections to rebuild; by default all
    #[arg(value_name = "PROJECTION")]
    projections: Vec<String>,
    /// Show what differing columns hold, too: that may be personal data
    #[arg(long)]
    values: bool,
    #[command(flatten)]
    data: DataSettings,
}

impl Rebuild {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let platform = Platform::join(&self.data).await?;
        let done = self.rebuild(&platform).await;
        platform.close().await;
        done
    }

    async fn rebuild(&self, platform: &Platform) -> Result<Outcome, CliError> {
        platform.until_full().await?;
        let mut telling = Telling::new(self.values);
        let rebuilt = rebuild::rebuild(&platform.log, &platform.models, &self.projections, &mut telling).await;
        let outcome = telling.finish(&rebuilt?);
        if !dropped(platform).await? {
            eprintln!("The old tables are still being read; the service drops them when that has ended.");
        }
        Ok(outcome)
    }
}

/// Waits until everybody reads the new tables and the old ones are dropped; not for ever.
async fn dropped(platform: &Platform) -> Result<bool, CliError> {
    let begin = Instant::now();
    if platform.runner.is_none() {
        platform.models.take_up_all();
    }
    while platform.models.sweep().await? > 0 {
        if begin.elapsed() > LAST_READERS {
            return Ok(false);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(true)
}
