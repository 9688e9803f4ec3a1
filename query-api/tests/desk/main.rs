//! The desk: what is asked as of a position is what read models that are filled up to there say now, and what the events
//! themselves add up to.

mod figures;
mod people;
mod recount;

use std::collections::BTreeSet;
use std::sync::Arc;

use events::conversation::{Priority, Status};
use events::{ConversationId, Position, Recorded};
use projections::desk::Desk;
use projections::testing::TestDb;
use projections::testing::desk::{AGENTS, CUSTOMERS, PAGES, agent, customer, desk_history, page};
use projections::testing::history::{PARTITION, Step, erased, tenant};
use projections::{Projection, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::Scope;
use query_api::customers::as_of::AsOf;
use query_api::desk::{self, Assigned, ConversationFilter, ConversationOrder, Window};
use recount::Recount;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..CUSTOMERS, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..90)
}

fn filters() -> impl Strategy<Value = ConversationFilter> {
    let assigned = prop_oneof![
        4 => Just(Assigned::Anyone),
        1 => Just(Assigned::Nobody),
        1 => Just(Assigned::Somebody),
        1 => (0..AGENTS).prop_map(|number| agent(number).map_or(Assigned::Nobody, Assigned::To)),
    ];
    let search = prop_oneof![3 => Just(""), 1 => prop::sample::select(vec!["ann", "LEE", "zoë ö", "%", "o'b", "\0", "nobody"])];
    let order = prop::sample::select(vec![ConversationOrder::NewestActivity, ConversationOrder::LongestWaiting]);
    let page = prop::option::weighted(0.3, (0..PAGES).prop_filter_map("an id", page));
    let status = prop::option::weighted(0.3, prop::sample::select(Status::ALL.to_vec()));
    let priority = prop::option::weighted(0.3, prop::sample::select(Priority::ALL.to_vec()));
    (page, prop::option::weighted(0.5, any::<bool>()), assigned, status, priority, search, order).prop_map(
        |(page, stopped, assigned, status, priority, search, order)| ConversationFilter {
            page,
            stopped,
            assigned,
            status,
            priority,
            search: search.to_owned(),
            order,
        },
    )
}

/// The same question to two read models and to the events.
struct Three<'a> {
    live: &'a ReadModels,
    at: AsOf,
    scratch: &'a ReadModels,
    recount: &'a Recount,
}

impl Three<'_> {
    async fn lists_agree(&self, scope: &Scope, filter: &ConversationFilter) -> Result<(), TestCaseError> {
        let wanted = self.recount.list(scope.id(), filter);
        for skip in [0, 2, 4] {
            let window = Window { skip, limit: 3 };
            let then = desk::conversations(self.live, scope, Some(self.at), filter, window).await.expect("a list");
            let now = desk::conversations(self.scratch, scope, None, filter, window).await.expect("a list");
            prop_assert_eq!(&then, &now, "{:?} behind {} of {:?}", filter, skip, self.at);
            prop_assert_eq!(then.count, wanted.len() as u64, "{:?} of {:?}", filter, self.at);
            let part: Vec<_> = wanted.iter().skip(usize::try_from(skip).unwrap_or(0)).take(3).cloned().collect();
            let rows: Vec<_> = then.rows.iter().map(recount::Talk::of).collect();
            prop_assert_eq!(rows, part, "{:?} behind {} of {:?}", filter, skip, self.at);
        }
        Ok(())
    }

    async fn conversations_agree(&self, scope: &Scope) -> Result<(), TestCaseError> {
        let then = desk::queue(self.live, scope, Some(self.at), page(0).as_ref()).await.expect("a queue");
        prop_assert_eq!(then, desk::queue(self.scratch, scope, None, page(0).as_ref()).await.expect("a queue"));
        for customer in (0..CUSTOMERS).filter_map(customer) {
            let then = desk::conversations_of(self.live, scope, Some(self.at), &customer).await.expect("conversations");
            let now = desk::conversations_of(self.scratch, scope, None, &customer).await.expect("conversations");
            prop_assert_eq!(then, now, "{} as of {:?}", customer, self.at);
            for page in (0..PAGES).filter_map(page) {
                self.messages_agree(scope, &ConversationId::of(&customer, &page)).await?;
            }
        }
        Ok(())
    }

    async fn messages_agree(&self, scope: &Scope, id: &ConversationId) -> Result<(), TestCaseError> {
        let then = desk::conversation(self.live, scope, Some(self.at), id).await.expect("a conversation");
        prop_assert_eq!(then, desk::conversation(self.scratch, scope, None, id).await.expect("a conversation"));
        let (mut before, mut texts) = (None, Vec::new());
        loop {
            let then = desk::messages(self.live, scope, Some(self.at), id, before, 2).await.expect("messages");
            let now = desk::messages(self.scratch, scope, None, id, before, 2).await.expect("messages");
            prop_assert_eq!(&then, &now, "{} before {:?} as of {:?}", id, before, self.at);
            texts.extend(then.rows.into_iter().map(|row| (row.id, row.text)));
            before = then.next;
            if before.is_none() {
                break;
            }
        }
        prop_assert_eq!(texts, self.recount.messages(scope.id(), id), "{} as of {:?}", id, self.at);
        Ok(())
    }
}

async fn fresh(postgres: bool) -> TestDb {
    let projections: [Arc<dyn Projection>; 1] = [Arc::new(Desk)];
    match postgres {
        true => TestDb::postgres_with(&projections).await.expect("PostgreSQL"),
        false => TestDb::sqlite_with(&projections).await.expect("SQLite"),
    }
}

/// Asks as of positions in rising order, with a scratch that is filled up to each in turn. What is forgotten at the end is
/// forgotten at all times: the scratch is filled from the erased log.
async fn agree(
    postgres: bool,
    history: &[Recorded],
    positions: &BTreeSet<u64>,
    filters: &[ConversationFilter],
) -> Result<(), TestCaseError> {
    let live = fresh(postgres).await;
    for batch in history.chunk_by(|a, b| a.position.0 / 16 == b.position.0 / 16) {
        live.apply(batch).await.expect("the history is applied");
    }
    let scratch = fresh(postgres).await;
    let erased = erased(history);
    let mut rest = erased.as_slice();
    for position in positions {
        let (until, behind) = rest.split_at(rest.partition_point(|recorded| recorded.position.0 <= *position));
        scratch.apply(until).await.expect("the history is applied");
        rest = behind;
        let seen = &erased[..erased.len() - rest.len()];
        let at = AsOf::new(PARTITION, Position(*position));
        let recount = Recount::of(seen);
        let three = Three { live: live.models(), at, scratch: scratch.models(), recount: &recount };
        for scope in [0, 1].map(|number| Scope::tenant(tenant(number))) {
            three.conversations_agree(&scope).await?;
            for filter in filters {
                three.lists_agree(&scope, filter).await?;
            }
            people::agree(three.scratch, &scope, seen).await?;
            figures::agree(&three, &scope, seen).await?;
        }
    }
    live.models().close().await;
    scratch.models().close().await;
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let positions = proptest::collection::vec(any::<prop::sample::Index>(), 3);
    let input = (steps(), proptest::collection::vec(filters(), 5), positions);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, filters, positions)| {
        let history = desk_history(&steps);
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
fn past_present_and_events_tell_the_same_on_sqlite() {
    check(64, false);
}

#[test]
fn past_present_and_events_tell_the_same_on_postgres() {
    check(12, true);
}
