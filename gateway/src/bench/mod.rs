//! `kith bench`: a whole service in a temporary directory, and a load client beside it.
//!
//! Every figure stands beside what the parts below it give in the same run on the same machine: raw publishes to the log's
//! server, and the same statements on the database.

mod as_of;
mod load;
mod probe;
mod reads;
mod report;
mod service;
mod volume;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::{CliError, Outcome};
use crate::settings;
use report::Report;

/// Measure this machine
#[derive(Debug, Args)]
pub struct Bench {
    /// Customers in the tenant that is read
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    customers: u64,
    /// Seconds of each measurement
    #[arg(long, value_name = "N", default_value_t = 5)]
    seconds: u64,
    /// What to measure; by default everything
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// nats-server to manage; unset: the one on the PATH or in .tools/
    #[arg(long, env = "KITH_NATS_SERVER", value_name = "FILE")]
    nats_server: Option<PathBuf>,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Points and new customers over HTTP, durable and relaxed
    Writes,
    /// Import, lists, details, statistics, bulk updates, rebuild and memory
    Reads,
    /// Lists, details and statistics as of earlier positions
    Past,
}

/// What all parts need to know.
pub struct Plan {
    /// How long each measurement takes.
    pub span: Duration,
    /// How many customers are imported.
    pub customers: u64,
    /// The nats-server to manage.
    pub nats_server: Option<PathBuf>,
    bar: indicatif::ProgressBar,
}

impl Plan {
    /// Says what is being done; on a terminal only.
    pub fn tell(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }
}

impl Bench {
    /// Measures and prints.
    pub async fn run(self) -> Result<Outcome, CliError> {
        let bar = indicatif::ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(200));
        let nats_server = self.nats_server.or_else(settings::tool_beside);
        let plan = Plan { span: Duration::from_secs(self.seconds), customers: self.customers, nats_server, bar };
        let mut report = Report::default();
        let measures = |part| self.only.is_none_or(|only| only == part);
        if measures(Part::Writes) {
            writes::measure(&plan, "always", &mut report).await?;
            writes::measure(&plan, "relaxed", &mut report).await?;
        }
        if measures(Part::Reads) {
            volume::measure(&plan, &mut report).await?;
        }
        if measures(Part::Past) {
            as_of::measure(&plan, &mut report).await?;
        }
        plan.bar.finish_and_clear();
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report).map_err(BenchError::from)?);
        } else {
            println!("{report}");
        }
        Ok(Outcome::Done)
    }
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The service refused a request.
    #[error("{path} was answered with {status}: {answer}")]
    Refused {
        /// What was asked for.
        path: String,
        /// The status.
        status: hyper::StatusCode,
        /// The body.
        answer: String,
    },
    /// A command of this program failed.
    #[error("kith {command} failed: {said}")]
    Command {
        /// Its arguments.
        command: String,
        /// What it said.
        said: String,
    },
    /// The service is not there any more.
    #[error("the service ended")]
    Gone,
    /// Something took too long.
    #[error("waited in vain until {0}")]
    Patience(&'static str),
    /// A file or a process failed.
    #[error("a file or a process failed")]
    Io(#[from] std::io::Error),
    /// A request could not be made.
    #[error("a request could not be made")]
    Request(#[from] hyper::http::Error),
    /// A connection broke.
    #[error("a connection to the service broke")]
    Connection(#[from] hyper::Error),
    /// An answer is not what it should be.
    #[error("an answer is not JSON")]
    Json(#[from] serde_json::Error),
    /// A task of the client failed.
    #[error("a task of the load client failed")]
    Task(#[from] tokio::task::JoinError),
    /// Times could not be counted.
    #[error("the times cannot be counted")]
    Histogram(#[from] hdrhistogram::CreationError),
    /// Times could not be put together.
    #[error("the times cannot be put together")]
    Times(#[from] hdrhistogram::AdditionError),
    /// An id is not one.
    #[error("the service gave a malformed id")]
    Id(#[from] events::IdError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] projections::DbError),
    /// The database could not be asked.
    #[error("the database cannot be asked")]
    Query(#[from] query_api::QueryError),
    /// A filter is not one.
    #[error("a filter is malformed")]
    Filter(#[from] query_api::customers::FilterError),
    /// A page is not one.
    #[error("a page is malformed")]
    Page(#[from] query_api::PageRequestError),
    /// The customers could not be changed.
    #[error("the customers could not be changed")]
    Change(#[from] commands::CommandError<commands::CustomerRejection>),
    /// The log failed.
    #[error("the log failed")]
    Log(#[from] event_log::LogError),
}
