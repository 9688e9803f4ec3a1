//! Pages of a tenant's commits, and parts of the log that end.

use event_log::{Append, CommitPage, Log, Selection};
use events::{Position, StreamKind, TenantId};
use futures_util::TryStreamExt as _;

use crate::samples::{claim, commit, email, entry, fresh, held, history, log, single, stream};

fn positions(page: &CommitPage) -> (Vec<u64>, bool) {
    (page.commits.iter().map(|paged| paged.stored.position.0).collect(), page.more)
}

async fn page(log: &Log, selection: &Selection, after: u64, most: usize) -> (Vec<u64>, bool) {
    positions(&log.page(selection, Position(after), most).await.expect("a page"))
}

#[tokio::test]
async fn a_page_holds_commits_of_the_selection_and_nothing_else() {
    let (_server, log) = log().await;
    let (one, other) = (TenantId::generate(), TenantId::generate());
    let first = stream(&one);
    for position in 1..=6_u64 {
        let tenant = if position % 2 == 1 { &one } else { &other };
        let commit = commit(&if position == 1 { first.clone() } else { stream(tenant) }, 1, "somebody");
        assert_eq!(log.append(single(commit, Position::START)).await.expect("recorded").last(), Position(position));
    }
    let all = Selection::all(one.clone());
    assert_eq!(page(&log, &all, 0, 2).await, (vec![1, 3], true));
    assert_eq!(page(&log, &all, 3, 2).await, (vec![5], false));
    assert_eq!(page(&log, &all, 5, 2).await, (vec![], false));
    assert_eq!(page(&log, &Selection::all(other), 0, 9).await, (vec![2, 4, 6], false));
    assert_eq!(page(&log, &Selection::all(TenantId::generate()), 0, 9).await, (vec![], false));
    let of_kind = |kind| Selection { kind: Some(kind), ..all.clone() };
    assert_eq!(page(&log, &of_kind(StreamKind::Customer), 0, 9).await, (vec![1, 3, 5], false));
    assert_eq!(page(&log, &of_kind(StreamKind::User), 0, 9).await, (vec![], false));
    let of_id = |id: &str| Selection { id: Some(id.to_owned()), ..all.clone() };
    assert_eq!(page(&log, &of_id(first.id()), 0, 9).await, (vec![1], false));
    let everybodys = log.page_of_kind(log.partition_of(&one), StreamKind::Customer, Position(1), 4).await.expect("a page");
    assert_eq!(positions(&everybodys), (vec![2, 3, 4, 5], true));
    let none = log.page_of_kind(log.partition_of(&one), StreamKind::Tenant, Position::START, 4).await.expect("a page");
    assert_eq!(positions(&none), (vec![], false));
    for unsound in ["", "*", ">", "a.b", "a b"] {
        assert_eq!(page(&log, &of_id(unsound), 0, 9).await, (vec![], false), "{unsound:?}");
    }
}

#[tokio::test]
async fn pages_find_everything_whether_it_stands_close_or_far_apart() {
    let (_server, log) = log().await;
    let (few, many) = (TenantId::generate(), TenantId::generate());
    let mut expected = Vec::new();
    for _ in 0..4 {
        expected.push(log.append(fresh(&few, "somebody")).await.expect("recorded").last().0);
        let entries = (0..900).map(|_| entry(commit(&stream(&many), 1, "x"), Position::START)).collect();
        log.append(Append { tenant: many.clone(), entries }).await.expect("recorded");
    }
    for most in [40, 300, 1_000] {
        let mut found = [Vec::new(), Vec::new()];
        for (found, tenant) in found.iter_mut().zip([&few, &many]) {
            let (mut after, mut more) = (Position::START, true);
            while more {
                let page = log.page(&Selection::all(tenant.clone()), after, most).await.expect("a page");
                assert!(page.commits.len() <= most && (page.looked > after || !page.more), "{after}: {page:?}");
                found.extend(page.commits.iter().map(|paged| paged.stored.position.0));
                (after, more) = (page.looked, page.more);
            }
        }
        assert_eq!(found[0], expected, "pages of {most}");
        assert_eq!(found[1], (1..=3_604).filter(|position| !expected.contains(position)).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_commit_says_where_its_batch_ends() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    log.append(fresh(&tenant, "alone")).await.expect("recorded");
    let batch = |name: &str| {
        let commits = (0..2).map(|_| entry(commit(&stream(&tenant), 1, name), Position::START));
        let taken = claim(&email(&tenant, name), held(name), Position::START);
        Append { tenant: tenant.clone(), entries: commits.chain([taken]).collect() }
    };
    log.append(batch("two")).await.expect("recorded");
    log.append(batch("three")).await.expect("recorded");
    let found = log.page(&Selection::all(tenant), Position::START, 9).await.expect("a page");
    let ends: Vec<_> = found.commits.iter().map(|paged| (paged.stored.position.0, paged.batch_end.0)).collect();
    assert_eq!(ends, [(1, 1), (2, 4), (3, 4), (5, 7), (6, 7)]);
}

#[tokio::test]
async fn commits_are_read_by_their_positions() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let stored = history(&log, &stream(&tenant), 3).await;
    let taken = claim(&email(&tenant, "one"), held("one"), Position::START);
    log.append(Append { tenant, entries: vec![taken] }).await.expect("recorded");
    let asked = [3, 1, 4, 9, 0].map(Position);
    let found = log.commits(partition, &asked).await.expect("commits");
    assert_eq!(found, [Some(stored[2].clone()), Some(stored[0].clone()), None, None, None]);
}

#[tokio::test]
async fn a_range_ends_where_it_is_told_and_at_the_head_at_the_latest() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    let range = async |after, up_to| {
        let items = log.range(partition, Position(after), Position(up_to)).await.expect("a range");
        let items: Vec<_> = items.try_collect().await.expect("a range does not fail");
        items.into_iter().filter_map(|item| item.commit.map(|_| item.position.0)).collect::<Vec<_>>()
    };
    assert_eq!(range(0, 9).await, [0; 0]);
    let person = stream(&tenant);
    history(&log, &person, 5).await;
    log.append(fresh(&tenant, "last")).await.expect("recorded");
    assert_eq!(range(0, 6).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(range(1, 3).await, [2, 3]);
    assert_eq!(range(4, u64::MAX).await, [5, 6]);
    assert_eq!(range(3, 3).await, [0; 0]);
    assert_eq!(range(5, 2).await, [0; 0]);
    // What stood at the end is gone.
    log.erase(&person, Position(6)).await.expect("erased");
    assert_eq!(range(0, 6).await, [6]);
    assert_eq!(range(0, 4).await, [0; 0]);
}
