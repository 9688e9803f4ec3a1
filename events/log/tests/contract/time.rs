//! Positions and times: what counts is when a commit says that it was recorded.

use chrono::{DateTime, TimeDelta, Utc};
use event_log::testing::TestServer;
use event_log::{Append, Log};
use events::{Commit, Position, TenantId};

use crate::samples::{claim, commit, email, entry, held, log, single, stream};

/// Half a minute ago, so that what is recorded then is stored later than it says, and to the microsecond.
fn begin() -> DateTime<Utc> {
    let micros = (Utc::now() - TimeDelta::seconds(30)).timestamp_micros();
    DateTime::from_timestamp_micros(micros).expect("a time")
}

fn commit_at(tenant: &TenantId, time: DateTime<Utc>) -> Commit {
    let mut commit = commit(&stream(tenant), 1, "somebody");
    commit.envelope.recorded_at = time;
    commit
}

async fn record(log: &Log, tenant: &TenantId, time: DateTime<Utc>) -> Position {
    log.append(single(commit_at(tenant, time), Position::START)).await.expect("recorded").last()
}

async fn at(log: &Log, tenant: &TenantId, time: DateTime<Utc>) -> Position {
    log.position_at(log.partition_of(tenant), time).await.expect("a position")
}

#[tokio::test]
async fn a_time_names_the_last_position_recorded_by_then() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let (begin, tick) = (begin(), TimeDelta::microseconds(1));
    assert_eq!(at(&log, &tenant, begin).await, Position::START, "nothing is in an empty log");
    for n in 1..=20_u32 {
        let time = begin + TimeDelta::milliseconds(n.into());
        assert_eq!(record(&log, &tenant, time).await, Position(n.into()));
    }
    for n in 1..=20_u32 {
        let time = begin + TimeDelta::milliseconds(n.into());
        assert_eq!(at(&log, &tenant, time).await, Position(n.into()));
        assert_eq!(at(&log, &tenant, time - tick).await, Position(u64::from(n) - 1));
        assert_eq!(at(&log, &tenant, time + tick).await, Position(n.into()));
    }
    for (time, expected) in [
        (DateTime::<Utc>::MIN_UTC, 0),
        (DateTime::UNIX_EPOCH, 0),
        (Utc::now() + TimeDelta::days(1), 20),
        (DateTime::<Utc>::MAX_UTC, 20),
    ] {
        assert_eq!(at(&log, &tenant, time).await, Position(expected), "{time}");
    }
}

#[tokio::test]
async fn of_equal_times_the_last_counts_and_claims_have_none() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let begin = begin();
    let later = begin + TimeDelta::seconds(1);
    let claimed = |name: &str| claim(&email(&tenant, name), held(name), Position::START);
    let three = (0..3).map(|_| entry(commit_at(&tenant, begin), Position::START));
    let batch = Append { tenant: tenant.clone(), entries: three.chain([claimed("one")]).collect() };
    assert_eq!(log.append(batch).await.expect("recorded").last(), Position(4));
    record(&log, &tenant, begin).await;
    let pair = vec![entry(commit_at(&tenant, later), Position::START), claimed("two")];
    log.append(Append { tenant: tenant.clone(), entries: pair }).await.expect("recorded");
    assert_eq!(at(&log, &tenant, begin - TimeDelta::microseconds(1)).await, Position::START);
    assert_eq!(at(&log, &tenant, begin).await, Position(5));
    assert_eq!(at(&log, &tenant, later).await, Position(6), "the claim behind it has no time");
}

#[tokio::test]
async fn what_was_stored_late_or_by_another_clock_is_found_by_its_own_time() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let begin = begin();
    let after = |seconds| begin + TimeDelta::seconds(seconds);
    // Stored in this order; the last one by a clock that is an hour ahead.
    for (time, position) in [(after(5), 1), (after(1), 2), (after(6), 3), (after(3_600), 4)] {
        assert_eq!(record(&log, &tenant, time).await, Position(position));
    }
    let cases = [(0, 0), (1, 2), (4, 2), (5, 2), (6, 3), (3_599, 3), (3_600, 4)];
    for (seconds, expected) in cases {
        assert_eq!(at(&log, &tenant, after(seconds)).await, Position(expected), "{seconds} s");
    }
}

#[tokio::test]
async fn pages_of_later_commits_are_looked_through() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let begin = begin();
    let later = begin + TimeDelta::seconds(5);
    let wanted = record(&log, &tenant, begin).await;
    for _ in 0..3 {
        let entries = (0..900).map(|_| entry(commit_at(&tenant, later), Position::START)).collect();
        log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
    assert_eq!(at(&log, &tenant, begin + TimeDelta::seconds(4)).await, wanted);
    assert_eq!(at(&log, &tenant, later).await, Position(2_701));
}

/// Pieces of an import, and the commits of each.
const PIECES: u64 = 24;
const OF_A_PIECE: u64 = 1_000;

/// Records pieces of an import, a millisecond between their times, and behind each one that is a piece late.
async fn import(log: &Log, tenant: &TenantId, begin: DateTime<Utc>) {
    for piece in 0..PIECES {
        let time = |piece: u64| begin + TimeDelta::milliseconds(piece.cast_signed());
        let times = (1..OF_A_PIECE).map(|_| time(piece)).chain([time(piece.saturating_sub(1))]);
        let entries = times.map(|time| entry(commit_at(tenant, time), Position::START)).collect();
        log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
}

#[tokio::test]
async fn small_batches_are_looked_through_in_large_steps() {
    let (server, log) = log().await;
    let tenant = TenantId::generate();
    let begin = begin();
    let wanted = record(&log, &tenant, begin).await;
    for _ in 0..400 {
        let entries = (0..3).map(|_| entry(commit_at(&tenant, begin + TimeDelta::seconds(5)), Position::START)).collect();
        log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
    let mut ear = server.overhear().await.expect("an ear");
    assert_eq!(at(&log, &tenant, begin + TimeDelta::seconds(4)).await, wanted);
    let passed = ear.so_far().await.expect("what passed");
    let questions = passed.iter().filter(|(subject, _)| subject.starts_with("$JS.API.DIRECT.GET.")).count();
    assert!((1..30).contains(&questions), "{questions} questions for 1,200 messages");
}

/// How many messages it takes to answer.
async fn read(server: &TestServer, log: &Log, tenant: &TenantId, time: DateTime<Utc>) -> (Position, usize) {
    let mut ear = server.overhear().await.expect("an ear");
    let position = at(log, tenant, time).await;
    let passed = ear.so_far().await.expect("what passed");
    (position, passed.iter().filter(|(subject, _)| subject.starts_with("_INBOX.")).count())
}

#[tokio::test]
async fn what_an_import_wrote_in_the_minute_is_not_read_back() {
    let (server, log) = log().await;
    let tenant = TenantId::generate();
    // By a clock that goes after the server's, and by one that goes ahead.
    for (begin, before) in [(begin(), 0), (begin() + TimeDelta::hours(1), PIECES * OF_A_PIECE)] {
        import(&log, &tenant, begin).await;
        for (piece, expected) in [(-1, 0), (0, 2), (1, 3), (12, 14), (22, 24), (23, 24)] {
            let time = begin + TimeDelta::milliseconds(piece);
            // The last commit of the next piece is late.
            let expected = Position(before + expected * OF_A_PIECE);
            let (position, read) = read(&server, &log, &tenant, time).await;
            assert_eq!(position, expected, "{piece}");
            // A few of each batch that may have something late in it, and all of those that have.
            assert!(read < 2_000, "{read} messages for {piece}");
        }
    }
}

#[tokio::test]
async fn a_position_names_the_time_of_the_last_commit_up_to_it() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let begin = begin();
    let after = |seconds| begin + TimeDelta::seconds(seconds);
    let time = async |position: u64| log.time_at(partition, Position(position)).await.expect("an answer");
    assert_eq!(time(0).await, None);
    assert_eq!(time(7).await, None, "nothing is in an empty log");
    assert_eq!(record(&log, &tenant, after(1)).await, Position(1));
    let claims = (0..40).map(|n| claim(&email(&tenant, &format!("name-{n}")), held("somebody"), Position::START));
    let batch = Append { tenant: tenant.clone(), entries: claims.collect() };
    assert_eq!(log.append(batch).await.expect("recorded").last(), Position(41));
    assert_eq!(record(&log, &tenant, after(3)).await, Position(42));
    // Stored last, recorded before: a position is told its own commit's time.
    assert_eq!(record(&log, &tenant, after(2)).await, Position(43));
    let times = [(0, None), (1, Some(1)), (41, Some(1)), (42, Some(3)), (43, Some(2)), (u64::MAX, Some(2))];
    for (position, seconds) in times {
        assert_eq!(time(position).await, seconds.map(after), "{position}");
    }
}
