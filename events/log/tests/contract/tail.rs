//! Tails: everything once and in order, first what was, then what comes.

use event_log::{Append, Log, LogError, Tailed};
use events::tag::Created;
use events::{Position, StreamKind, StreamRef, TagEvent, TagId, TenantId};
use futures_util::{Stream, StreamExt as _};

use crate::samples::{PATIENCE, claim, commit, email, entry, fresh, held, log, of_event, single, stream, stream_of};

/// The next item of a tail.
pub async fn next(tail: &mut (impl Stream<Item = Result<Tailed, LogError>> + Unpin)) -> Tailed {
    let item = tokio::time::timeout(PATIENCE, tail.next()).await.expect("an item in time");
    item.expect("a tail does not end").expect("a tail does not fail")
}

/// A commit with a claim behind it, as one batch.
fn pair(tenant: &TenantId, name: &str) -> Append {
    let mut append = fresh(tenant, name);
    append.entries.push(claim(&email(tenant, name), held(name), Position::START));
    append
}

fn short(item: &Tailed) -> (u64, bool, bool, u64) {
    (item.position.0, item.commit.is_some(), item.more, item.pending)
}

#[tokio::test]
async fn a_tail_goes_over_from_history_to_what_is_appended_later() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let mut from_nothing = Box::pin(log.tail(partition, Position::START));
    assert_eq!(short(&next(&mut from_nothing).await), (0, false, false, 0), "it is told that there is nothing");
    log.append(fresh(&tenant, "one")).await.expect("recorded");
    log.append(pair(&tenant, "two")).await.expect("recorded");

    let mut tail = Box::pin(log.tail(partition, Position::START));
    let seen = [next(&mut tail).await, next(&mut tail).await, next(&mut tail).await];
    assert_eq!(seen.each_ref().map(short), [(1, true, false, 2), (2, true, true, 1), (3, false, false, 0)]);
    let later = fresh(&tenant, "three");
    let expected = stream_of(&later);
    log.append(later).await.expect("recorded");
    let live = next(&mut tail).await;
    assert_eq!(short(&live), (4, true, false, 0));
    assert_eq!(live.commit.expect("a commit").envelope.stream, expected);

    let mut at_head = Box::pin(log.tail(partition, Position(4)));
    assert_eq!(short(&next(&mut at_head).await), (4, false, false, 0), "it is told that it is at the head");
    for position in 1..=4 {
        assert_eq!(next(&mut from_nothing).await.position, Position(position));
    }
}

#[tokio::test]
async fn a_tail_of_some_kinds_is_sent_nothing_else_and_told_where_the_log_ends() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let tag = |name: &str| {
        let created = TagEvent::Created(Created { name: name.to_owned() });
        single(of_event(&StreamRef::tag(&tenant, &TagId::generate()), 1, created), Position::START)
    };
    let mut batch = pair(&tenant, "one");
    batch.entries.extend(tag("two").entries);
    batch.entries.extend(pair(&tenant, "three").entries);
    log.append(batch).await.expect("recorded");
    let mut tail = Box::pin(log.tail_of(partition, &[StreamKind::Tag, StreamKind::User], Position::START));
    assert_eq!(short(&next(&mut tail).await), (3, true, false, 0), "a batch is not held back for what is not sent");
    assert_eq!(short(&next(&mut tail).await), (5, false, false, 0), "the marker stands behind what is not sent");
    log.append(fresh(&tenant, "four")).await.expect("recorded");
    log.append(tag("five")).await.expect("recorded");
    assert_eq!(short(&next(&mut tail).await), (7, true, false, 0));
    let mut customers = Box::pin(log.tail_of(partition, &[StreamKind::Customer], Position::START));
    let seen = [next(&mut customers).await, next(&mut customers).await, next(&mut customers).await];
    assert_eq!(seen.each_ref().map(|item| item.position.0), [1, 4, 6]);
}

#[tokio::test]
async fn a_batch_ends_for_a_reader_also_when_its_last_message_is_gone() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let mut doomed = Vec::new();
    for name in ["first", "second"] {
        let stream = stream(&tenant);
        let mut append = pair(&tenant, name);
        append.entries.push(entry(commit(&stream, 1, "to be erased"), Position::START));
        doomed.push((stream, log.append(append).await.expect("recorded").last()));
    }
    for (stream, last) in doomed {
        assert_eq!(log.erase(&stream, Position(last.0 + 1)).await.expect("erased"), 1);
    }
    let mut tail = Box::pin(log.tail(partition, Position::START));
    let mut seen = Vec::new();
    for _ in 0..5 {
        let item = next(&mut tail).await;
        seen.push((item.position.0, item.more));
    }
    assert_eq!(seen, [(1, true), (2, false), (4, true), (5, false), (6, false)], "and where the log ends is told");
    assert_eq!(log.health().await.expect("health").torn, None, "nothing is torn by that");
    let mut tail = Box::pin(log.tail(partition, Position(5)));
    assert_eq!(short(&next(&mut tail).await), (6, false, false, 0), "the marker stands behind what is gone");
}

#[tokio::test]
async fn a_reader_that_is_ahead_of_the_log_is_told_that_the_log_lost_data() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    log.append(fresh(&tenant, "one")).await.expect("recorded");
    let mut tail = Box::pin(log.tail(log.partition_of(&tenant), Position(5)));
    let told = tail.next().await;
    assert!(matches!(told, Some(Err(LogError::Shortened { read: Position(5), head: Position(1) }))), "{told:?}");
    assert!(tail.next().await.is_none());
    let mut nowhere = Box::pin(log.tail(events::subject::Partition(9), Position::START));
    assert!(matches!(nowhere.next().await, Some(Err(LogError::NoPartition(9)))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_are_whole_for_a_reader_that_follows_live() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let mut tail = Box::pin(log.tail(log.partition_of(&tenant), Position::START));
    next(&mut tail).await;
    let writer = tokio::spawn(write_batches(log.clone(), tenant.clone()));
    // Where a reader may end its transaction, a batch has ended.
    let mut cuts = Vec::new();
    let mut last = 0;
    while last < 100 * 7 {
        let item = next(&mut tail).await;
        assert_eq!(item.position, Position(last + 1));
        last += 1;
        if !item.more {
            cuts.push(last);
        }
    }
    writer.await.expect("a writer");
    assert_eq!(cuts, (1..=100).map(|n| n * 7).collect::<Vec<_>>());
}

/// 100 batches of 7, one after another.
async fn write_batches(log: Log, tenant: TenantId) {
    for _ in 0..100 {
        let entries = (0..7).map(|_| entry(commit(&stream(&tenant), 1, "x"), Position::START)).collect();
        log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
}
