//! `kith export`: customers as CSV.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use clap::Args;
use events::TenantId;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use gateway::csv::Lines;
use gateway::point::Point;
use gateway::words::counted;
use query_api::customers::as_of::{self, AsOf};
use query_api::customers::{self, CustomerFilter, CustomerRow, FilterParams};
use query_api::{QueryError, Scope};

use super::error::quietly;
use super::platform::Platform;
use super::{CliError, Outcome, past, tenant};
use crate::settings::DataSettings;

/// Rows that are written at once.
const ROWS_AT_ONCE: usize = 500;

/// Write customers out as CSV, in the form that `kith import` reads
#[derive(Debug, Args)]
#[command(after_help = "Cells that a spreadsheet would run as a formula get a leading apostrophe; import takes it off again.")]
pub struct Export {
    /// Tenant, by its id or its name
    #[arg(long)]
    tenant: String,
    /// File to write; by default standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only customers with these words in name, email or phone
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Only active (true) or inactive (false) customers
    #[arg(long, value_name = "BOOL")]
    is_active: Option<String>,
    /// Only this tier: bronze, silver, gold or platinum
    #[arg(long, value_name = "TIER")]
    loyalty_level: Option<String>,
    /// Only this city
    #[arg(long)]
    city: Option<String>,
    /// Only this province
    #[arg(long)]
    province: Option<String>,
    /// As they were at a time or a position
    #[arg(long, value_name = "POINT")]
    as_of: Option<Point>,
    #[command(flatten)]
    data: DataSettings,
}

impl Export {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let filter = self.filter()?;
        let platform = Platform::join(&self.data).await?;
        let exported = self.export(&platform, filter).await;
        platform.close().await;
        let rows = match exported {
            Err(CliError::File { source, .. }) if self.out.is_none() => return quietly(source).map(|()| Outcome::Done),
            exported => exported?,
        };
        if let Some(out) = &self.out {
            eprintln!("{} written to {}", counted(rows, "customer"), out.display());
        }
        Ok(Outcome::Done)
    }

    fn filter(&self) -> Result<CustomerFilter, CliError> {
        let params = FilterParams {
            search: self.search.as_deref(),
            is_active: self.is_active.as_deref(),
            loyalty_level: self.loyalty_level.as_deref(),
            city: self.city.as_deref(),
            province: self.province.as_deref(),
            ordering: None,
        };
        Ok(params.parse()?)
    }

    async fn export(&self, platform: &Platform, filter: CustomerFilter) -> Result<u64, CliError> {
        let tenant = tenant::find(platform, &self.tenant).await?;
        let rows = self.rows(platform, tenant.id, filter).await?;
        let mut out = Out::open(self.out.clone())?;
        out.write(Lines::with_header()?)?;
        let mut blocks = rows.ready_chunks(ROWS_AT_ONCE);
        let mut count = 0;
        while let Some(block) = blocks.next().await {
            let mut lines = Lines::new();
            for row in block {
                lines.add(&row?)?;
                count += 1;
            }
            out.write(lines)?;
        }
        out.finish()?;
        Ok(count)
    }

    async fn rows(&self, platform: &Platform, tenant: TenantId, filter: CustomerFilter) -> Result<Rows, CliError> {
        let Some(point) = self.as_of else {
            return Ok(customers::export(platform.models.clone(), Scope::tenant(tenant), filter).boxed());
        };
        let partition = platform.log.partition_of(&tenant);
        let position = past::position(&platform.log, partition, point).await?;
        platform.catch_up().await?;
        let as_of = AsOf::new(partition, position);
        Ok(as_of::export(&platform.models, Scope::tenant(tenant), as_of, filter).boxed())
    }
}

/// Customers, one after another.
type Rows = BoxStream<'static, Result<CustomerRow, QueryError>>;

/// Where the lines go.
struct Out {
    path: PathBuf,
    writer: BufWriter<Box<dyn Write + Send>>,
}

impl Out {
    fn open(path: Option<PathBuf>) -> Result<Self, CliError> {
        let writer: Box<dyn Write + Send> = match &path {
            Some(path) => {
                let failed = |source| CliError::File { path: path.clone(), verb: "written", source };
                Box::new(File::create(path).map_err(failed)?)
            }
            None => Box::new(stdout()),
        };
        Ok(Self { path: path.unwrap_or_else(|| "standard output".into()), writer: BufWriter::new(writer) })
    }

    fn write(&mut self, lines: Lines) -> Result<(), CliError> {
        let bytes = lines.into_bytes()?;
        self.writer.write_all(&bytes).map_err(|source| self.failed(source))
    }

    fn finish(mut self) -> Result<(), CliError> {
        self.writer.flush().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> CliError {
        CliError::File { path: self.path.clone(), verb: "written", source }
    }
}
