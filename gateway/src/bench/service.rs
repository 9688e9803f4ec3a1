//! The service under measurement: a child process of its own, so that its memory and its work are its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::BenchError;
use super::load::{Call, Client, Target};

/// How long a service may take to start, to catch up, or to stop.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often to look whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// The account of the load client.
const EMAIL: &str = "owner@bench.example";
const PASSWORD: &str = "kith-bench-owner";

/// A running service, with a tenant and its owner.
pub struct Service {
    child: Child,
    settings: Settings,
    /// Where it is, with the owner's token.
    pub target: Target,
    /// The tenant.
    pub tenant: String,
}

/// What every process of one measurement is started with.
#[derive(Clone)]
pub struct Settings {
    /// Where the data is.
    pub data_dir: PathBuf,
    /// `always` or `relaxed`.
    pub durability: &'static str,
    /// The nats-server to manage.
    pub nats_server: Option<PathBuf>,
}

impl Settings {
    /// This program, with these arguments and none of the caller's settings.
    pub fn command(&self, arguments: &[&str]) -> Result<Command, BenchError> {
        let mut command = Command::new(std::env::current_exe()?);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KITH_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("KITH_DATA_DIR", &self.data_dir).env("KITH_DURABILITY", self.durability);
        command.env("KITH_PASSWORD", PASSWORD).env("KITH_RATE_LIMIT", "0").env("KITH_LOG", "error");
        self.nats_server.iter().for_each(|file| {
            command.env("KITH_NATS_SERVER", file);
        });
        command.stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    /// Runs this program to its end, and gives what it printed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String, BenchError> {
        let output = self.command(arguments)?.output().await?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(BenchError::Command { command: arguments.join(" "), said })
    }
}

impl Service {
    /// Starts a service on an empty directory, and makes a tenant with an owner.
    pub async fn start(settings: Settings) -> Result<Self, BenchError> {
        let (child, address) = launch(&settings).await?;
        let target = Target { address, token: String::new() };
        wait_until_ready(&target).await?;
        let added: Value =
            serde_json::from_str(&settings.run(&["tenant", "add", "--name", "Bench", "--currency", "IDR", "--json"]).await?)?;
        let tenant = added["id"].as_str().unwrap_or_default().to_owned();
        settings.run(&["user", "add", "--tenant", &tenant, "--email", EMAIL, "--role", "owner"]).await?;
        let mut service = Self { child, settings, target, tenant };
        service.sign_in().await?;
        Ok(service)
    }

    /// Stops the service, throws the read models away, starts it again, and tells how long it took until it was ready again.
    pub async fn rebuild(mut self) -> Result<(Self, Duration), BenchError> {
        self.terminate().await?;
        std::fs::remove_dir_all(self.settings.data_dir.join("read-models"))?;
        let (child, address) = launch(&self.settings).await?;
        let begin = Instant::now();
        self.child = child;
        self.target.address = address;
        wait_until_ready(&self.target).await?;
        let took = begin.elapsed();
        self.sign_in().await?;
        Ok((self, took))
    }

    /// Stops the service in good order.
    pub async fn stop(mut self) -> Result<(), BenchError> {
        self.terminate().await
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.settings.data_dir
    }

    /// What its processes are started with.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its resident memory in MiB.
    pub fn resident_mib(&self) -> Result<f64, BenchError> {
        let id = self.child.id().ok_or(BenchError::Gone)?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        Ok(kib.ok_or(BenchError::Gone)? / 1024.0)
    }

    /// Waits until the read models show everything.
    pub async fn catch_up(&self) -> Result<(), BenchError> {
        wait_until_ready(&self.target).await
    }

    async fn sign_in(&mut self) -> Result<(), BenchError> {
        let mut client = Client::connect(&self.target).await?;
        let body = json!({"email": EMAIL, "password": PASSWORD, "tenant": self.tenant});
        let answer = client.call(Call::post("/api/auth/token/", body.to_string())).await?;
        let tokens: Value = serde_json::from_slice(&answer)?;
        self.target.token = tokens["access"].as_str().unwrap_or_default().to_owned();
        Ok(())
    }

    async fn terminate(&mut self) -> Result<(), BenchError> {
        let id = self.child.id().ok_or(BenchError::Gone)?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        tokio::time::timeout(PATIENCE, self.child.wait()).await.map_err(|_| BenchError::Patience("the service stops"))??;
        Ok(())
    }
}

async fn launch(settings: &Settings) -> Result<(Child, SocketAddr), BenchError> {
    let mut command = settings.command(&["serve", "--listen", "127.0.0.1:0"])?;
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or(BenchError::Gone)?).lines();
    while let Some(line) = lines.next_line().await? {
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        if let Some(address) = address {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((child, address));
        }
    }
    Err(BenchError::Gone)
}

async fn wait_until_ready(target: &Target) -> Result<(), BenchError> {
    let begin = Instant::now();
    let nobody = Target { token: String::new(), ..target.clone() };
    while begin.elapsed() < PATIENCE {
        let mut client = Client::connect(&nobody).await?;
        match client.call(Call::get("/health/ready")).await {
            // Ready is also who is a little behind.
            Ok(health) if shows_everything(&serde_json::from_slice(&health)?) => return Ok(()),
            Ok(_) | Err(BenchError::Refused { .. }) => tokio::time::sleep(LOOK_AGAIN).await,
            Err(error) => return Err(error),
        }
    }
    Err(BenchError::Patience("the service is ready"))
}

fn shows_everything(health: &Value) -> bool {
    health["projections"]
        .as_array()
        .is_some_and(|all| all.iter().all(|projection| projection["lag"] == 0 && projection["filling"] == false))
}
