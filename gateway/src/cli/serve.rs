//! `kith serve`: the whole platform in one process.

use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use events::Position;
use futures_util::FutureExt;
use gateway::channel::outbox::Outbox;
use gateway::desk::{assignment, gauges};
use gateway::point::Point;
use gateway::{AppState, DoorOptions, Parts, build, bus, server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::past::Past;
use super::platform::Platform;
use super::{CliError, Outcome};
use crate::demo;
use crate::settings::{DataSettings, DurabilityChoice, ServiceSettings};

/// Run the platform
#[derive(Debug, Args)]
pub struct Serve {
    /// On an empty log: make a demo tenant with some 2,000 customers, and print its logins at every start
    #[arg(long)]
    demo: bool,
    /// Show the platform as it was at a time or a position, and take no writes; beside a running service or alone
    #[arg(long, value_name = "POINT", conflicts_with = "demo")]
    as_of: Option<Point>,
    #[command(flatten)]
    service: ServiceSettings,
    #[command(flatten)]
    data: DataSettings,
}

impl Serve {
    /// Runs until a signal to stop.
    pub async fn run(self) -> Result<Outcome, CliError> {
        // From here on: a signal during the start also ends in a good order.
        let stop = stop_signal()?;
        if let Some(point) = self.as_of {
            self.show(point, stop).await?;
            return Ok(Outcome::Done);
        }
        let platform = Platform::own(&self.data).await?;
        let served = self.serve(&platform, stop).await;
        platform.close().await;
        served?;
        tracing::info!("stopped");
        Ok(Outcome::Done)
    }

    async fn serve(&self, platform: &Platform, stop: impl Future<Output = ()>) -> Result<(), CliError> {
        let Some(runner) = &platform.runner else { return Err(CliError::InUse(self.data.data_dir.clone())) };
        let mut logins = Vec::new();
        if self.demo {
            logins = demo::prepare(&platform.executor).await?;
            // Whoever reads the logins can use them.
            platform.catch_up().await?;
        }
        let watched = Arc::downgrade(runner);
        let parts = Parts {
            executor: platform.executor.clone(),
            models: platform.models.clone(),
            progress: runner.progress(),
            trailing: runner.trailing(),
            health: Arc::new(move || watched.upgrade().map(|runner| runner.health()).unwrap_or_default()),
        };
        self.open(parts, self.door(), stop, &logins).await
    }

    /// Shows the platform as it was, until a signal to stop.
    async fn show(&self, point: Point, stop: impl Future<Output = ()>) -> Result<(), CliError> {
        let past = Past::open(&self.data, point).await?;
        let shown = self.fill_and_open(&past, stop).await;
        let closed = past.close().await;
        shown.and(closed)
    }

    async fn fill_and_open(&self, past: &Past, stop: impl Future<Output = ()>) -> Result<(), CliError> {
        let mut stop = std::pin::pin!(stop);
        tokio::select! {
            filled = past.fill() => filled?,
            () = &mut stop => return Ok(()),
        }
        let health = past.health();
        let parts = Parts {
            executor: past.executor.clone(),
            models: past.models.clone(),
            progress: past.progress(),
            trailing: past.progress(),
            health: Arc::new(move || health.clone()),
        };
        let door = DoorOptions { as_of: Some(past.positions.clone()), ..self.door() };
        self.open(parts, door, stop, &[]).await
    }

    /// Opens the door until a signal to stop.
    async fn open(
        &self,
        parts: Parts,
        door: DoorOptions,
        stop: impl Future<Output = ()>,
        logins: &[demo::Login],
    ) -> Result<(), CliError> {
        let as_of = door.as_of.clone();
        let state = AppState::new(parts, door).await?;
        let live = state.live.clone();
        // What was takes no commands.
        let commands = if as_of.is_none() { Some(bus::offer(&state).await?) } else { None };
        let outbox = as_of.is_none().then(|| Outbox::start(&state));
        let endpoint = Arc::new(build(state.clone()));
        let refused = |source| CliError::Listen { address: self.service.listen, source };
        let listener = TcpListener::bind(self.service.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        greet(address, as_of.as_deref(), logins);
        tracing::info!(%address, "listening");
        let grace = Duration::from_secs(self.service.shutdown_seconds);
        let stop = async {
            stop.await;
            live.stop();
        };
        let stop = stop.shared();
        let answer_commands = async {
            if let Some(service) = commands {
                bus::serve(service, Arc::clone(&endpoint), stop.clone(), grace).await;
            }
        };
        let work_at_the_desk = async {
            if as_of.is_none() {
                tokio::join!(assignment::run(state.clone()), gauges::run(state.clone()));
            }
        };
        tokio::join!(server::serve(listener, Arc::clone(&endpoint), stop.clone(), grace), answer_commands, work_at_the_desk);
        if tokio::time::timeout(grace, live.closed()).await.is_err() {
            tracing::warn!("sockets were cut off at the end of the grace period");
        }
        if let Some(outbox) = outbox {
            outbox.stop(grace).await;
        }
        state.reading.close(grace).await;
        Ok(())
    }

    fn door(&self) -> DoorOptions {
        DoorOptions {
            jwt_secret: self.service.jwt_secret.clone(),
            requests_per_second: self.service.rate_limit,
            behind_proxy: self.service.behind_proxy,
            cors_origins: self.service.cors_origins.clone(),
            relaxed: self.data.durability == DurabilityChoice::Relaxed,
            detector: self.service.detector.remote(),
            outbox: self.service.channels.outbox(),
            scratch_dir: self.data.data_dir.clone(),
            ..DoorOptions::default()
        }
    }
}

/// Tells where to look, on standard output.
fn greet(address: std::net::SocketAddr, as_of: Option<&[Position]>, logins: &[demo::Login]) {
    let mut lines = format!("Kith listens on http://{address}\nTry the API at http://{address}/docs\n");
    if let Some(positions) = as_of {
        let positions: Vec<_> = positions.iter().map(Position::to_string).collect();
        lines.push_str(&format!("It shows what was as of position {}, and takes no writes.\n", positions.join(", ")));
    }
    if !logins.is_empty() {
        lines.push_str("\nLogins of the demo (POST /api/auth/token/):\n");
        logins
            .iter()
            .for_each(|login| lines.push_str(&format!("  {:<28} {:<22} {}\n", login.email, login.password, login.role.name())));
    }
    // Where nobody reads it any more, the service goes on all the same.
    let _ = std::io::stdout().write_all(lines.as_bytes()).and_then(|()| std::io::stdout().flush());
}

/// Resolves at SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()>, CliError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::Terminal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CliError::Terminal)?;
    Ok(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        tracing::info!(signal = name, "stopping");
    })
}
