//! Imports: what goes in, what does not, and repeats.

use std::time::Instant;

use commands::customer::Import;
use commands::{CommandError, Customer, ImportMode, ImportOutcome, ImportReport};
use events::customer::Profile;
use events::{Position, StreamRef};

use super::support::{World, key, meta, profile};

fn rows(emails: &[&str]) -> Vec<Import> {
    emails.iter().map(|email| Import::new(profile(email))).collect()
}

fn kinds(report: &ImportReport) -> Vec<&'static str> {
    let kind = |row: &ImportOutcome| match row {
        ImportOutcome::Created(_) => "created",
        ImportOutcome::AlreadyExists => "exists",
        ImportOutcome::Invalid(_) => "invalid",
        ImportOutcome::Withheld => "withheld",
    };
    report.rows.iter().map(kind).collect()
}

#[tokio::test]
async fn each_row_is_judged_by_itself() {
    let world = World::start().await;
    let executor = world.executor().await;
    world.customer(&executor, "there@example.com").await;
    let rows = rows(&["a@example.com", "nobody", "THERE@example.com", " A@example.com", "b@example.com"]);
    let report = executor.import(&world.tenant, rows, &meta(), None, ImportMode::EachRow).await.unwrap();
    assert_eq!(kinds(&report), ["created", "invalid", "exists", "exists", "created"]);
    let ImportOutcome::Invalid(errors) = &report.rows[1] else { panic!("{:?}", report.rows[1]) };
    assert_eq!(errors.get("email"), ["Enter a valid email address"]);
    let ImportOutcome::Created(id) = &report.rows[0] else { panic!("{:?}", report.rows[0]) };
    let loaded = executor.load::<Customer>(&StreamRef::customer(&world.tenant, id)).await.unwrap();
    assert_eq!((loaded.state.profile.email.as_str(), loaded.version), ("a@example.com", 1));
}

#[tokio::test]
async fn atomic_is_all_rows_or_nothing() {
    let world = World::start().await;
    let executor = world.executor().await;
    let atomic = |emails: &[&str]| {
        let (executor, tenant, rows) = (executor.clone(), world.tenant.clone(), rows(emails));
        async move { executor.import(&tenant, rows, &meta(), None, ImportMode::Atomic).await.unwrap() }
    };
    let refused = atomic(&["a@example.com", "nobody", "a@example.com"]).await;
    assert_eq!((kinds(&refused), refused.position), (vec!["withheld", "invalid", "exists"], Position::START));
    assert_eq!(kinds(&atomic(&["a@example.com", "b@example.com"]).await), ["created", "created"]);
    assert_eq!(kinds(&atomic(&["c@example.com", "b@example.com"]).await), ["withheld", "exists"]);
    assert_eq!(kinds(&atomic(&["c@example.com"]).await), ["created"]);
    let many = (0..=executor.most_atomic_rows()).map(|n| Import::new(profile(&format!("m{n}@example.com")))).collect();
    let refused = executor.import(&world.tenant, many, &meta(), None, ImportMode::Atomic).await;
    assert!(matches!(refused, Err(CommandError::TooLarge { .. })));
}

#[tokio::test]
async fn a_piece_is_recorded_when_it_goes_in_and_not_when_the_import_began() {
    let world = World::start().await;
    let executor = world.executor().await;
    let many = (0..2_000).map(|n| Import::new(profile(&format!("m{n}@example.com")))).collect();
    let report = executor.import(&world.tenant, many, &meta(), None, ImportMode::EachRow).await.unwrap();
    let mut times = Vec::new();
    for row in [report.rows.first(), report.rows.last()] {
        let Some(ImportOutcome::Created(id)) = row else { panic!("{row:?}") };
        let stored = executor.log().load(&StreamRef::customer(&world.tenant, id), Position::START).await.unwrap();
        times.extend(stored.first().map(|stored| stored.commit.envelope.recorded_at));
    }
    // The last piece waits until the first one is in.
    assert!(times.len() == 2 && times[0] < times[1], "{times:?}");
}

#[tokio::test]
async fn a_repeat_enters_nobody_twice() {
    let world = World::start().await;
    let executor = world.executor().await;
    let many = || (0..1_000).map(|n| Import::new(profile(&format!("m{n}@example.com")))).collect::<Vec<_>>();
    let first = executor.import(&world.tenant, many(), &meta(), None, ImportMode::EachRow).await.unwrap();
    assert_eq!(first.created(), 1_000);
    let repeat = executor.import(&world.tenant, many(), &meta(), None, ImportMode::EachRow).await.unwrap();
    assert_eq!((repeat.created(), repeat.position), (0, Position::START));
}

#[tokio::test]
async fn a_repeat_with_a_key_gets_the_first_answer() {
    let world = World::start().await;
    let executor = world.executor().await;
    let key = key("import", "file");
    let run = || async {
        let mut rows = rows(&["nobody", "a@example.com"]);
        rows.extend((0..600).map(|n| Import::new(profile(&format!("m{n}@example.com")))));
        executor.import(&world.tenant, rows, &meta(), Some(&key), ImportMode::EachRow).await.unwrap()
    };
    let (first, repeat) = (run().await, run().await);
    assert_eq!((first.replayed, repeat.replayed, first.created()), (false, true, 601));
    assert_eq!((first.rows, first.position), (repeat.rows, repeat.position));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_imports_of_the_same_people_enter_each_once() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let many = || (0..2_000).map(|n| Import::new(profile(&format!("m{n}@example.com")))).collect::<Vec<_>>();
    let meta = meta();
    let (first, second) = tokio::join!(
        one.import(&world.tenant, many(), &meta, None, ImportMode::EachRow),
        other.import(&world.tenant, many(), &meta, None, ImportMode::EachRow)
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.created() + second.created(), 2_000);
    for (a, b) in first.rows.iter().zip(&second.rows) {
        let created = [a, b].iter().filter(|row| matches!(row, ImportOutcome::Created(_))).count();
        assert_eq!(created, 1, "{a:?} {b:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rows_go_in_quickly() {
    let world = World::start().await;
    let executor = world.executor().await;
    let row = |n: usize| {
        Import::new(Profile { city: "Jakarta".into(), phone: "0812345678".into(), ..profile(&format!("m{n}@example.com")) })
    };
    let rows = (0..10_000).map(row).collect();
    let started = Instant::now();
    let report = executor.import(&world.tenant, rows, &meta(), None, ImportMode::EachRow).await.unwrap();
    println!("import of 10,000 rows: {:?}", started.elapsed());
    assert_eq!(report.created(), 10_000);
}
