//! The managed server: restarted when it dies, gone when its parent is, and nobody else's.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use event_log::managed::{ManagedError, ManagedOptions, NatsServer, running_address};
use event_log::{Durability, Log, LogOptions};
use events::{Position, TenantId};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::samples::{eventually, fresh, stream_of};

/// Set for the process that plays the parent which is killed.
const PARENT: &str = "KITH_TEST_PARENT";

fn options(dir: &Path) -> ManagedOptions {
    ManagedOptions { data_dir: dir.to_owned(), binary: None, durability: Durability::Relaxed }
}

fn signal(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.try_into().expect("a pid")), signal).expect("signalled");
}

async fn gone(pid: u32) {
    eventually("the server is gone", || async {
        let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        command.is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_killed_server_comes_back_at_its_address_with_its_data() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = NatsServer::start(options(dir.path())).await.expect("a server");
    let log = Log::connect(server.url(), LogOptions::default()).await.expect("a log");
    let tenant = TenantId::generate();
    let append = fresh(&tenant, "kept");
    let stream = stream_of(&append);
    log.append(append).await.expect("recorded");
    let pid = server.pid().expect("a running server");
    signal(pid, Signal::SIGKILL);
    gone(pid).await;
    assert_eq!(log.load(&stream, Position::START).await.expect("loaded").len(), 1);
    assert_ne!(server.pid(), Some(pid));
    let address = server.address().clone();
    server.stop().await;
    let again = NatsServer::start(options(dir.path())).await.expect("the server again");
    assert_eq!(again.address(), &address, "whoever knows the address finds it again");
    assert_eq!(log.load(&stream, Position::START).await.expect("loaded").len(), 1);
}

#[tokio::test]
async fn data_in_use_is_not_touched_and_its_server_can_be_found() {
    let dir = tempfile::tempdir().expect("a folder");
    assert_eq!(running_address(dir.path()), None);
    let server = NatsServer::start(options(dir.path())).await.expect("a server");
    let second = NatsServer::start(options(dir.path())).await;
    assert!(matches!(second, Err(ManagedError::InUse(_))), "{second:?}");
    let address = running_address(dir.path()).expect("an address");
    assert_eq!(&address, server.address());
    Log::connect(&address.url, LogOptions::default()).await.expect("a log");
    server.stop().await;
    assert_eq!(running_address(dir.path()), None);
}

#[tokio::test]
async fn who_does_not_know_the_token_gets_nothing_and_cannot_read_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = NatsServer::start(options(dir.path())).await.expect("a server");
    let (_, address) = server.url().split_once('@').expect("a token");
    for url in [format!("nats://{address}"), format!("nats://wrong@{address}")] {
        let refused = Log::connect(&url, LogOptions::default()).await.err().expect("refused");
        assert!(!refused.to_string().contains("wrong"), "{refused}");
    }
    for file in ["address.json", "server.conf"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(dir.path().join("nats").join(file)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let (token, _) = server.url().trim_start_matches("nats://").split_once('@').expect("a token");
    assert!(!format!("{server:?}").contains(token), "the token is not printed");
}

#[tokio::test]
async fn a_server_that_a_killed_process_left_behind_is_replaced() {
    let dir = tempfile::tempdir().expect("a folder");
    NatsServer::start(options(dir.path())).await.expect("a server").stop().await;
    let program = std::env::var_os("KITH_NATS_SERVER").unwrap_or_else(|| "nats-server".into());
    let folder = dir.path().join("nats").canonicalize().expect("a folder");
    let mut orphan = Command::new(program).arg("-c").arg(folder.join("server.conf")).spawn().expect("an orphan");
    eventually("its pid file", || async {
        let text = std::fs::read_to_string(folder.join("server.pid")).ok()?;
        (text.trim() == orphan.id().to_string()).then_some(())
    })
    .await;
    let server = NatsServer::start(options(dir.path())).await.expect("a server in its place");
    assert!(orphan.wait().expect("ended").code().is_some());
    Log::connect(server.url(), LogOptions::default()).await.expect("a log");
}

#[tokio::test]
async fn a_server_goes_when_its_parent_is_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut parent = Command::new(std::env::current_exe().expect("this test"))
        .args(["managed::the_parent_that_is_killed", "--exact", "--nocapture"])
        .env(PARENT, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a parent");
    let output = BufReader::new(parent.stdout.take().expect("its output"));
    let pid = output.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("server ")?.parse().ok());
    let pid: u32 = pid.expect("a server");
    assert!(!std::fs::read(format!("/proc/{pid}/cmdline")).expect("it runs").is_empty());
    parent.kill().expect("killed");
    parent.wait().expect("ended");
    gone(pid).await;
    NatsServer::start(options(dir.path())).await.expect("the next one starts");
}

/// Not a test by itself: with the variable set it is the process that the test above kills.
#[tokio::test]
async fn the_parent_that_is_killed() {
    let Some(dir) = std::env::var_os(PARENT) else { return };
    let server = NatsServer::start(options(Path::new(&dir))).await.expect("a server");
    println!("\nserver {}", server.pid().expect("a running server"));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn old_and_missing_servers_are_refused_with_a_way_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let old = dir.path().join("old-nats-server");
    std::fs::write(&old, "#!/bin/sh\necho 'nats-server: v2.9.10'\n").expect("written");
    std::fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("made to run");
    let with = |binary: &Path| ManagedOptions { binary: Some(binary.to_owned()), ..options(dir.path()) };
    let refused = NatsServer::start(with(&old)).await.expect_err("too old");
    assert!(matches!(&refused, ManagedError::TooOld { found, .. } if found == "2.9.10"), "{refused:?}");
    assert!(refused.to_string().contains("make tools"), "{refused}");
    let refused = NatsServer::start(with(&dir.path().join("nowhere"))).await.expect_err("missing");
    assert!(refused.to_string().contains("make tools"), "{refused}");
}
