//! The live list: however the log is cut into batches, the tables are those of a rebuild, the changes lead from one row to the
//! next, and who was forgotten leaves no trace.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::subject::Partition;
use events::{CustomerId, Position, Recorded, TenantId};
use projections::Projection;
use projections::contact_list::{self, Change, ContactList, ContactRow, NAME, unpacked, window};
use projections::db::Sql;
use projections::rebuild::{Dump, dump};
use projections::testing::TestDb;
use projections::testing::contacts::{contacts, erased};
use projections::testing::history::{Step, tenant};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..80)
}

async fn fresh(postgres: bool) -> TestDb {
    let only: [Arc<dyn Projection>; 1] = [Arc::new(ContactList)];
    match postgres {
        true => TestDb::postgres_with(&only).await.expect("PostgreSQL"),
        false => TestDb::sqlite_with(&only).await.expect("SQLite"),
    }
}

/// Applies a history in batches of about so many events, each of them `times` times.
async fn piecewise(test: &TestDb, history: &[Recorded], size: usize, times: usize) -> Dump {
    let mut rest = history;
    while let Some(last) = rest.get(size.min(rest.len()).wrapping_sub(1)) {
        let end = rest.iter().take_while(|recorded| recorded.position <= last.position).count();
        let (batch, behind) = rest.split_at(end);
        for _ in 0..times {
            test.apply(batch).await.expect("the batch is applied");
        }
        rest = behind;
    }
    dump(test.models()).await.expect("a dump")
}

/// Every row of a tenant that is kept, by customer.
async fn rows(test: &TestDb, of: &TenantId) -> BTreeMap<CustomerId, ContactRow> {
    let select = Sql::fixed("SELECT body FROM contacts WHERE tenant_id = $1", [of.as_str().into()]);
    let stored: Vec<(Vec<u8>,)> = test.models().of(NAME).expect("the store").fetch_all(select).await.expect("rows");
    stored.iter().map(|(body,)| unpacked(body).expect("a row")).map(|row| (row.id.clone(), row)).collect()
}

/// The rows that the changes lead to.
async fn changed(test: &TestDb, of: &TenantId) -> Result<BTreeMap<CustomerId, ContactRow>, TestCaseError> {
    let db = test.models().of(NAME).expect("the store");
    let (mut rows, mut after) = (BTreeMap::new(), Position::START);
    loop {
        let stretch = window::changes(&db, of, Partition(0), after, 7).await.expect("changes").expect("all are kept");
        for change in stretch.changes {
            prop_assert!(change.position > after);
            after = change.position;
            match change.what {
                Change::Row { before, after } => {
                    // A row that was not shown then may have changed meanwhile without anybody being told.
                    let known: Option<ContactRow> = rows.insert(after.id.clone(), (*after).clone());
                    prop_assert!(known.as_ref().is_none_or(|known| !known.is_live || Some(known) == before.as_deref()));
                }
                Change::Erased { customer, after } => {
                    rows.remove(&customer);
                    rows.extend(after.map(|after| (customer, (*after).clone())));
                }
                Change::Tag(_) => {}
            }
        }
        if !stretch.more {
            return Ok(rows);
        }
    }
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(steps(), 1..9_usize, 1..3_usize), |(steps, size, times)| {
        let history = contacts(&steps);
        runtime.block_on(async {
            let live = fresh(postgres).await;
            let pieces = piecewise(&live, &history, size, times).await;
            let rebuilt = piecewise(&fresh(postgres).await, &erased(&history), usize::MAX, 1).await;
            prop_assert_eq!(&pieces, &rebuilt, "a rebuild from the erased log");
            if postgres {
                let other = piecewise(&fresh(false).await, &history, usize::MAX, 1).await;
                prop_assert_eq!(&pieces, &other, "SQLite and PostgreSQL");
            }
            let once = fresh(postgres).await;
            piecewise(&once, &history, size, 1).await;
            for number in 0..2 {
                let live = |rows: BTreeMap<_, ContactRow>| -> BTreeMap<_, _> {
                    rows.into_iter().filter(|(_, row)| row.is_live).collect()
                };
                let (now, told) = (rows(&once, &tenant(number)).await, changed(&once, &tenant(number)).await?);
                prop_assert_eq!(live(now), live(told), "what the changes lead to");
            }
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn batches_repeats_and_erasure_give_the_rows_of_a_rebuild_on_sqlite() {
    check(48, false);
}

#[test]
fn batches_repeats_and_erasure_give_the_rows_of_a_rebuild_on_postgres() {
    check(10, true);
}

/// The steps of somebody who enters, gets a tag, writes and is forgotten; and of somebody else who stays.
fn forgotten() -> Vec<Step> {
    let of = |customer, what, number| Step { tenant: 0, customer, what, number };
    vec![of(0, 2, 4), of(1, 2, 4), of(0, 3, 1), of(0, 7, 30), of(0, 0, 6), of(1, 7, 30), of(0, 14, 3)]
}

#[tokio::test]
async fn who_was_forgotten_leaves_no_trace() {
    for test in [fresh(false).await, fresh(true).await] {
        let history = contacts(&forgotten());
        piecewise(&test, &history, 3, 1).await;
        let rows = rows(&test, &tenant(0)).await;
        assert_eq!(rows.keys().map(CustomerId::as_str).collect::<Vec<_>>(), ["customer-1"]);
        let db = test.models().of(NAME).expect("the store");
        let kept = window::changes(&db, &tenant(0), Partition(0), Position::START, 100).await.expect("changes").expect("kept");
        let mut of_forgotten = kept.changes.iter().filter(|change| match &change.what {
            Change::Row { after, .. } => after.id.as_str() == "customer-0",
            Change::Erased { .. } => true,
            Change::Tag(_) => false,
        });
        let last = of_forgotten.next().expect("the end is told");
        assert!(matches!(&last.what, Change::Erased { after: None, .. }), "{last:?}");
        assert_eq!(of_forgotten.next(), None);
        for table in ["contact_tagged", "contact_conversations"] {
            let count = Sql::composed(format!("SELECT COUNT(*) FROM {table}"), []);
            let (count,): (i64,) = db.fetch_optional(count).await.expect("an answer").expect("a count");
            assert_eq!(count, if table == "contact_tagged" { 0 } else { 1 }, "{table}");
        }
    }
}

#[tokio::test]
async fn the_latest_changes_are_kept_and_what_is_older_is_said_to_be_gone() {
    let test = fresh(false).await;
    let begin = Step { tenant: 0, customer: 0, what: 0, number: 0 };
    let rename = |n: u16| Step { tenant: 0, customer: 0, what: 1, number: n };
    let steps: Vec<Step> = std::iter::once(begin).chain((0..52_000_u32).map(|n| rename((n % 60_000) as u16))).collect();
    let history = contacts(&steps);
    for batch in history.chunks(4_000) {
        test.apply(batch).await.expect("applied");
    }
    let db = test.models().of(NAME).expect("the store");
    let count = Sql::fixed("SELECT COUNT(*) FROM contact_changes", []);
    let (count,): (i64,) = db.fetch_optional(count).await.expect("an answer").expect("a count");
    assert!((50_000..=55_000).contains(&count), "{count}");
    let from = async |after| window::changes(&db, &tenant(0), Partition(0), after, 1).await.expect("an answer");
    assert_eq!(from(Position::START).await, None);
    let behind = history[history.len() - 40_000].position;
    assert!(from(behind).await.is_some_and(|stretch| stretch.more && stretch.changes.len() == 1));
    assert_eq!(contact_list::window::MOST_KEPT, 50_000);
}
