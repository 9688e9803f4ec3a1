//! The `kith` binary as a user calls it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The binary that was built with these tests.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn kith() -> PathBuf {
    let tests = std::env::current_exe().expect("the path of this test");
    let file = tests.ancestors().nth(2).expect("the build directory").join("kith");
    assert!(file.is_file(), "{} is missing: run `cargo build --workspace --bins` first, or `make test`", file.display());
    file
}

/// A command of the binary on this data, with none of the caller's own settings.
///
/// # Panics
/// When there is no nats-server to be found.
#[must_use]
pub fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(kith());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KITH_")) {
        command.env_remove(name);
    }
    command.env("KITH_NATS_SERVER", nats_server()).env("KITH_DATA_DIR", data_dir).args(arguments);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The nats-server to test with.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn nats_server() -> PathBuf {
    if let Some(file) = std::env::var_os("KITH_NATS_SERVER") {
        return file.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join("nats-server")).find(|file| file.is_file());
    found.expect("no nats-server: run `make test`, or put one (2.15.1 or newer) on the PATH or in KITH_NATS_SERVER")
}

/// Runs a command to its end with this on its standard input.
///
/// # Panics
/// When it cannot be started.
pub async fn run(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("kith starts");
    let mut stdin = child.stdin.take().expect("a pipe to it");
    // A program that does not read its input to the end is not an error here: its exit code tells.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    child.wait_with_output().await.expect("kith ends")
}

/// Runs a command that must succeed, and gives what it printed.
///
/// # Panics
/// When it fails.
pub async fn run_ok(command: Command, input: &str) -> String {
    let output = run(command, input).await;
    let [said, complained] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{}: {said}{complained}", output.status);
    said.into_owned()
}

/// Runs a command that must succeed and print JSON.
///
/// # Panics
/// When it fails or prints something else.
pub async fn run_json(command: Command, input: &str) -> Value {
    let printed = run_ok(command, input).await;
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}
