//! Settings: each is a flag and an environment variable, and the flag wins.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use event_log::Durability;
use gateway::channel::outbox::OutboxOptions;
use gateway::desk::detector::remote::{Key, RemoteOptions};
use projections::{DatabaseUrl, DbError};

/// Where the platform's data is. Every subcommand that touches data takes these.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Where the data is")]
pub struct DataSettings {
    /// Directory of the managed nats-server's store, the read models and the lock
    #[arg(long, env = "KITH_DATA_DIR", value_name = "DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// NATS to keep the log in; unset: a managed nats-server on a free loopback port
    #[arg(long, env = "KITH_NATS_URL", value_name = "URL", hide_env_values = true)]
    pub nats_url: Option<String>,
    /// Monitoring address of the NATS of --nats-url, to see that it syncs every write
    #[arg(long, env = "KITH_NATS_MONITOR_URL", value_name = "URL", requires = "nats_url")]
    pub nats_monitor_url: Option<String>,
    /// nats-server to manage; unset: the one on the PATH or in .tools/
    #[arg(long, env = "KITH_NATS_SERVER", value_name = "FILE")]
    pub nats_server: Option<PathBuf>,
    /// PostgreSQL (or sqlite:DIRECTORY) for the read models; unset: SQLite in the data directory
    #[arg(long, env = "KITH_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Whether an acknowledged write is on disk, or may still be on its way there for up to two minutes
    #[arg(long, env = "KITH_DURABILITY", value_enum, default_value_t = DurabilityChoice::Always)]
    pub durability: DurabilityChoice,
    /// Partitions of a new log; an existing log keeps its own
    #[arg(long, env = "KITH_PARTITIONS", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub partitions: u16,
}

/// What `kith serve` takes beside them.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The service")]
pub struct ServiceSettings {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, env = "KITH_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,
    /// Secret that signs access tokens, 32 bytes or more; unset: generated once and kept in the log's secrets
    #[arg(long, env = "KITH_JWT_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub jwt_secret: Option<String>,
    /// Requests that one user (or, before sign-in, one address) may make per second; 0: no limit
    #[arg(long, env = "KITH_RATE_LIMIT", value_name = "N", default_value_t = 1_000)]
    pub rate_limit: u32,
    /// Take the client's address and scheme from X-Forwarded-For and X-Forwarded-Proto, as a proxy that is trusted wrote them
    #[arg(long, env = "KITH_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Origins whose pages may call the API, such as https://desk.example.com, separated by commas
    #[arg(long, env = "KITH_CORS_ORIGINS", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,
    /// Seconds that requests in flight get to finish after a signal to stop
    #[arg(long, env = "KITH_SHUTDOWN_SECONDS", value_name = "N", default_value_t = 10)]
    pub shutdown_seconds: u64,
    /// Whom to ask whether a message asks for a person
    #[command(flatten)]
    pub detector: DetectorSettings,
    /// How answers get to customers
    #[command(flatten)]
    pub channels: ChannelSettings,
}

/// How answers get to customers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sending answers to channels")]
pub struct ChannelSettings {
    /// Base URL of the Send API of Messenger and Instagram, to which /me/messages is added
    #[arg(long, env = "KITH_MESSENGER_URL", value_name = "URL", default_value = "https://graph.facebook.com/v23.0")]
    pub messenger_url: String,
    /// Hosts (or host:port) that pages' outbound_url may name, separated by commas; * is any; unset: none
    #[arg(long, env = "KITH_OUTBOUND_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub outbound_hosts: Vec<String>,
}

impl ChannelSettings {
    /// How answers are delivered.
    pub fn outbox(&self) -> OutboxOptions {
        let hosts = self.outbound_hosts.iter().map(|host| host.trim().to_lowercase()).filter(|host| !host.is_empty());
        OutboxOptions { send_api_url: self.messenger_url.clone(), outbound_hosts: hosts.collect(), ..OutboxOptions::default() }
    }
}

/// Whom to ask whether a customer's message asks for a person.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Noticing that a customer asks for a person")]
pub struct DetectorSettings {
    /// OpenAI-compatible service to ask, such as https://api.openai.com/v1; unset, or while it fails: a detector that needs none
    #[arg(long, env = "KITH_DETECTOR_URL", value_name = "URL", requires = "detector_model", hide_env_values = true)]
    pub detector_url: Option<String>,
    /// Model of that service
    #[arg(long, env = "KITH_DETECTOR_MODEL", value_name = "NAME")]
    pub detector_model: Option<String>,
    /// Key of that service
    #[arg(long, env = "KITH_DETECTOR_KEY", value_name = "SECRET", hide_env_values = true)]
    pub detector_key: Option<Key>,
    /// Milliseconds that a customer's message may wait for its answer
    #[arg(long, env = "KITH_DETECTOR_TIMEOUT_MS", value_name = "N", default_value_t = 1_500, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub detector_timeout_ms: u64,
}

impl DetectorSettings {
    /// The service to ask, where one is set.
    pub fn remote(&self) -> Option<RemoteOptions> {
        Some(RemoteOptions {
            url: self.detector_url.clone()?,
            model: self.detector_model.clone()?,
            key: self.detector_key.clone(),
            timeout: Duration::from_millis(self.detector_timeout_ms),
        })
    }
}

/// An origin as browsers name it: a scheme, a host, and a port where it is not the scheme's own.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    if !host.is_empty() && host.bytes().all(fine) {
        Ok(text.to_owned())
    } else {
        Err("an origin is http:// or https:// and a host in small letters, with no path and no *".to_owned())
    }
}

/// How the program tells what it does.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log lines (on standard error)")]
pub struct TellSettings {
    /// Which log lines to show, for example `info` or `warn,gateway=debug`
    #[arg(long, env = "KITH_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
    /// How log lines look
    #[arg(long, env = "KITH_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,
}

/// The values of `--durability`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DurabilityChoice {
    /// Every acknowledged write is on disk
    Always,
    /// The disk catches up within two minutes; a crash of the machine may lose them. For bulk loads and benchmarks
    Relaxed,
}

/// The values of `--log-format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For programs: one JSON object per line
    Json,
}

impl From<DurabilityChoice> for Durability {
    fn from(choice: DurabilityChoice) -> Self {
        match choice {
            DurabilityChoice::Always => Self::Always,
            DurabilityChoice::Relaxed => Self::Relaxed,
        }
    }
}

impl DataSettings {
    /// The database: the one that is set, or SQLite in the data directory.
    pub fn database(&self) -> Result<DatabaseUrl, DbError> {
        self.database_url.as_deref().map_or_else(|| Ok(DatabaseUrl::in_dir(&self.data_dir)), str::parse)
    }

    /// The nats-server to manage: the one that is set, or [`tool_beside`]; `None` leaves the choice to the PATH.
    pub fn managed_binary(&self) -> Option<PathBuf> {
        self.nats_server.clone().or_else(tool_beside)
    }
}

/// The nats-server that `make tools` got because the PATH has none that is new enough: in `.tools/` of a directory above this
/// program.
pub fn tool_beside() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().map(|dir| dir.join(".tools/venv/bin/nats-server")).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_as_browsers_name_it() {
        for fine in ["https://desk.example.com", "http://localhost:5173", " http://[::1]:8000"] {
            assert_eq!(origin(fine).as_deref(), Ok(fine.trim()));
        }
        for wrong in
            ["", "*", "desk.example.com", "https://", "https://*.example.com", "https://a.example/", "https://A.example", "null"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
