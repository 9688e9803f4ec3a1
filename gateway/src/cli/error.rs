//! Why a command of the command line failed.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use commands::{BookingRejection, CommandError, CustomerRejection, TenantRejection, UserRejection};
use event_log::LogError;
use event_log::managed::ManagedError;
use events::Position;
use gateway::app::SetUpError;
use gateway::auth::AuthError;
use gateway::csv::FileError;
use projections::DbError;
use projections::rebuild::RebuildError;
use query_api::QueryError;
use query_api::customers::FilterError;

use super::tell::chain;
use crate::bench::BenchError;
use crate::demo::DemoError;

/// Why a command of the command line failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Another process owns the data directory.
    #[error("another kith runs on {0}: stop it first, or choose another directory with --data-dir")]
    InUse(PathBuf),
    /// The data directory is owned by a process that does not get its log up.
    #[error("the kith that runs on {0} has no log that could be joined: wait until it has started")]
    NoLogToJoin(PathBuf),
    /// The read models do not get to the end of the log.
    #[error("the read models are behind the log and did not catch up in time: see /health/ready of the service")]
    Behind,
    /// A time in the future.
    #[error("there is no {0} yet")]
    ToCome(DateTime<Utc>),
    /// A position that the log has not come to.
    #[error("there is no position {from} yet: the last one is {last}")]
    BeyondLast {
        /// The position.
        from: u64,
        /// The last one there is.
        last: Position,
    },
    /// A part of the log that ends before it begins.
    #[error("--from is after --to: nothing lies between")]
    FromAfterTo,
    /// A position is one of several.
    #[error("the log has {0} partitions, each with positions of its own: give a time")]
    SeveralPartitions(u16),
    /// The data directory cannot be used.
    #[error("the data directory {path} cannot be used")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be read or written.
    #[error("{path} cannot be {verb}")]
    File {
        /// The file.
        path: PathBuf,
        /// Read or written.
        verb: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// Nobody answers for this name.
    #[error("there is no tenant {0:?}: `kith tenant list` shows them all")]
    NoTenant(String),
    /// More than one answers.
    #[error("several tenants are called {0:?}: say which by its id, from `kith tenant list`")]
    SeveralTenants(String),
    /// No such user.
    #[error("the tenant has no user {0:?}: `kith user list` shows them all")]
    NoUser(String),
    /// A rule of the tenant says no.
    #[error("{}", sentence(.0))]
    Tenant(CommandError<TenantRejection>),
    /// A rule of the user says no.
    #[error("{}", sentence(.0))]
    User(CommandError<UserRejection>),
    /// The file is not as it should be.
    #[error("the file cannot be imported")]
    Csv(#[from] FileError),
    /// More rows than can go in together.
    #[error("{rows} rows are more than the {most} that can go in all or none: leave --atomic out")]
    TooManyRows {
        /// How many there are.
        rows: usize,
        /// How many there may be.
        most: usize,
    },
    /// The import stopped.
    #[error("the import stopped; what is in stays, and running it again goes on from there")]
    Import(#[source] CommandError<CustomerRejection>),
    /// The import of bookings stopped.
    #[error("the import stopped; what is in stays, and running it again goes on from there")]
    ImportBookings(#[source] CommandError<BookingRejection>),
    /// A line cannot be made.
    #[error("a line of CSV cannot be made")]
    Line(#[from] csv::Error),
    /// A filter is not one.
    #[error("the filter is malformed")]
    Filter(#[from] FilterError),
    /// The two passwords were not the same.
    #[error("the two passwords differ")]
    PasswordsDiffer,
    /// Standard input or the terminal failed.
    #[error("the terminal cannot be read")]
    Terminal(#[source] io::Error),
    /// The log failed.
    #[error("the log failed")]
    Log(#[from] LogError),
    /// The managed nats-server failed.
    #[error("the managed nats-server failed")]
    Managed(#[from] ManagedError),
    /// The read models failed.
    #[error("the read models failed")]
    Db(#[from] DbError),
    /// The read models could not be rebuilt or verified.
    #[error("the read models stay as they are")]
    Rebuild(#[from] RebuildError),
    /// A question could not be answered.
    #[error("the read models cannot be asked")]
    Query(#[from] QueryError),
    /// Passwords or tokens failed.
    #[error("cannot set up passwords and tokens")]
    Auth(#[from] AuthError),
    /// The door could not be set up.
    #[error("the service cannot be set up")]
    SetUp(#[from] SetUpError),
    /// The demo failed.
    #[error("the demo could not be made")]
    Demo(#[from] DemoError),
    /// The benchmark failed.
    #[error("the benchmark failed")]
    Bench(#[from] BenchError),
}

/// What a command's refusal says to a person: the rule's own sentence, else that something failed, with its causes.
fn sentence<R: commands::Rejection>(error: &CommandError<R>) -> String {
    match error {
        CommandError::Rejected(rejection) => rejection.to_string(),
        other => format!("the command was not carried out: {}", chain(other)),
    }
}

/// What became of standard output: that nobody reads any more is an end like any other.
pub fn quietly(error: io::Error) -> Result<(), CliError> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ok(());
    }
    Err(CliError::File { path: "standard output".into(), verb: "written", source: error })
}
