//! A running `kith serve`.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, Command};

use crate::api::Api;
use crate::{program, until};

/// How a service is started.
#[derive(Debug, Clone, Default)]
pub struct ServiceOptions {
    /// Its data directory.
    pub data_dir: PathBuf,
    /// Further arguments of `kith serve`.
    pub arguments: Vec<String>,
    /// Further environment.
    pub environment: Vec<(String, String)>,
}

impl ServiceOptions {
    /// A service with everything of its own in this directory.
    #[must_use]
    pub fn on(data_dir: &Path) -> Self {
        Self { data_dir: data_dir.to_owned(), ..Self::default() }
    }

    /// With this environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self) -> Command {
        let mut command = program::command(&self.data_dir, &["serve", "--listen", "127.0.0.1:0"]);
        // A test is one user that makes more requests per second than people do; the limit has a test of its own.
        command.args(&self.arguments).env("KITH_RATE_LIMIT", "0").envs(self.environment.iter().cloned());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// A running `kith serve`. Dropping it kills it.
pub struct Service {
    child: Child,
    /// Where it listens, such as `http://127.0.0.1:4711`.
    pub address: String,
    printed: Arc<Mutex<String>>,
    said: Arc<Mutex<String>>,
}

impl Service {
    /// Starts it and waits until it is ready.
    ///
    /// # Panics
    /// When it ends or does not get ready; with what it said.
    pub async fn start(options: &ServiceOptions) -> Self {
        let service = Self::launch(options).await;
        let (status, answer) = until("the service is ready", || async {
            let answer = service.api("").get("/health/ready").await;
            (answer.status == 200).then_some((answer.status, answer.text))
        })
        .await;
        assert_eq!(status, 200, "{answer}");
        service
    }

    /// Starts it and waits until it listens, ready or not.
    ///
    /// # Panics
    /// When it ends before; with what it said.
    pub async fn launch(options: &ServiceOptions) -> Self {
        let mut child = options.command().spawn().expect("kith serve starts");
        let said = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        tokio::spawn(collect(stderr, said.clone()));
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let printed = Arc::new(Mutex::new(String::new()));
        while let Some(line) = stdout.next_line().await.expect("text") {
            printed.lock().expect("no panic").push_str(&format!("{line}\n"));
            if let Some(address) = address_in(&line) {
                tokio::spawn(collect(stdout, printed.clone()));
                return Self { child, address, printed, said };
            }
        }
        let status = child.wait().await.expect("an end");
        panic!("kith serve ended ({status}): {}", said.lock().expect("no panic").clone());
    }

    /// A client of it with this access token; without one where it is empty.
    #[must_use]
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.address, token)
    }

    /// Its process.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Kills it as the kernel would, with no chance to say goodbye, and waits until it and its nats-server are gone.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub async fn kill(mut self) {
        let nats = self.nats_server();
        self.child.kill().await.expect("it can be killed");
        if let Some(nats) = nats {
            until("its nats-server went with it", || async { (!runs(nats)).then_some(()) }).await;
        }
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal("TERM").await;
        tokio::time::timeout(crate::PATIENCE, self.child.wait()).await.expect("it ends after SIGTERM").expect("an exit code")
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When that fails.
    pub async fn signal(&self, name: &str) {
        signal(self.id(), name).await;
    }

    /// The process of the nats-server that it manages.
    #[must_use]
    pub fn nats_server(&self) -> Option<u32> {
        children(self.id()).into_iter().find(|child| name_of(*child).as_deref() == Some("nats-server"))
    }

    /// What it printed so far.
    ///
    /// # Panics
    /// Never, as long as no other test thread did.
    #[must_use]
    pub fn printed(&self) -> String {
        self.printed.lock().expect("no panic").clone()
    }

    /// What it wrote to standard error so far.
    ///
    /// # Panics
    /// Never, as long as no other test thread did.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().expect("no panic").clone()
    }
}

/// Sends a process a signal.
///
/// # Panics
/// When that fails.
pub async fn signal(process: u32, name: &str) {
    let status = Command::new("kill").args([format!("-{name}"), process.to_string()]).status().await.expect("kill starts");
    assert!(status.success(), "kill -{name} {process}");
}

fn address_in(line: &str) -> Option<String> {
    let url = &line[line.find("http://")?..];
    let end = url.find(|c: char| c.is_whitespace()).unwrap_or(url.len());
    Some(url[..end].trim_end_matches('/').to_owned())
}

async fn collect<R: AsyncRead + Unpin>(mut lines: Lines<BufReader<R>>, into: Arc<Mutex<String>>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let mut said = into.lock().expect("no panic");
        said.push_str(&line);
        said.push('\n');
    }
}

fn stat(process: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{process}/stat")).ok()
}

fn name_of(process: u32) -> Option<String> {
    let stat = stat(process)?;
    Some(stat[stat.find('(')? + 1..stat.rfind(')')?].to_owned())
}

fn runs(process: u32) -> bool {
    // A zombie has ended: only nobody has asked how.
    stat(process).is_some_and(|stat| !stat[stat.rfind(')').unwrap_or(0)..].starts_with(") Z"))
}

fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parent_of = |process: &u32| {
        let stat = stat(*process)?;
        stat[stat.rfind(')')? + 1..].split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    numbers.filter(|process| parent_of(process) == Some(parent)).collect()
}
