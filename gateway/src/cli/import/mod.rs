//! `kith import`: customers from a CSV file.
//!
//! The file is read as it goes, never as a whole, and what is in already stays what it is: an import that was interrupted is
//! completed by running it again.

mod blocks;
pub(super) mod report;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use commands::{ImportMode, Meta};
use events::TenantId;

use self::blocks::{Block, Blocks};
use self::report::Report;
use super::platform::Platform;
use super::{CliError, Outcome, tenant};
use crate::settings::DataSettings;

/// Bring customers in from a CSV file
#[derive(Debug, Args)]
#[command(
    after_help = "The first line names the columns, in any order: name and email, and where they are known phone, address, city, \
province, postal_code, loyalty_points, total_orders, total_spent, notes, is_active, created_at, last_order_date.\n\
Customers whose email address is there already are left as they are, so an interrupted import is completed by running it again.\n\
The exit code is 1 when a row was refused."
)]
pub struct Import {
    /// CSV file in UTF-8
    file: PathBuf,
    /// Tenant, by its id or its name
    #[arg(long)]
    tenant: String,
    /// All rows or none; for files of a few hundred rows
    #[arg(long)]
    atomic: bool,
    /// Write refused rows to this file, one line each; by default to standard error
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataSettings,
}

impl Import {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let blocks = Blocks::open(&self.file, self.atomic)?;
        let report = Report::new(&self.file, self.report.as_deref(), blocks.bytes)?;
        let mut platform = Platform::join(&self.data).await?;
        let imported = self.import(&mut platform, blocks, report).await;
        platform.close().await;
        imported
    }

    async fn import(&self, platform: &mut Platform, mut blocks: Blocks, mut report: Report) -> Result<Outcome, CliError> {
        let tenant = tenant::find(platform, &self.tenant).await?.id;
        platform.pause_read_models().await;
        let meta = Meta::system("import");
        let begin = Instant::now();
        while let Some(block) = blocks.next().await? {
            let (read, done) = (block.read_bytes, self.import_block(platform, &tenant, block, &meta, &mut report).await);
            // What was refused so far is worth knowing also when the rest cannot be done.
            if let Err(error) = done {
                report.finish(begin.elapsed(), self.json)?;
                return Err(error);
            }
            report.progress(read, begin.elapsed());
        }
        report.finish(begin.elapsed(), self.json)
    }

    async fn import_block(
        &self,
        platform: &Platform,
        tenant: &TenantId,
        block: Block,
        meta: &Meta,
        report: &mut Report,
    ) -> Result<(), CliError> {
        for (line, reason) in &block.refused {
            report.refuse(*line, reason)?;
        }
        if self.atomic && !block.refused.is_empty() {
            report.withhold(block.rows.len());
            return Ok(());
        }
        let most = platform.executor.most_atomic_rows();
        if self.atomic && block.rows.len() > most {
            return Err(CliError::TooManyRows { rows: block.rows.len(), most });
        }
        let mode = if self.atomic { ImportMode::Atomic } else { ImportMode::EachRow };
        let (keys, rows): (Vec<_>, Vec<_>) = block.rows.into_iter().unzip();
        let done = platform.executor.import(tenant, rows, meta, None, mode).await.map_err(CliError::Import)?;
        keys.into_iter().zip(done.rows).try_for_each(|(key, outcome)| report.count(key, outcome))
    }
}
