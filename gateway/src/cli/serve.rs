//! `kith serve`: the whole platform in one process.

use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use gateway::{AppState, DoorOptions, Parts, build, server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

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
        let endpoint = build(AppState::new(parts, self.door()).await?);
        let refused = |source| CliError::Listen { address: self.service.listen, source };
        let listener = TcpListener::bind(self.service.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        greet(address, &logins);
        tracing::info!(%address, "listening");
        server::serve(listener, endpoint, stop, Duration::from_secs(self.service.shutdown_seconds)).await;
        Ok(())
    }

    fn door(&self) -> DoorOptions {
        DoorOptions {
            jwt_secret: self.service.jwt_secret.clone(),
            requests_per_second: self.service.rate_limit,
            behind_proxy: self.service.behind_proxy,
            cors_origins: self.service.cors_origins.clone(),
            relaxed: self.data.durability == DurabilityChoice::Relaxed,
        }
    }
}

/// Tells where to look, on standard output.
fn greet(address: std::net::SocketAddr, logins: &[demo::Login]) {
    let mut lines = format!("Kith listens on http://{address}\nTry the API at http://{address}/docs\n");
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
