//! Requests that have their effect once.

use commands::{CommandError, Customer, CustomerCommand, Executed, Executor, Precondition};
use events::{ClaimKey, ClaimName, ClaimRecord, StreamRef};

use super::support::{World, key, meta, points, register};

async fn points_once(executor: &Executor, stream: &StreamRef, name: &str, by: i64) -> Executed<Customer> {
    let key = key(name, &by.to_string());
    executor.execute::<Customer>(stream, points(by), &meta(), Some(&key)).await.expect("carried out")
}

fn same(first: &Executed<Customer>, second: &Executed<Customer>) {
    assert_eq!((&first.stream, &first.state, &first.events), (&second.stream, &second.state, &second.events));
    assert_eq!((first.version, first.position), (second.version, second.position));
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_has_no_effect() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let first = points_once(&executor, &stream, "k1", 5).await;
    points_once(&executor, &stream, "k2", 7).await;
    let repeat = points_once(&executor, &stream, "k1", 5).await;
    assert_eq!((first.replayed, repeat.replayed), (false, true));
    same(&first, &repeat);
    let restarted = world.executor().await;
    same(&first, &points_once(&restarted, &stream, "k1", 5).await);
    assert_eq!(restarted.load::<Customer>(&stream).await.unwrap().state.loyalty_points, 12);
}

#[tokio::test]
async fn what_was_answered_can_be_asked_for_without_asking_for_the_effect() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let answered = async |name: &str, body: &str| executor.answered::<Customer>(&world.tenant, &key(name, body)).await;
    assert!(answered("k1", "5").await.expect("a log").is_none());
    let first = points_once(&executor, &stream, "k1", 5).await;
    points_once(&executor, &stream, "k2", 7).await;
    same(&first, &answered("k1", "5").await.expect("a log").expect("an answer"));
    assert!(matches!(answered("k1", "6").await, Err(CommandError::IdempotencyKeyReused)));
    assert_eq!(executor.load::<Customer>(&stream).await.unwrap().state.loyalty_points, 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_at_once_are_one() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let stream = world.customer(&executors[0], "jane@example.com").await;
    for round in 0..10 {
        let name = format!("k{round}");
        let [a, b] = &executors;
        let (a, b, c, d) = tokio::join!(
            points_once(a, &stream, &name, 5),
            points_once(b, &stream, &name, 5),
            points_once(a, &stream, &name, 5),
            points_once(b, &stream, &name, 5)
        );
        for other in [&b, &c, &d] {
            same(&a, other);
        }
        assert_eq!([&a, &b, &c, &d].iter().filter(|executed| !executed.replayed).count(), 1);
    }
    assert_eq!(executors[0].load::<Customer>(&stream).await.unwrap().state.loyalty_points, 50);
}

#[tokio::test]
async fn a_creation_is_repeated_with_the_first_id() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let key = key("create", "jane");
    let create = |executor: &Executor| {
        let (executor, stream, key) = (executor.clone(), world.stream(), key.clone());
        async move { executor.execute::<Customer>(&stream, register("jane@example.com"), &meta(), Some(&key)).await.unwrap() }
    };
    let (a, b) = tokio::join!(create(&one), create(&other));
    same(&a, &b);
    same(&a, &create(&other).await);
}

#[tokio::test]
async fn another_body_is_another_request() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    points_once(&executor, &stream, "k", 5).await;
    let other = executor.execute::<Customer>(&stream, points(6), &meta(), Some(&key("k", "6"))).await;
    assert!(matches!(other, Err(CommandError::IdempotencyKeyReused)));
    assert_eq!(executor.load::<Customer>(&stream).await.unwrap().state.loyalty_points, 5);
}

#[tokio::test]
async fn a_request_without_effect_has_none_later_either() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let key = key("k", "activate");
    let activate = || executor.execute::<Customer>(&stream, CustomerCommand::Activate, &META, Some(&key));
    static META: std::sync::LazyLock<commands::Meta> = std::sync::LazyLock::new(meta);
    let first = activate().await.unwrap();
    assert!(first.events.is_empty() && !first.replayed);
    executor.execute::<Customer>(&stream, CustomerCommand::Deactivate, &META, None).await.unwrap();
    let repeat = activate().await.unwrap();
    assert!(repeat.replayed && repeat.state.is_active, "the answer of the first time");
    assert!(!executor.load::<Customer>(&stream).await.unwrap().state.is_active);
}

#[tokio::test]
async fn a_rejected_request_is_judged_anew() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.stream();
    let key = key("k", "5");
    let give = || executor.execute::<Customer>(&stream, points(5), &META, Some(&key));
    static META: std::sync::LazyLock<commands::Meta> = std::sync::LazyLock::new(meta);
    assert_eq!(give().await.expect_err("not there").code(), "customer.not_found");
    super::support::registered(&executor, &stream, "jane@example.com").await;
    assert_eq!(give().await.unwrap().state.loyalty_points, 5);
}

#[tokio::test]
async fn a_repeat_is_answered_also_when_the_version_has_moved_on() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = world.customer(&executor, "jane@example.com").await;
    let key = key("k", "5");
    let give = || executor.execute_when::<Customer>(&stream, points(5), &META, Some(&key), Precondition::version(1));
    static META: std::sync::LazyLock<commands::Meta> = std::sync::LazyLock::new(meta);
    same(&give().await.unwrap(), &give().await.unwrap());
}

#[tokio::test]
async fn what_is_kept_holds_no_personal_data() {
    let world = World::start().await;
    let executor = world.executor().await;
    let idempotency = key("k", "body");
    let command = register("jane.unmistakable@example.com");
    executor.execute::<Customer>(&world.stream(), command, &meta(), Some(&idempotency)).await.unwrap();
    let claim = ClaimKey::new(&world.tenant, ClaimName::Idempotency, "k");
    let stored = executor.log().claims(&[claim]).await.unwrap().remove(0).expect("kept");
    let ClaimRecord::Answered { answer, .. } = stored.record else { panic!("{:?}", stored.record) };
    for text in ["unmistakable", "Jane", "Smith", "Ana"] {
        assert!(!answer.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}
