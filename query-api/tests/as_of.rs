//! What is asked as of a position is what read models that are filled up to there say now.

mod made_up;

use std::collections::BTreeSet;
use std::sync::Arc;

use events::customer::CustomerEvent;
use events::{CustomerId, Event, Position, Recorded};
use futures_util::TryStreamExt as _;
use made_up::{filters, steps};
use projections::customer_list::CustomerList;
use projections::points_ledger::PointsLedger;
use projections::testing::TestDb;
use projections::testing::history::{PARTITION, erased, history, stretched, tenant};
use projections::{Projection, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::customers::as_of::{self, AsOf, Past};
use query_api::customers::{self, CustomerFilter, CustomerRow};
use query_api::{PageRequest, Scope};

/// The read models of now, which the past is held against.
fn of_now() -> [Arc<dyn Projection>; 2] {
    [Arc::new(CustomerList), Arc::new(PointsLedger)]
}

fn customer(number: u8) -> CustomerId {
    CustomerId::try_from(format!("customer-{number}")).expect("an id")
}

/// Who is forgotten at the end of a history: tenant and customer.
fn forgotten(history: &[Recorded]) -> BTreeSet<(String, String)> {
    let gone = history.iter().filter(|recorded| matches!(recorded.event, Event::Customer(CustomerEvent::Forgotten(_))));
    gone.map(|recorded| (recorded.envelope.stream.tenant.to_string(), recorded.envelope.stream.id().to_owned())).collect()
}

struct Moment<'a> {
    live: &'a ReadModels,
    scratch: &'a ReadModels,
    at: AsOf,
}

impl Moment<'_> {
    async fn lists_agree(&self, scope: &Scope, filter: &CustomerFilter) -> Result<(), TestCaseError> {
        for page in 1..=3 {
            let request = PageRequest::new(page, 2).expect("a page");
            let then = as_of::list(self.live, scope, self.at, filter, request).await.expect("a list");
            let now = customers::list(self.scratch, scope, filter, request).await.expect("a list");
            prop_assert_eq!(then, now, "page {} of {:?} as of {:?}", page, filter, self.at);
        }
        let then: Vec<CustomerRow> =
            as_of::export(self.live, scope.clone(), self.at, filter.clone()).try_collect().await.expect("an export");
        let now: Vec<CustomerRow> =
            customers::export(self.scratch.clone(), scope.clone(), filter.clone()).try_collect().await.expect("an export");
        prop_assert_eq!(then, now, "export of {:?} as of {:?}", filter, self.at);
        Ok(())
    }

    async fn customers_agree(&self, scope: &Scope, gone: &BTreeSet<(String, String)>) -> Result<(), TestCaseError> {
        let then = as_of::stats(self.live, scope, self.at).await.expect("statistics");
        prop_assert_eq!(then, customers::stats(self.scratch, scope).await.expect("statistics"), "as of {:?}", self.at);
        for id in (0..5).map(customer) {
            let then = as_of::get(self.live, scope, self.at, &id).await.expect("an answer");
            let now = customers::get(self.scratch, scope, &id).await.expect("an answer");
            let wanted = match now {
                Some(row) => Past::Known(row),
                None if gone.contains(&(scope.id().to_string(), id.to_string())) => Past::Forgotten,
                None => Past::Nothing,
            };
            prop_assert_eq!(then, wanted, "{} as of {:?}", id, self.at);
            let request = PageRequest::new(1, 3).expect("a page");
            let then = as_of::ledger(self.live, scope, self.at, &id, request).await.expect("a ledger");
            let now = customers::ledger(self.scratch, scope, &id, request).await.expect("a ledger");
            prop_assert_eq!(then, now, "ledger of {} as of {:?}", id, self.at);
        }
        Ok(())
    }
}

async fn fresh(postgres: bool, projections: &[Arc<dyn Projection>]) -> TestDb {
    match postgres {
        true => TestDb::postgres_with(projections).await.expect("PostgreSQL"),
        false => TestDb::sqlite_with(projections).await.expect("SQLite"),
    }
}

/// Asks as of positions in rising order, with a scratch that is filled up to each in turn. What is forgotten at the end is
/// forgotten at all times: the scratch is filled from the erased log.
async fn agree(
    postgres: bool,
    history: &[Recorded],
    positions: &BTreeSet<u64>,
    filters: &[CustomerFilter],
) -> Result<(), TestCaseError> {
    let live = fresh(postgres, &projections::testing::projections()).await;
    for batch in history.chunk_by(|a, b| a.position.0 / 16 == b.position.0 / 16) {
        live.apply(batch).await.expect("the history is applied");
    }
    let scratch = fresh(postgres, &of_now()).await;
    let (erased, gone) = (erased(history), forgotten(history));
    let mut rest = erased.as_slice();
    for position in positions {
        let (until, behind) = rest.split_at(rest.partition_point(|recorded| recorded.position.0 <= *position));
        scratch.apply(until).await.expect("the history is applied");
        rest = behind;
        let at = AsOf::new(PARTITION, Position(*position));
        let then = Moment { live: live.models(), scratch: scratch.models(), at };
        for scope in [0, 1].map(|number| Scope::tenant(tenant(number))) {
            then.customers_agree(&scope, &gone).await?;
            for filter in filters {
                then.lists_agree(&scope, filter).await?;
            }
        }
    }
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Close together, and so far apart that they are in different blocks of the history.
    let distance = prop::sample::select(vec![1_u64, 40, 700]);
    let positions = proptest::collection::vec(any::<prop::sample::Index>(), 3);
    let input = (steps(), proptest::collection::vec(filters(), 6), positions, distance);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, filters, positions, distance)| {
        let history = stretched(history(&steps), distance);
        let end = history.last().map_or(0, |recorded| recorded.position.0);
        // Before the beginning, anywhere in it, also where nothing stands, and now.
        let anywhere = positions.iter().map(|index| index.index(usize::try_from(end).unwrap_or(0) + 1) as u64);
        let positions = anywhere.chain([0, end]).collect();
        runtime.block_on(agree(postgres, &history, &positions, &filters))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn the_past_is_what_a_scratch_stopped_there_says_on_sqlite() {
    check(48, false);
}

#[test]
fn the_past_is_what_a_scratch_stopped_there_says_on_postgres() {
    check(12, true);
}
