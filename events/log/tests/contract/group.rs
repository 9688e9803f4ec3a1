//! Group commit: what waits together goes out together, and each append has its own outcome.

use event_log::testing::TestServer;
use event_log::{Append, AppendError, Durability, Log};
use events::{Position, TenantId};
use futures_util::future::join_all;

use crate::samples::{claim, commit, email, entry, fresh, held, history, single, stream};

/// On a durable server batches begin with few waiting appends.
async fn durable_log() -> (TestServer, Log) {
    let server = TestServer::start_with(Durability::Always).await.expect("a server");
    let log = server.log().await.expect("a log");
    (server, log)
}

#[tokio::test]
async fn of_a_hundred_appends_that_go_out_together_only_the_guilty_one_fails() {
    let (_server, log) = durable_log().await;
    let tenant = TenantId::generate();
    let taken = stream(&tenant);
    history(&log, &taken, 1).await;
    let appends = (0..100).map(|n| match n {
        57 => single(commit(&taken, 1, "guilty"), Position::START),
        n if n % 3 == 0 => {
            let entries = vec![
                entry(commit(&stream(&tenant), 1, "with a claim"), Position::START),
                claim(&email(&tenant, &n.to_string()), held("x"), Position::START),
            ];
            Append { tenant: tenant.clone(), entries }
        }
        n => fresh(&tenant, &n.to_string()),
    });
    let outcomes = join_all(appends.map(|append| log.append(append))).await;
    for (n, outcome) in outcomes.iter().enumerate() {
        match n {
            57 => assert!(matches!(outcome, Err(AppendError::Conflict { index: Some(0) })), "{outcome:?}"),
            n => assert!(outcome.is_ok(), "{n}: {outcome:?}"),
        }
    }
    let mut positions: Vec<u64> = outcomes.iter().flatten().flat_map(|it| &it.positions).map(|it| it.0).collect();
    positions.sort_unstable();
    assert_eq!(positions, (2..=positions.len() as u64 + 1).collect::<Vec<_>>());
}

#[tokio::test]
async fn appends_on_one_stream_keep_the_order_in_which_they_were_queued() {
    let (_server, log) = durable_log().await;
    let tenant = TenantId::generate();
    // Whoever comes first wins: with the same expectation for all of them that must be the first in the queue.
    for _ in 0..20 {
        let contended = stream(&tenant);
        let appends =
            (0..40).flat_map(|n| [single(commit(&contended, 1, &n.to_string()), Position::START), fresh(&tenant, "in between")]);
        let outcomes = join_all(appends.map(|append| log.append(append))).await;
        let winners: Vec<usize> = outcomes.iter().step_by(2).enumerate().filter(|(_, it)| it.is_ok()).map(|(n, _)| n).collect();
        assert_eq!(winners, [0]);
        assert!(outcomes.iter().skip(1).step_by(2).all(Result::is_ok));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_on_many_streams_each_see_their_own_history() {
    let (_server, log) = durable_log().await;
    let tenant = TenantId::generate();
    let writers = (0..64).map(|_| {
        let (log, stream) = (log.clone(), stream(&tenant));
        tokio::spawn(async move {
            let stored = history(&log, &stream, 20).await;
            assert_eq!(log.load(&stream, Position::START).await.expect("loaded"), stored);
        })
    });
    for writer in join_all(writers).await {
        writer.expect("a writer");
    }
    assert_eq!(log.head(log.partition_of(&tenant)).await.expect("a head"), Position(64 * 20));
}
