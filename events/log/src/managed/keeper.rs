//! The keeper: a thread that starts the server, waits for it, and starts it again when it dies.
//!
//! A thread and not a task: on Linux a child is told of its parent's death when the *thread* that started it ends, so that
//! thread must live as long as the server is wanted.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::settings::Files;
use super::{ManagedError, io};

/// How long a server may take to stop in good order.
const GRACE: Duration = Duration::from_secs(20);
/// A server that dies sooner than this after its start is not restarted at once.
const SHORT_LIFE: Duration = Duration::from_secs(1);
/// The longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The hand on a keeper. Dropping it stops the server.
#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pid: Option<u32>,
    stop: bool,
    /// It died before it was ever of use.
    died_at_once: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the order to stop; answers whether it came.
    fn stopped_within(&self, pause: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), pause, |state| !state.stop);
        waited.unwrap_or_else(PoisonError::into_inner).0.stop
    }
}

impl Keeper {
    /// Starts the server and its keeper.
    pub(super) fn start(binary: &Path, files: &Files) -> Result<Self, ManagedError> {
        let shared = Arc::new(Shared::default());
        let (binary, files, kept) = (binary.to_owned(), files.clone(), Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("nats-keeper".into())
            .spawn(move || keep(&binary, &files, &kept))
            .map_err(io("cannot start a thread"))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// The process id of the server; `None` while there is none.
    pub(super) fn pid(&self) -> Option<u32> {
        self.shared.state().pid
    }

    /// Whether the server died right after its first start, or could not be started at all.
    pub(super) fn gave_up(&self) -> bool {
        self.shared.state().died_at_once
    }

    /// Stops the server and waits for it.
    pub(super) fn stop(self) {
        drop(self);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        {
            let mut state = self.shared.state();
            state.stop = true;
            signal(state.pid, Signal::SIGTERM);
            self.shared.changed.notify_all();
        }
        let Some(thread) = self.thread.take() else { return };
        let until = Instant::now() + GRACE;
        let mut state = self.shared.state();
        while state.pid.is_some() && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        signal(state.pid, Signal::SIGKILL);
        drop(state);
        if thread.join().is_err() {
            tracing::error!("the keeper of nats-server has panicked");
        }
    }
}

/// The pid is of a child that was not waited for yet, so it cannot be anybody else's.
fn signal(pid: Option<u32>, signal: Signal) {
    if let Some(pid) = pid.and_then(|pid| i32::try_from(pid).ok()) {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

fn keep(binary: &Path, files: &Files, shared: &Shared) {
    let mut failures: u32 = 0;
    let mut first = true;
    loop {
        let started = Instant::now();
        match spawn(binary, files, shared) {
            Ok(Some(child)) => watch(child, shared),
            Ok(None) => return,
            Err(error) => tracing::error!(%error, "nats-server cannot be started"),
        }
        let short = started.elapsed() < SHORT_LIFE;
        shared.state().died_at_once |= first && short;
        first = false;
        failures = if short { failures + 1 } else { 0 };
        let pause = LONGEST_PAUSE.min(Duration::from_millis(10) * 2_u32.pow(failures.min(10)));
        if shared.stopped_within(pause) {
            return;
        }
        tracing::warn!("nats-server has died; starting it again");
    }
}

/// Starts the server unless the order to stop has come.
fn spawn(binary: &Path, files: &Files, shared: &Shared) -> std::io::Result<Option<Child>> {
    let mut state = shared.state();
    if state.stop {
        return Ok(None);
    }
    let mut command = Command::new(binary);
    command.arg("-c").arg(files.settings()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    stay_out_of_signals(&mut command);
    die_with_parent(&mut command);
    let child = command.spawn()?;
    state.pid = Some(child.id());
    Ok(Some(child))
}

/// Waits until the server has ended.
fn watch(mut child: Child, shared: &Shared) {
    // The process is only seen to have ended here, and collected while the state is locked: nobody signals a pid that
    // is not ours any more.
    let pid = child.id();
    let ended = wait_without_collecting(pid);
    let mut state = shared.state();
    let status = child.wait();
    state.pid = None;
    if !state.stop {
        tracing::warn!(?status, ?ended, "nats-server ended by itself");
    }
    shared.changed.notify_all();
}

fn wait_without_collecting(pid: u32) -> nix::Result<()> {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    let pid = Pid::from_raw(i32::try_from(pid).map_err(|_| nix::errno::Errno::EINVAL)?);
    loop {
        match waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
            Ok(_) => return Ok(()),
            Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Puts the child in a process group of its own: Ctrl-C at a terminal is for the parent, which stops the child when it needs it no
/// more.
#[cfg(unix)]
fn stay_out_of_signals(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

/// Elsewhere there are no process groups.
#[cfg(not(unix))]
fn stay_out_of_signals(_command: &mut Command) {}

/// Has the child told to stop when this process dies in whatever way.
#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    let parent = nix::unistd::getpid();
    let prepare = move || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
        // The parent may have died in between; then nobody would tell.
        if nix::unistd::getppid() == parent { Ok(()) } else { Err(std::io::ErrorKind::BrokenPipe.into()) }
    };
    #[expect(unsafe_code, reason = "between fork and exec only two system calls are made, and nothing is allocated")]
    // SAFETY: see the reason; both calls are async-signal-safe.
    unsafe {
        command.pre_exec(prepare);
    }
}

/// Elsewhere a leftover server is stopped at the next start.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command) {}
