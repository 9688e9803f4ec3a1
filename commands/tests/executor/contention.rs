//! Commands that contend, in one process and over two.

use commands::{CommandError, Customer, CustomerCommand, CustomerRejection, ExecutorOptions, Precondition};
use events::{CustomerEvent, Position};
use futures_util::future::join_all;

use super::support::{World, meta, points, register, registered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_64_registers_with_one_email_wins_over_two_executors() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let attempts = (0..64).map(|n| {
        let (executor, stream) = (executors[n % 2].clone(), world.stream());
        async move { executor.execute::<Customer>(&stream, register("jane@example.com"), &meta(), None).await }
    });
    let results = join_all(attempts).await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    let taken = |error: &CommandError<_>| matches!(error, CommandError::Rejected(CustomerRejection::EmailTaken));
    let lost = results.iter().filter_map(|result| result.as_ref().err()).filter(|error| taken(error)).count();
    assert_eq!((won, lost), (1, 63));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_64_clients_on_one_customer_add_up_over_two_executors() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let stream = world.customer(&executors[0], "jane@example.com").await;
    let clients = (0..64).map(|n| {
        let (executor, stream) = (executors[n % 2].clone(), stream.clone());
        async move {
            for _ in 0..10 {
                executor.execute::<Customer>(&stream, points(1), &meta(), None).await.expect("counted");
            }
        }
    });
    join_all(clients).await;
    for executor in &executors {
        let loaded = executor.load::<Customer>(&stream).await.unwrap();
        assert_eq!((loaded.state.loyalty_points, loaded.version), (640, 641));
    }
    let commits = executors[0].log().load(&stream, Position::START).await.unwrap();
    let versions: Vec<_> = commits.iter().map(|stored| stored.commit.first_version).collect();
    assert_eq!(versions, (1..=641).collect::<Vec<_>>(), "every change once, in order");
}

#[tokio::test]
async fn a_stale_cache_never_causes_a_wrong_answer() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let stream = world.customer(&one, "jane@example.com").await;
    let run = |executor: &commands::Executor, command| {
        let (executor, stream) = (executor.clone(), stream.clone());
        async move { executor.execute::<Customer>(&stream, command, &meta(), None).await }
    };
    // What the second one knows is behind after each step of the first.
    run(&other, points(10)).await.unwrap();
    run(&one, points(90)).await.unwrap();
    let strict = commands::customer::UpdatePoints { points: -50, reason: String::new(), strict: true };
    let covered = run(&other, CustomerCommand::UpdatePoints(strict)).await.expect("the balance is 100 by now");
    assert_eq!(covered.state.loyalty_points, 50);
    run(&one, CustomerCommand::Deactivate).await.unwrap();
    assert_eq!(run(&other, CustomerCommand::Activate).await.unwrap().events.len(), 1, "it is inactive by now");
    run(&one, CustomerCommand::Delete).await.unwrap();
    run(&other, CustomerCommand::Restore).await.expect("it is deleted by now");
    assert!(run(&one, CustomerCommand::Restore).await.unwrap().events.is_empty(), "it is restored by now");
    run(&one, CustomerCommand::Delete).await.unwrap();
    let refused = run(&other, points(1)).await.expect_err("it is deleted by now");
    assert_eq!(refused.code(), "customer.deleted");
}

#[tokio::test]
async fn if_match_holds_to_the_version_in_the_log() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let stream = world.customer(&one, "jane@example.com").await;
    other.load::<Customer>(&stream).await.unwrap();
    one.execute::<Customer>(&stream, points(1), &meta(), None).await.unwrap();
    let when = |version| other.execute_when::<Customer>(&stream, points(1), &META, None, Precondition::version(version));
    static META: std::sync::LazyLock<commands::Meta> = std::sync::LazyLock::new(meta);
    assert!(matches!(when(1).await, Err(CommandError::VersionMismatch { expected: 1, found: 2 })));
    assert_eq!(when(2).await.unwrap().version, 3);
    let missing = other.execute_when::<Customer>(&world.stream(), points(1), &META, None, Precondition::version(1)).await;
    assert_eq!(missing.expect_err("not there").code(), "customer.not_found");
}

#[tokio::test]
async fn who_loses_for_good_is_told_who_won() {
    let world = World::start().await;
    let one = world.executor().await;
    let hasty = world.executor_with(ExecutorOptions { attempts: 1, ..ExecutorOptions::default() }).await;
    let stream = world.customer(&hasty, "jane@example.com").await;
    one.execute::<Customer>(&stream, points(5), &meta(), None).await.unwrap();
    match hasty.execute::<Customer>(&stream, points(1), &meta(), None).await {
        Err(CommandError::Conflict { winner: Some(winner) }) => {
            assert_eq!((winner.event_type, winner.actor.as_str()), ("customer.points_updated", "Ana"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(hasty.load::<Customer>(&stream).await.unwrap().state.loyalty_points, 5);
}

#[tokio::test]
async fn an_id_is_registered_once() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let stream = world.stream();
    let first = registered(&one, &stream, "jane@example.com").await;
    assert!(matches!(first.events.as_slice(), [CustomerEvent::Registered(_)]));
    let again = registered(&other, &stream, "jane@example.com").await;
    assert!(again.events.is_empty());
    assert_eq!((again.version, again.position), (first.version, first.position));
    let different = other.execute::<Customer>(&stream, register("else@example.com"), &meta(), None).await;
    assert_eq!(different.expect_err("taken").code(), "customer.already_exists");
}
