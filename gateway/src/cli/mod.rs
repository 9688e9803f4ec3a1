//! The command line: what `kith` can do, and how a failure is told.

mod error;
mod export;
mod ground;
mod import;
mod import_bookings;
mod password;
mod past;
mod platform;
mod rebuild;
mod replay;
mod serve;
mod stores_told;
mod tell;
mod tenant;
mod tenant_names;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use error::CliError;

use crate::bench;
use crate::settings::TellSettings;

/// An event-sourced customer platform: one process with everything, and the tools around it
#[derive(Debug, Parser)]
#[command(name = "kith", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    tell: TellSettings,
}

/// What `kith` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the platform in one process: log, read models, and the doors (REST, WebSocket, commands on the bus)
    Serve(serve::Serve),
    /// Add and list tenants
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Add, list and change the people who sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Bring customers in from a CSV file
    Import(import::Import),
    /// Bring bookings of providers in from a CSV file
    ImportBookings(import_bookings::ImportBookings),
    /// Write customers out as CSV
    Export(export::Export),
    /// Print a tenant's events, from any point to any other, at any speed
    Replay(replay::Replay),
    /// Fill the read models anew from the log, while the old ones are read
    Rebuild(rebuild::Rebuild),
    /// See whether every row of the read models is what the log says
    Verify(verify::Verify),
    /// Measure this machine: a whole platform in a temporary directory, and a load client beside it
    Bench(bench::Bench),
}

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// It ran to its end, and what could not be done was told: exit code 1.
    Partly,
}

/// Reads the arguments, runs the command, and prints what went wrong with its whole chain of causes, once.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    tell::init(&cli.tell, matches!(cli.command, Command::Serve(_)));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell::failure(&error),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::FAILURE,
        Err(error) => tell::failure(&error),
    }
}

async fn run(command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Tenant(tenant) => tenant.run().await,
        Command::User(user) => user.run().await,
        Command::Import(import) => import.run().await,
        Command::ImportBookings(import) => import.run().await,
        Command::Export(export) => export.run().await,
        Command::Replay(replay) => replay.run().await,
        Command::Rebuild(rebuild) => rebuild.run().await,
        Command::Verify(verify) => verify.run().await,
        Command::Bench(bench) => bench.run().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_argument_says_what_it_is_for() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
