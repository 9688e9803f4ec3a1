//! Killed servers and cut connections: what was acknowledged is there, once, and readers miss nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_log::testing::TestServer;
use event_log::{Append, Durability, Log, LogOptions, Stored};
use events::{Position, StreamRef, TenantId};
use futures_util::future::join_all;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::samples::{claim, commit, email, entry, eventually, held, single, stream};
use crate::tail::next;

const WRITERS: u64 = 50;
const ROUNDS: u64 = 200;

/// Kills the server without any warning and waits until there is a new one.
async fn kill_server(server: &TestServer) {
    let pid = server.server().pid().expect("a running server");
    kill(Pid::from_raw(pid.try_into().expect("a pid")), Signal::SIGKILL).expect("killed");
    eventually("the server is started again", || async { server.server().pid().filter(|new| *new != pid) }).await;
}

/// A way to the server on which connections can be cut; answers the address to connect to.
async fn cuttable(server: &TestServer, cut: watch::Receiver<u64>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (credentials, target) = server.server().url().rsplit_once('@').expect("an address with a token");
    let target = target.to_owned();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (target, mut cut) = (target.clone(), cut.clone());
            cut.mark_unchanged();
            tokio::spawn(async move {
                let Ok(mut server) = TcpStream::connect(target).await else { return };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    _ = cut.changed() => {}
                }
            });
        }
    });
    format!("{credentials}@127.0.0.1:{port}")
}

/// Appends to a stream of its own, every third time with a claim; answers what was acknowledged.
async fn write(log: Log, tenant: TenantId, writer: u64, acked: Arc<AtomicU64>) -> (StreamRef, Vec<Stored>) {
    let own = stream(&tenant);
    let (mut expected, mut stored) = (Position::START, Vec::new());
    for round in 1..=ROUNDS {
        let commit = commit(&own, round, &format!("{writer}-{round}"));
        let mut append: Append = single(commit.clone(), expected);
        if round % 3 == 0 {
            append.entries.push(claim(&email(&tenant, &format!("{writer}-{round}")), held("x"), Position::START));
        }
        let appended = log.append(append).await.expect("every append finds out what became of it");
        expected = appended.positions[0];
        stored.push(Stored { position: expected, commit });
        acked.fetch_add(1, Ordering::Relaxed);
    }
    (own, stored)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_appends_survive_kills_and_cuts_and_a_tail_sees_each_once() {
    let server = TestServer::start_with(Durability::Always).await.expect("a server");
    let (cut, cuts) = watch::channel(0);
    let url = cuttable(&server, cuts).await;
    let log = Log::connect(&url, LogOptions::default()).await.expect("a log");
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let acked = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> =
        (0..WRITERS).map(|writer| tokio::spawn(write(log.clone(), tenant.clone(), writer, Arc::clone(&acked)))).collect();
    let total = WRITERS * (ROUNDS + ROUNDS / 3);
    let reader = tokio::spawn({
        let mut tail = Box::pin(log.tail(partition, Position::START));
        async move {
            let mut seen = HashMap::new();
            let mut last = Position::START;
            while last.0 < total {
                let item = next(&mut tail).await;
                if item.position == Position::START {
                    continue;
                }
                assert_eq!(item.position, Position(last.0 + 1), "neither gap nor repetition");
                last = item.position;
                if let Some(commit) = item.commit {
                    seen.insert(item.position, commit);
                }
            }
            seen
        }
    });
    for fault in 1..=8 {
        let due = WRITERS * ROUNDS * fault / 9;
        eventually("the writers get on", || async { (acked.load(Ordering::Relaxed) >= due).then_some(()) }).await;
        if fault % 2 == 0 { kill_server(&server).await } else { cut.send_modify(|cuts| *cuts += 1) }
    }
    let written: Vec<_> = join_all(writers).await.into_iter().map(|it| it.expect("a writer")).collect();
    let seen = reader.await.expect("a reader");
    assert_eq!(seen.len() as u64, WRITERS * ROUNDS, "nothing twice, nothing unasked");
    for (stream, stored) in written {
        assert_eq!(log.load(&stream, Position::START).await.expect("loaded"), stored);
        for it in stored {
            assert_eq!(seen.get(&it.position), Some(&it.commit));
        }
    }
    assert_eq!(log.head(partition).await.expect("a head"), Position(total));
    assert_eq!(log.health().await.expect("health").torn, None);
}

#[tokio::test]
async fn a_batch_that_was_under_way_when_the_server_was_killed_is_recorded_once() {
    let server = TestServer::start_with(Durability::Always).await.expect("a server");
    let log = server.log().await.expect("a log");
    let tenant = TenantId::generate();
    for round in 0..5 {
        let before = log.head(log.partition_of(&tenant)).await.expect("a head").0;
        let entries: Vec<_> =
            (0..1_000).map(|_| entry(commit(&stream(&tenant), 1, &round.to_string()), Position::START)).collect();
        let append = log.append(Append { tenant: tenant.clone(), entries });
        let (appended, ()) = tokio::join!(append, kill_server(&server));
        let positions = appended.expect("recorded").positions;
        assert_eq!(positions, (1..=1_000).map(|n| Position(before + n)).collect::<Vec<_>>());
        assert_eq!(log.head(log.partition_of(&tenant)).await.expect("a head"), Position(before + 1_000));
    }
}

#[tokio::test]
async fn without_a_server_an_append_says_that_nothing_was_written() {
    let server = TestServer::start().await.expect("a server");
    let log = server.log().await.expect("a log");
    let tenant = TenantId::generate();
    log.append(single(commit(&stream(&tenant), 1, "there"), Position::START)).await.expect("recorded");
    drop(server);
    eventually("the connection is gone", || async { (!log.health().await.expect("health").connected).then_some(()) }).await;
    let refused = log.append(single(commit(&stream(&tenant), 1, "away"), Position::START)).await;
    assert!(matches!(refused, Err(event_log::AppendError::Unavailable(_))), "{refused:?}");
}
