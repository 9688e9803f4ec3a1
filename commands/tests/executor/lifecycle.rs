//! Erasure, long streams, and what stays in memory.

use std::time::Duration;

use commands::{CommandError, Customer, CustomerCommand, CustomerRejection, Executor, ExecutorOptions};
use events::{CustomerEvent, Position, StreamRef};

use super::support::{World, key, meta, points, register, registered};

async fn forget(executor: &Executor, stream: &StreamRef) -> usize {
    executor.execute::<Customer>(stream, CustomerCommand::Forget, &meta(), None).await.expect("forgotten").events.len()
}

#[tokio::test]
async fn forget_erases_and_frees_the_email() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let stream = world.customer(&one, "jane@example.com").await;
    let given = key("k", "5");
    one.execute::<Customer>(&stream, points(5), &meta(), Some(&given)).await.unwrap();
    other.load::<Customer>(&stream).await.unwrap();
    assert_eq!(forget(&one, &stream).await, 1);
    let left = one.log().load(&stream, Position::START).await.unwrap();
    assert_eq!(left.len(), 1, "only the tombstone is left");
    assert_eq!(left[0].commit.last_version(), 3);
    for executor in [&one, &other, &world.executor().await] {
        let refused = executor.execute::<Customer>(&stream, points(1), &meta(), None).await;
        assert!(matches!(refused, Err(CommandError::Rejected(CustomerRejection::Forgotten))));
        assert_eq!(forget(executor, &stream).await, 0, "a repeat is fine");
        let loaded = executor.load::<Customer>(&stream).await.unwrap();
        assert_eq!((loaded.version, loaded.state.profile.name.as_str()), (3, ""));
    }
    let repeat = one.execute::<Customer>(&stream, points(5), &meta(), Some(&given)).await;
    assert!(matches!(repeat, Err(CommandError::Erased)), "the first answer is erased too");
    registered(&other, &world.stream(), "jane@example.com").await;
}

#[tokio::test]
async fn an_interrupted_erasure_is_finished_by_a_repeat() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let before = executor.load::<Customer>(&stream).await.unwrap();
    // The tombstone alone, as a process leaves it that dies before it erases.
    let commit = events::Commit {
        envelope: events::Envelope {
            stream: stream.clone(),
            recorded_at: chrono::Utc::now(),
            actor: meta().actor,
            correlation_id: meta().correlation_id,
            causation_id: None,
        },
        first_version: 2,
        events: vec![events::NewEvent {
            event_id: events::EventId::generate(),
            event: CustomerEvent::Forgotten(events::customer::Forgotten {}).into(),
        }],
    };
    let entries = vec![event_log::Entry::Commit { commit, expected: before.position }];
    executor.log().append(event_log::Append { tenant: world.tenant.clone(), entries }).await.unwrap();
    assert_eq!(forget(&executor, &stream).await, 0);
    assert_eq!(executor.log().load(&stream, Position::START).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_stream_is_loaded_through_a_snapshot() {
    let world = World::start().await;
    let options = ExecutorOptions { snapshot_every: 50, ..ExecutorOptions::default() };
    let executor = world.executor_with(options.clone()).await;
    let stream = world.customer(&executor, "jane@example.com").await;
    for _ in 0..120 {
        executor.execute::<Customer>(&stream, points(1), &meta(), None).await.unwrap();
    }
    // One is due after 50 events; how many more have come when it is made depends on the disk.
    let snapshot = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            match executor.log().snapshot(&stream).await.unwrap() {
                Some(snapshot) => break snapshot,
                None => tokio::task::yield_now().await,
            }
        }
    });
    let snapshot = snapshot.await.expect("a snapshot in the background");
    // Without the commits that the snapshot holds, the state can only come from it.
    executor.log().erase(&stream, snapshot.position).await.unwrap();
    executor.log().save_snapshot(&stream, &snapshot).await.unwrap();
    let other = world.executor_with(options).await;
    let loaded = other.load::<Customer>(&stream).await.unwrap();
    assert_eq!((loaded.state.loyalty_points, loaded.version), (120, 121));
    assert_eq!(loaded.state.profile.email, "jane@example.com");
    for (at, version) in [(snapshot.position, snapshot.version), (loaded.position, loaded.version)] {
        let then = other.load_at::<Customer>(&stream, at).await.unwrap();
        assert_eq!((then.version, then.state.profile.email.as_str()), (version, "jane@example.com"));
    }
}

#[tokio::test]
async fn a_state_is_what_it_was_at_a_position_whatever_came_since() {
    let world = World::start().await;
    let executor = world.executor_with(ExecutorOptions { snapshot_every: 2, ..ExecutorOptions::default() }).await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let mut then = vec![executor.load::<Customer>(&stream).await.unwrap()];
    for _ in 0..5 {
        executor.execute::<Customer>(&stream, points(1), &meta(), None).await.unwrap();
        then.push(executor.load::<Customer>(&stream).await.unwrap());
    }
    for was in &then {
        let found = executor.load_at::<Customer>(&stream, was.position).await.unwrap();
        assert_eq!((found.version, found.position, &found.state), (was.version, was.position, &was.state));
    }
    let before = executor.load_at::<Customer>(&stream, Position(then[0].position.0 - 1)).await.unwrap();
    assert_eq!((before.version, before.state.is_present()), (0, false));
}

#[tokio::test]
async fn a_forgotten_customer_leaves_no_snapshot() {
    let world = World::start().await;
    let executor = world.executor_with(ExecutorOptions { snapshot_every: 2, ..ExecutorOptions::default() }).await;
    let stream = world.customer(&executor, "jane@example.com").await;
    for _ in 0..20 {
        executor.execute::<Customer>(&stream, points(1), &meta(), None).await.unwrap();
    }
    forget(&executor, &stream).await;
    let gone = tokio::time::timeout(Duration::from_secs(30), async {
        // Snapshots that were on their way find out about the tombstone by themselves.
        let mut times_gone = 0;
        while times_gone < 20 {
            let snapshot = executor.log().snapshot(&stream).await.unwrap();
            times_gone = if snapshot.is_none() { times_gone + 1 } else { 0 };
        }
    });
    gone.await.expect("the snapshot goes");
}

#[tokio::test]
async fn a_small_cache_changes_no_answer() {
    let world = World::start().await;
    let executor = world.executor_with(ExecutorOptions { cache_bytes: 1, ..ExecutorOptions::default() }).await;
    let stream = world.customer(&executor, "jane@example.com").await;
    for expected in 1..=5 {
        let executed = executor.execute::<Customer>(&stream, points(1), &meta(), None).await.unwrap();
        assert_eq!((executed.state.loyalty_points, executed.version), (expected, u64::try_from(expected).unwrap() + 1));
    }
}

#[tokio::test]
async fn a_rejection_names_its_rule() {
    let world = World::start().await;
    let executor = world.executor().await;
    let refused = executor.execute::<Customer>(&world.stream(), register("nobody"), &meta(), None).await;
    assert_eq!(refused.expect_err("not an address").code(), "customer.invalid");
}
