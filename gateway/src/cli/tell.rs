//! What the program says about itself: log lines, and the last words of a failure.

use std::error::Error;
use std::io::{IsTerminal, stderr};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, TellSettings};

/// Starts the log lines: from `info` on for the service (its NATS client only warns), only errors for the short commands.
pub fn init(settings: &TellSettings, service: bool) {
    let default = if service { "info,async_nats=warn" } else { "error" };
    let filter = EnvFilter::new(settings.log.as_deref().unwrap_or(default));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}

/// Prints an error with its causes on one line, and gives the exit code.
pub fn failure(error: &dyn Error) -> ExitCode {
    eprintln!("kith: {}", chain(error));
    ExitCode::FAILURE
}

/// The error and its causes, from the outside in.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
