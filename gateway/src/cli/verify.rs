//! `kith verify`: whether the read models are what the log says.

use clap::Args;
use projections::rebuild;

use super::platform::Platform;
use super::stores_told::Telling;
use super::{CliError, Outcome};
use crate::settings::DataSettings;

/// Fill scratch tables from the log, and compare every row with those that are read
#[derive(Debug, Args)]
#[command(
    after_help = "The tables are compared as of one position. It works while the service runs and before, and changes nothing.\n\
The exit code is 1 when a row is not what the log says."
)]
pub struct Verify {
    /// Projections to verify; by default all
    #[arg(value_name = "PROJECTION")]
    projections: Vec<String>,
    /// Show what differing columns hold, too: that may be personal data
    #[arg(long)]
    values: bool,
    #[command(flatten)]
    data: DataSettings,
}

impl Verify {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let platform = Platform::join(&self.data).await?;
        let done = self.verify(&platform).await;
        platform.close().await;
        done
    }

    async fn verify(&self, platform: &Platform) -> Result<Outcome, CliError> {
        platform.until_full().await?;
        let mut telling = Telling::new(self.values);
        let verified = rebuild::verify(&platform.log, &platform.models, &self.projections, &mut telling).await;
        Ok(telling.finish(&verified?))
    }
}
