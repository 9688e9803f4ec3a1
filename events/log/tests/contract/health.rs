//! Health: durability, torn tail, versions.

use std::path::Path;

use event_log::managed::{ManagedOptions, NatsServer};
use event_log::testing::TestServer;
use event_log::{AppendError, Durability, Log, LogOptions};
use events::{Position, TenantId};

use crate::samples::{fresh, log};

#[tokio::test]
async fn health_says_whether_the_server_writes_to_disk_before_it_acknowledges() {
    for (durability, expected) in [(Durability::Always, true), (Durability::Relaxed, false)] {
        let server = TestServer::start_with(durability).await.expect("a server");
        let health = server.log().await.expect("a log").health().await.expect("health");
        assert_eq!((health.connected, health.sync_always, health.torn), (true, Some(expected), None));
        assert!(health.server_version.starts_with("2."), "{health:?}");
    }
}

#[tokio::test]
async fn without_a_monitor_durability_is_not_known() {
    let server = crate::samples::server().await;
    let options = event_log::LogOptions::default();
    let log = event_log::Log::connect(server.server().url(), options).await.expect("a log");
    assert_eq!(log.health().await.expect("health").sync_always, None);
}

#[tokio::test]
async fn a_torn_tail_is_noticed_and_nothing_is_appended_behind_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let options = ManagedOptions { data_dir: dir.path().to_owned(), binary: None, durability: Durability::Relaxed };
    let server = NatsServer::start(options.clone()).await.expect("a server");
    let log = Log::connect(server.url(), LogOptions::default()).await.expect("a log");
    let tenant = TenantId::generate();
    let mut pair = fresh(&tenant, "first half");
    pair.entries.extend(fresh(&tenant, "second half").entries);
    log.append(pair).await.expect("recorded");
    assert_eq!(log.health().await.expect("health").torn, None);
    server.stop().await;
    tear(dir.path());
    let server = NatsServer::start(options).await.expect("the server again");
    let anew = Log::connect(server.url(), LogOptions::default()).await.expect("a log");
    // The old handle comes back to the same port by itself.
    for log in [anew, log] {
        let refused = log.append(fresh(&tenant, "behind the tear")).await;
        assert!(matches!(refused, Err(AppendError::Torn(Position(1)))), "{refused:?}");
        assert_eq!(log.health().await.expect("health").torn, Some(Position(1)));
    }
}

/// Cuts the last byte off the newest block of the log, so that the server finds its last message damaged.
fn tear(data_dir: &Path) {
    let messages = data_dir.join("nats/store/jetstream/$G/streams/KITH_00/msgs");
    std::fs::remove_file(messages.join("index.db")).expect("the server's summary");
    let mut blocks: Vec<_> = std::fs::read_dir(messages)
        .expect("a folder")
        .map(|it| it.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "blk"))
        .collect();
    blocks.sort();
    let newest = std::fs::OpenOptions::new().write(true).open(blocks.pop().expect("a block")).expect("opened");
    let length = newest.metadata().expect("its length").len();
    newest.set_len(length - 1).expect("cut");
}

#[tokio::test]
async fn that_the_server_is_away_is_an_answer() {
    let (server, log) = log().await;
    drop(server);
    crate::samples::eventually("the connection is gone", || async {
        (!log.health().await.expect("health").connected).then_some(())
    })
    .await;
}
