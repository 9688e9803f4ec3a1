//! New stores beside those that are read: filled, compared, put in their places, and verified, on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::house::{House, Notes, both, execute, reads};
use crate::support::{LONG, append, commits, healthy, options, reached, same, steps};
use event_log::Log;
use event_log::testing::TestServer;
use events::{Event, Position};
use projections::customer_list;
use projections::db::Sql;
use projections::rebuild::{Cell, Difference, RebuildError, Since, Told, What, Witness, dump, rebuild, verify};
use projections::testing::TestDb;
use projections::testing::history::{Step, history};
use projections::{ReadModels, Runner};

/// What a longer history has more than a shorter one.
fn more(shorter: u16, longer: u16) -> Vec<events::Commit> {
    commits(&history(&steps(longer))).split_off(commits(&history(&steps(shorter))).len())
}

/// Waits until nothing is left but what is read.
async fn swept(models: &ReadModels) {
    let waits = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(5));
        while models.sweep().await.expect("a sweep") > 0 {
            tick.tick().await;
        }
    };
    assert!(tokio::time::timeout(LONG, waits).await.is_ok(), "somebody still has an old store open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_by_another_process_is_taken_up_and_gives_the_same_rows() {
    for test in both().await {
        let house = House::with(test, 150).await;
        let before = dump(house.test.models()).await.expect("a dump");
        let mut notes = Notes::default();
        let command = house.another_process().await;
        let outcomes = rebuild(&house.log, &command, &[], &mut notes).await.expect("a rebuild");
        assert_eq!(notes.0, []);
        assert!(outcomes.iter().all(|one| one.rows > Some(0) && one.generation == Some(2)), "{outcomes:?}");
        reads(&house.runner, 2).await;
        command.take_up_all();
        swept(&command).await;
        same(&dump(house.test.models()).await.expect("a dump"), &before);
        let last = append(&house.log, more(150, 300)).await;
        reached(&house.runner, last).await;
        house.is_clean().await;
        house.runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_that_are_written_to_meanwhile_are_compared_all_the_same() {
    let house = House::with(TestDb::sqlite().await.expect("SQLite"), 20).await;
    let (log, stop) = (house.log.clone(), Arc::new(AtomicBool::new(false)));
    let ended = Arc::clone(&stop);
    let writer = tokio::spawn(async move {
        for commit in more(20, 20_000) {
            if ended.load(Ordering::SeqCst) {
                return;
            }
            append(&log, vec![commit]).await;
        }
    });
    let only = ["customer_list".to_owned()];
    for _ in 0..20 {
        let outcomes = verify(&house.log, house.test.models(), &only, &mut Notes::default()).await.expect("a verification");
        assert!(outcomes.iter().all(|one| one.rows > Some(0) && one.differences == 0), "{outcomes:?}");
    }
    stop.store(true, Ordering::SeqCst);
    writer.await.expect("all was appended");
    house.runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_were_changed_by_hand_are_found_with_their_positions() {
    for test in both().await {
        let house = House::with(test, 100).await;
        house.is_clean().await;
        let models = house.test.models();
        let touched = execute(
            models,
            "customer_list",
            "UPDATE customers SET name = 'Mallory', position = position WHERE id = 'customer-1' AND tenant_id = 'tenant-1'",
        )
        .await;
        assert_eq!(touched, 1);
        let touched = execute(
            models,
            "points_ledger",
            "DELETE FROM points_ledger WHERE tenant_id = 'tenant-0' AND customer_id = 'customer-0' AND seq = 2",
        )
        .await;
        assert_eq!(touched, 1);
        let touched = execute(models, "directory", "INSERT INTO users SELECT tenant_id, 'zz-nobody', version, position, email, email_key, name, role, is_active, created_at, updated_at FROM users WHERE tenant_id = 'tenant-0'").await;
        assert_eq!(touched, 1);
        let (outcomes, differences) = house.verify().await;
        let counted = |name: &str| outcomes.iter().find(|one| one.projection == name).map(|one| one.differences);
        assert_eq!((counted("customer_list"), counted("points_ledger"), counted("directory")), (Some(1), Some(1), Some(1)));
        let [user, customer, entry] = &differences[..] else { panic!("{differences:?}") };
        assert_eq!((user.table, &user.what), ("users", &What::Needless));
        assert!(user.key.contains(&("id", Cell::Text("zz-nobody".to_owned()))), "{user:?}");
        let What::Columns(columns) = &customer.what else { panic!("{customer:?}") };
        assert_eq!(
            columns.iter().map(|(name, stored, _)| (*name, stored)).collect::<Vec<_>>(),
            [("name", &Cell::Text("Mallory".to_owned()))]
        );
        assert_eq!((entry.table, &entry.what), ("points_ledger", &What::Missing));
        assert!([user, customer, entry].iter().all(|one| matches!(one.since, Since::Position(1..))), "{differences:?}");

        // A rebuild says the same, and mends it.
        let mut notes = Notes::default();
        rebuild(&house.log, models, &[], &mut notes).await.expect("a rebuild");
        assert_eq!(notes.0, differences);
        reads(&house.runner, 2).await;
        house.is_clean().await;
        house.runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_that_one_chapter_lacks_or_tells_otherwise_is_found() {
    for test in both().await {
        let house = House::with(test, 40).await;
        // Batch by batch: a chapter begins with one.
        for commits in more(40, 120).chunks(20) {
            let last = append(&house.log, commits.to_vec()).await;
            reached(&house.runner, last).await;
        }
        house.is_clean().await;
        // The copy of one customer's stay in the first chapter that has copies.
        let copy = |list: u8| {
            let copies = format!("FROM customer_stays s WHERE s.list = {list} AND s.valid_from < s.chapter");
            let chapter = format!("(SELECT MIN(s.chapter) {copies})");
            let no = format!("(SELECT MIN(s.no) {copies} AND s.chapter = {chapter})");
            format!("list = {list} AND chapter = {chapter} AND no = {no} AND valid_from < chapter")
        };
        for change in [
            format!("DELETE FROM customer_stays WHERE {}", copy(2)),
            format!("UPDATE customer_stays SET tier = 7 WHERE {}", copy(0)),
        ] {
            assert_eq!(execute(house.test.models(), "customer_history", change.clone()).await, 1, "{change}");
        }
        let (_, differences) = house.verify().await;
        let [otherwise, lacking] = &differences[..] else { panic!("{differences:?}") };
        for (difference, list) in [(otherwise, 0), (lacking, 2)] {
            let What::Columns(columns) = &difference.what else { panic!("{difference:?}") };
            assert!(columns.iter().any(|(name, _, by_log)| (*name, by_log) == ("wrong_chapters", &Cell::Number(0))));
            assert!(difference.key.contains(&("list", Cell::Number(list))), "{difference:?}");
            assert!(matches!(difference.since, Since::Position(1..)), "{difference:?}");
        }
        house.runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_leaves_nothing_that_a_verification_finds() {
    for test in both().await {
        let house = House::with(test, 60).await;
        let forget = |customer| Step { tenant: 0, customer, what: 11, number: 4 };
        let events = history(&steps(60).into_iter().chain((0..2).map(forget)).collect::<Vec<_>>());
        let tombstones: Vec<_> = events
            .iter()
            .filter(|one| matches!(one.event, Event::Customer(events::CustomerEvent::Forgotten(_))))
            .cloned()
            .collect();
        assert!(!tombstones.is_empty(), "somebody is forgotten");
        let last = append(&house.log, commits(&tombstones)).await;
        for tombstone in &tombstones {
            let stream = &tombstone.envelope.stream;
            let end = house.log.load(stream, Position::START).await.expect("a stream").last().expect("a tombstone").position;
            assert!(house.log.erase(stream, end).await.expect("erased") > 0);
        }
        reached(&house.runner, last).await;
        house.is_clean().await;
        house.runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_done_once_at_a_time_and_only_for_what_there_is() {
    let house = House::with(TestDb::sqlite().await.expect("SQLite"), 20).await;
    let (one, other) = (house.another_process().await, house.another_process().await);
    /// Starts a second job while the first runs.
    struct Second<'a>(&'a Log, &'a ReadModels, Vec<RebuildError>);
    impl Witness for Second<'_> {
        fn progress(&mut self, _: Told) {
            let job = async { verify(self.0, self.1, &["customer_list".to_owned()], &mut Notes::default()).await };
            let ended = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(job));
            self.2.push(ended.expect_err("only one at a time"));
        }

        fn differs(&mut self, _: &Difference) {}
    }
    let mut second = Second(&house.log, &other, Vec::new());
    rebuild(&house.log, &one, &["customer_list".to_owned()], &mut second).await.expect("a rebuild");
    assert!(!second.2.is_empty() && second.2.iter().all(|error| matches!(error, RebuildError::Busy("customer_list"))));
    let unknown = verify(&house.log, &one, &["customer_lists".to_owned()], &mut Notes::default()).await;
    assert!(matches!(unknown, Err(RebuildError::Unknown(..))), "{unknown:?}");
    house.runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_on_one_postgres_neither_ever_fails_to_read_while_stores_change() {
    let house = House::with(TestDb::postgres().await.expect("PostgreSQL"), 150).await;
    let other = house.another_process().await;
    let second = Runner::start(&house.log, &other, options());
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = [house.test.models().clone(), other.clone()]
        .into_iter()
        .map(|models| {
            let stop = Arc::clone(&stop);
            tokio::spawn(async move {
                let mut rounds = 0;
                while !stop.load(Ordering::SeqCst) {
                    // Held over several questions, as a list does.
                    let store = models.of(customer_list::NAME).expect("a store");
                    for _ in 0..3 {
                        let count = Sql::fixed("SELECT COUNT(*) FROM customers", []);
                        let counted: Option<(i64,)> = store.fetch_optional(count).await.expect("a count");
                        assert_eq!(counted, Some((10,)));
                    }
                    rounds += 1;
                }
                rounds
            })
        })
        .collect();
    for generation in 2..5 {
        let command = house.another_process().await;
        rebuild(&house.log, &command, &[], &mut Notes::default()).await.expect("a rebuild");
        reads(&house.runner, generation).await;
        reads(&second, generation).await;
        command.take_up_all();
        swept(&command).await;
    }
    stop.store(true, Ordering::SeqCst);
    for reader in readers {
        assert!(reader.await.expect("no reader failed") > 0);
    }
    let last = append(&house.log, more(150, 200)).await;
    reached(&house.runner, last).await;
    reached(&second, last).await;
    house.is_clean().await;
    second.stop().await;
    house.runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_cut_and_has_grown_again_is_noticed_and_a_rebuild_takes_its_word() {
    let house = House::with(TestDb::sqlite().await.expect("SQLite"), 40).await;
    let models = house.test.models();
    house.runner.stop().await;
    let before = dump(models).await.expect("a dump");
    // Other events at the same positions, and more of them.
    let server = TestServer::start().await.expect("nats-server");
    let log = server.log().await.expect("a log");
    append(&log, commits(&history(&steps(60)))).await;
    let runner = Runner::start(&log, models, options());
    healthy(&runner, |health| health.projections.iter().all(|one| one.fenced)).await;
    assert!(!runner.health().is_ready(u64::MAX));
    same(&dump(models).await.expect("a dump"), &before);

    rebuild(&log, models, &[], &mut Notes::default()).await.expect("a rebuild");
    reads(&runner, 2).await;
    healthy(&runner, |health| health.is_ready(0)).await;
    runner.stop().await;
}
