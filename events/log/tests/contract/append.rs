//! Appending and loading.

use event_log::{Append, AppendError, MAX_ENTRIES};
use events::{ClaimRecord, Position, TenantId};

use crate::samples::{claim, commit, email, entry, fresh, held, history, log, single, stream, stream_of};

#[tokio::test]
async fn what_is_appended_is_loaded_in_order_and_from_any_position() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let (one, other) = (stream(&tenant), stream(&tenant));
    let stored = history(&log, &one, 5).await;
    history(&log, &other, 2).await;
    assert_eq!(log.load(&one, Position::START).await.expect("loaded"), stored);
    assert_eq!(log.load(&one, stored[2].position).await.expect("loaded"), stored[3..]);
    assert_eq!(log.load(&one, stored[4].position).await.expect("loaded"), []);
    assert_eq!(log.load(&stream(&tenant), Position::START).await.expect("loaded"), []);
    assert_eq!(log.head(log.partition_of(&tenant)).await.expect("a head"), Position(7));
}

#[tokio::test]
async fn many_streams_are_loaded_each_from_its_own_position() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let (one, other, none) = (stream(&tenant), stream(&tenant), stream(&tenant));
    let (first, second) = (history(&log, &one, 3).await, history(&log, &other, 2).await);
    let question = [(other, Position::START), (none, Position::START), (one, first[0].position)];
    let loaded = log.load_many(&question).await.expect("loaded");
    assert_eq!(loaded, [second, vec![], first[1..].to_vec()]);
}

#[tokio::test]
async fn a_stream_longer_than_a_page_is_loaded_whole() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let long = stream(&tenant);
    let stored = history(&log, &long, 2_100).await;
    assert_eq!(log.load(&long, Position::START).await.expect("loaded"), stored);
}

#[tokio::test]
async fn a_wrong_expectation_is_a_conflict_and_nothing_is_written() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let contended = stream(&tenant);
    let stored = history(&log, &contended, 2).await;
    for wrong in [Position::START, stored[0].position, Position(99)] {
        let refused = log.append(single(commit(&contended, 3, "too late"), wrong)).await;
        assert!(matches!(refused, Err(AppendError::Conflict { index: Some(0) })), "{refused:?}");
    }
    assert_eq!(log.load(&contended, Position::START).await.expect("loaded"), stored);
}

#[tokio::test]
async fn commit_and_claim_are_both_recorded_or_neither() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let key = email(&tenant, "jane@example.com");
    let register = |name: &str| {
        let stream = stream(&tenant);
        let entries = vec![entry(commit(&stream, 1, name), Position::START), claim(&key, held(stream.id()), Position::START)];
        (stream, Append { tenant: tenant.clone(), entries })
    };
    let (winner, append) = register("Jane");
    let appended = log.append(append).await.expect("recorded");
    assert_eq!(appended.positions, [Position(1), Position(2)]);
    let (loser, append) = register("Also Jane");
    let refused = log.append(append).await;
    assert!(matches!(refused, Err(AppendError::Conflict { index: Some(1) })), "{refused:?}");
    assert_eq!(log.load(&loser, Position::START).await.expect("loaded"), []);
    let claims = log.claims(&[key]).await.expect("claims");
    assert_eq!(claims[0].as_ref().map(|claim| &claim.record), Some(&held(winner.id())));
}

#[tokio::test]
async fn as_many_entries_as_the_server_takes_are_one_append_and_more_are_refused() {
    let (server, log) = log().await;
    assert!(log.max_entries() > 2 * MAX_ENTRIES, "the managed server takes a bulk command with all its claims");
    let defaults = event_log::Log::connect(server.server().url(), event_log::LogOptions::default()).await.expect("a log");
    assert_eq!(defaults.max_entries(), MAX_ENTRIES);
    for (log, entries) in [(&defaults, MAX_ENTRIES), (&log, log.max_entries())] {
        let tenant = TenantId::generate();
        let bulk = |count: usize| {
            let entries = (0..count).map(|_| entry(commit(&stream(&tenant), 1, "bulk"), Position::START)).collect();
            Append { tenant: tenant.clone(), entries }
        };
        let before = log.head(log.partition_of(&tenant)).await.expect("a head");
        let appended = log.append(bulk(entries)).await.expect("recorded");
        let expected: Vec<_> = (1..=entries as u64).map(|offset| Position(before.0 + offset)).collect();
        assert_eq!(appended.positions, expected);
        let refused = log.append(bulk(entries + 1)).await;
        assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn malformed_appends_are_refused_before_anything_is_sent() {
    let (_server, log) = log().await;
    let (tenant, other) = (TenantId::generate(), TenantId::generate());
    let twice = stream(&tenant);
    let entries = vec![entry(commit(&twice, 1, "a"), Position::START), entry(commit(&twice, 2, "b"), Position::START)];
    let big = commit(&stream(&tenant), 1, &"x".repeat(9_000_000));
    let mut hollow = commit(&stream(&tenant), 1, "no events");
    hollow.events.clear();
    for append in [
        Append { tenant: tenant.clone(), entries: vec![] },
        Append { tenant: tenant.clone(), entries },
        Append { tenant: other, entries: fresh(&tenant, "of another tenant").entries },
        single(hollow, Position::START),
    ] {
        let refused = log.append(append).await;
        assert!(matches!(refused, Err(AppendError::Malformed(_))), "{refused:?}");
    }
    let refused = log.append(single(big, Position::START)).await;
    assert!(matches!(refused, Err(AppendError::Unwritable { index: 0, .. })), "{refused:?}");
    assert_eq!(log.head(log.partition_of(&tenant)).await.expect("a head"), Position::START);
}

#[tokio::test]
async fn the_number_of_partitions_is_fixed_when_the_log_is_made() {
    let server = crate::samples::server().await;
    let connect = |partitions| {
        let options = event_log::LogOptions { partitions, ..event_log::LogOptions::default() };
        event_log::Log::connect(server.server().url(), options)
    };
    assert_eq!(connect(3).await.expect("a log").partitions(), 3);
    let log = connect(7).await.expect("a log");
    assert_eq!(log.partitions(), 3);
    // Streams, claims and heads of different tenants stay apart, and are found again.
    for name in ["a", "b", "c", "d", "e", "f"] {
        let tenant: TenantId = name.parse().expect("an id");
        let (append, key) = (fresh(&tenant, name), email(&tenant, name));
        let stream = stream_of(&append);
        let before = log.head(log.partition_of(&tenant)).await.expect("a head");
        assert_eq!(log.append(append).await.expect("recorded").last(), Position(before.0 + 1));
        let entries = vec![claim(&key, ClaimRecord::Released, Position::START)];
        log.append(Append { tenant, entries }).await.expect("recorded");
        assert_eq!(log.load(&stream, Position::START).await.expect("loaded").len(), 1);
        assert!(log.claims(&[key]).await.expect("claims")[0].is_some());
    }
}
