//! Bulk commands: all or nothing, or in pieces.

use std::sync::Mutex;
use std::time::Instant;

use commands::customer::Import;
use commands::{
    BulkMode, BulkOutcome, BulkProgress, CommandError, Customer, CustomerCommand, Executor, ImportMode, ImportOutcome,
};
use event_log::Log;
use events::{CustomerId, Position, StreamRef};

use super::support::{World, key, meta, points, profile};

async fn customers(world: &World, executor: &Executor, count: usize) -> Vec<StreamRef> {
    let rows = (0..count).map(|n| Import::new(profile(&format!("c{n}@example.com")))).collect();
    let report = executor.import(&world.tenant, rows, &meta(), None, ImportMode::EachRow).await.unwrap();
    let stream = |row: ImportOutcome| match row {
        ImportOutcome::Created(id) => StreamRef::customer(&world.tenant, &id),
        other => panic!("{other:?}"),
    };
    report.rows.into_iter().map(stream).collect()
}

fn all(streams: &[StreamRef], command: &CustomerCommand) -> Vec<(StreamRef, CustomerCommand)> {
    streams.iter().map(|stream| (stream.clone(), command.clone())).collect()
}

async fn head(log: &Log, world: &World) -> Position {
    log.head(log.partition_of(&world.tenant)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_are_changed_in_one_piece() {
    let world = World::start().await;
    let (warm, cold) = (world.executor().await, world.executor().await);
    let streams = customers(&world, &warm, 1_000).await;
    for (name, executor, command) in [
        ("cold", &warm, CustomerCommand::Deactivate),
        ("warm", &warm, CustomerCommand::Activate),
        ("cold again", &cold, CustomerCommand::Deactivate),
    ] {
        let before = head(warm.log(), &world).await;
        let started = Instant::now();
        let report = executor.execute_bulk::<Customer>(all(&streams, &command), &meta(), None, BulkMode::Atomic).await.unwrap();
        println!("bulk of 1,000, {name}: {:?}", started.elapsed());
        assert_eq!(report.count(BulkOutcome::Changed), 1_000);
        assert_eq!(report.position, Position(before.0 + 1_000), "one message per customer and no other");
    }
    let repeat = all(&streams, &CustomerCommand::Deactivate);
    let report = warm.execute_bulk::<Customer>(repeat, &meta(), None, BulkMode::Atomic).await.unwrap();
    assert_eq!((report.count(BulkOutcome::Unchanged), report.position), (1_000, Position::START));
}

#[tokio::test]
async fn each_is_reported_and_who_is_missing_is_passed_over() {
    let world = World::start().await;
    let executor = world.executor().await;
    let mut streams = customers(&world, &executor, 3).await;
    executor.execute::<Customer>(&streams[1], CustomerCommand::Deactivate, &meta(), None).await.unwrap();
    executor.execute::<Customer>(&streams[2], CustomerCommand::Delete, &meta(), None).await.unwrap();
    streams.push(StreamRef::customer(&world.tenant, &CustomerId::generate()));
    streams.push(streams[0].clone());
    let commands = all(&streams, &CustomerCommand::Deactivate);
    let report = executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await.unwrap();
    let outcomes: Vec<_> = report.items.iter().map(|item| item.outcome).collect();
    use BulkOutcome::{Changed, Missing, Unchanged};
    assert_eq!(outcomes, [Changed, Unchanged, Missing, Missing, Unchanged]);
    assert_eq!(report.items.iter().map(|item| item.stream.clone()).collect::<Vec<_>>(), streams);
}

#[tokio::test]
async fn a_broken_rule_refuses_all() {
    let world = World::start().await;
    let executor = world.executor().await;
    let streams = customers(&world, &executor, 3).await;
    executor.execute::<Customer>(&streams[0], points(10), &meta(), None).await.unwrap();
    let strict = commands::customer::UpdatePoints { points: -5, reason: String::new(), strict: true };
    let before = head(executor.log(), &world).await;
    let commands = all(&streams, &CustomerCommand::UpdatePoints(strict));
    let refused = executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await;
    assert_eq!(refused.expect_err("two have no points").code(), "customer.points_insufficient");
    assert_eq!(head(executor.log(), &world).await, before);
}

#[tokio::test]
async fn one_piece_has_a_limit_and_other_tenants_are_no_part_of_it() {
    let world = World::start().await;
    let executor = world.executor().await;
    let most = executor.log().max_entries();
    let streams = customers(&world, &executor, most + 1).await;
    let commands = all(&streams, &CustomerCommand::Deactivate);
    let refused = executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await;
    assert!(matches!(refused, Err(CommandError::TooLarge { entries, .. }) if entries == most + 1));
    let foreign = StreamRef::customer(&events::TenantId::generate(), &CustomerId::generate());
    let commands = all(&[streams[0].clone(), foreign], &CustomerCommand::Deactivate);
    let refused = executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await;
    assert!(matches!(refused, Err(CommandError::Malformed(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pieces_are_reported_and_safe_to_repeat() {
    let world = World::start().await;
    let executor = world.executor().await;
    let streams = customers(&world, &executor, 2_000).await;
    let (key, seen) = (key("bulk", "5"), Mutex::new(Vec::new()));
    let note = |progress: BulkProgress| seen.lock().unwrap().push(progress.done);
    let run = |count: usize| {
        let commands = all(&streams[..count], &points(5));
        executor.execute_bulk_with::<Customer>(commands, &META, Some(&key), BulkMode::Chunked, &note)
    };
    static META: std::sync::LazyLock<commands::Meta> = std::sync::LazyLock::new(meta);
    // As if the process had died after the first piece.
    run(899).await.unwrap();
    seen.lock().unwrap().clear();
    let report = run(2_000).await.unwrap();
    assert_eq!((report.count(BulkOutcome::Changed), report.replayed), (2_000, false));
    assert_eq!(*seen.lock().unwrap(), [899, 1_798, 2_000]);
    let repeat = run(2_000).await.unwrap();
    assert_eq!((repeat.replayed, &repeat.items, repeat.position), (true, &report.items, report.position));
    for stream in [&streams[0], &streams[900], &streams[1_999]] {
        assert_eq!(executor.load::<Customer>(stream).await.unwrap().state.loyalty_points, 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulks_and_single_commands_that_contend_all_count() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let streams = customers(&world, &executors[0], 20).await;
    let bulks = (0..10).map(|n| {
        let (executor, commands) = (executors[n % 2].clone(), all(&streams, &points(1)));
        async move { executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await.map(|_| ()) }
    });
    let singles = (0..40).map(|n| {
        let (executor, stream) = (executors[n % 2].clone(), streams[n % 20].clone());
        async move { executor.execute::<Customer>(&stream, points(1), &meta(), None).await.map(|_| ()) }
    });
    let (bulks, singles) = tokio::join!(futures_util::future::join_all(bulks), futures_util::future::join_all(singles));
    for result in bulks.into_iter().chain(singles) {
        result.expect("counted");
    }
    for stream in &streams {
        assert_eq!(executors[0].load::<Customer>(stream).await.unwrap().state.loyalty_points, 12);
    }
}
