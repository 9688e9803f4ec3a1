//! However the log is cut into batches, and however often a batch is delivered: the tables are the same, on both databases.

use std::sync::Arc;

use events::Recorded;
use projections::Projection;
use projections::customer_history::CustomerHistory;
use projections::desk::Desk;
use projections::rebuild::{Dump, dump};
use projections::testing::contacts::contacts;
use projections::testing::desk::desk_history;
use projections::testing::history::{Step, erased, history, stretched};
use projections::testing::{TestDb, projections};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Cuts a history where commits end, into batches of about these sizes.
fn cut<'a>(history: &'a [Recorded], sizes: &[usize]) -> Vec<&'a [Recorded]> {
    let (mut batches, mut rest) = (Vec::new(), history);
    for size in sizes.iter().copied().cycle() {
        let Some(last) = rest.get(size.min(rest.len()).wrapping_sub(1)) else { break };
        let end = rest.iter().take_while(|recorded| recorded.position <= last.position).count();
        let (batch, behind) = rest.split_at(end);
        batches.push(batch);
        rest = behind;
    }
    batches
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..60)
}

/// The rows after every batch was delivered, some of them twice.
async fn piecewise(test: &TestDb, history: &[Recorded], sizes: &[usize], twice: u8) -> Dump {
    for (number, batch) in cut(history, sizes).into_iter().enumerate() {
        let times = if number % 3 == usize::from(twice % 3) { 2 } else { 1 };
        for _ in 0..times {
            test.apply(batch).await.expect("the batch is applied");
        }
    }
    dump(test.models()).await.expect("a dump")
}

/// The rows after everything was delivered at once.
async fn at_once(test: &TestDb, history: &[Recorded]) -> Dump {
    test.apply(history).await.expect("the history is applied");
    dump(test.models()).await.expect("a dump")
}

fn check(cases: u32, postgres: bool, of: &[Arc<dyn Projection>], make: fn(&[Step]) -> Vec<Recorded>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Close together, and so far apart that they are in different blocks of the history.
    let distance = prop::sample::select(vec![1_u64, 40, 700]);
    let input = (steps(), proptest::collection::vec(1..9_usize, 1..6), any::<u8>(), distance);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, sizes, twice, distance)| {
        let history = stretched(make(&steps), distance);
        runtime.block_on(async {
            let fresh = async || match postgres {
                true => TestDb::postgres_with(of).await.expect("PostgreSQL"),
                false => TestDb::sqlite_with(of).await.expect("SQLite"),
            };
            let live = fresh().await;
            let pieces = piecewise(&live, &history, &sizes, twice).await;
            let rebuilt = at_once(&fresh().await, &erased(&history)).await;
            prop_assert_eq!(&pieces, &rebuilt, "a rebuild from the erased log");
            if postgres {
                let other = at_once(&TestDb::sqlite_with(of).await.expect("SQLite"), &history).await;
                prop_assert_eq!(&pieces, &other, "SQLite and PostgreSQL");
            }
            // Again from the start: everything is known already.
            live.apply(&history).await.expect("the history is applied again");
            let again = dump(live.models()).await.expect("a dump");
            prop_assert_eq!(&pieces, &again, "the whole history twice");
            live.models().close().await;
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn batches_repeats_and_erasure_give_the_rows_of_a_rebuild_on_sqlite() {
    check(48, false, &projections(), history);
}

#[test]
fn batches_repeats_and_erasure_give_the_rows_of_a_rebuild_on_postgres() {
    check(12, true, &projections(), history);
}

#[test]
fn the_rows_of_the_desk_are_those_of_a_rebuild_on_sqlite() {
    check(64, false, &[Arc::new(Desk)], desk_history);
}

#[test]
fn the_rows_of_the_desk_are_those_of_a_rebuild_on_postgres() {
    check(12, true, &[Arc::new(Desk)], desk_history);
}

#[test]
fn the_past_of_contacts_and_tags_is_that_of_a_rebuild_on_sqlite() {
    check(64, false, &[Arc::new(CustomerHistory::in_short_chapters())], contacts);
}

#[test]
fn the_past_of_contacts_and_tags_is_that_of_a_rebuild_on_postgres() {
    check(12, true, &[Arc::new(CustomerHistory::in_short_chapters())], contacts);
}
