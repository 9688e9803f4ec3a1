//! A server that a killed process left behind: found by its pid file, checked to be ours, and stopped.

use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::Instant;

use super::settings::Files;
use super::{LOOK_AGAIN, ManagedError, io};

/// How long it may take to stop in good order.
const GRACE: Duration = Duration::from_secs(10);

/// Stops a leftover server if there is one. To be called with the lock held, so that nobody else uses the server.
pub(super) async fn stop(files: &Files) -> Result<(), ManagedError> {
    let Some(pid) = leftover(files) else { return Ok(()) };
    tracing::warn!(%pid, "stopping a nats-server that an earlier process left behind");
    for (signal, grace) in [(Signal::SIGTERM, GRACE), (Signal::SIGKILL, GRACE)] {
        match kill(pid, signal) {
            Ok(()) => {}
            Err(Errno::ESRCH) => return Ok(()),
            Err(error) => return Err(io(format!("cannot stop the earlier server {pid}"))(error.into())),
        }
        let until = Instant::now() + grace;
        while Instant::now() < until {
            if leftover(files).is_none() {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
    Err(ManagedError::InUse(files.dir.clone()))
}

/// The process in the pid file if it runs with our settings file.
fn leftover(files: &Files) -> Option<Pid> {
    let text = std::fs::read_to_string(files.pid()).ok()?;
    let pid: i32 = text.trim().parse().ok().filter(|pid| *pid > 1)?;
    let settings = files.settings();
    command_line(pid)?.contains(&*settings.to_string_lossy()).then(|| Pid::from_raw(pid))
}

/// What a process was started with; `None` when it does not run.
fn command_line(pid: i32) -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        // Empty for a process that has ended and is not yet collected by its parent.
        let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let output = std::process::Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
