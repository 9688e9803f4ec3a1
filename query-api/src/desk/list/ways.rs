//! No list walks a table, or another tenant's rows; a plain page is read in the order of its index.

use events::conversation::{Priority, Status};
use projections::Db;
use projections::customer_history::Moment;
use projections::db::{Backend, Sql};
use projections::desk::NAME;
use projections::testing::TestDb;
use projections::testing::history::tenant;

use super::*;
use crate::desk::filter::{Assigned, ConversationOrder};
use crate::desk::metrics::stretches_sql;

const WINDOW: Window = Window { skip: 0, limit: 50 };

fn store(test: &TestDb) -> Db {
    test.models().of(NAME).expect("the store")
}

/// Every part of a filter, alone and with others, in both orders.
fn filters() -> Vec<ConversationFilter> {
    let assigned = [Assigned::Anyone, Assigned::Nobody, Assigned::Somebody, Assigned::To("agent-1".parse().expect("an id"))];
    let mut filters = Vec::new();
    for bits in 0..32_u8 {
        let on = |bit: u8| bits & (1 << bit) != 0;
        for assigned in &assigned {
            for order in [ConversationOrder::NewestActivity, ConversationOrder::LongestWaiting] {
                filters.push(ConversationFilter {
                    page: on(0).then(|| "page-1".parse().expect("an id")),
                    stopped: on(1).then_some(true),
                    assigned: assigned.clone(),
                    status: on(2).then_some(Status::Closed),
                    priority: on(3).then_some(Priority::High),
                    search: if on(4) { "ann".to_owned() } else { String::new() },
                    order,
                });
            }
        }
    }
    filters
}

/// Every statement that a filter leads to, now and then.
fn statements(backend: Backend, scope: &Scope, filter: &ConversationFilter) -> Vec<Sql> {
    let at = |moment| [page_sql(backend, scope, moment, filter, WINDOW), count_sql(backend, scope, moment, filter)];
    at(Moment::OPEN).into_iter().chain(at(Moment(500_000))).collect()
}

/// The statements without a filter.
fn others(backend: Backend, scope: &Scope) -> Vec<Sql> {
    let single = |moment, column| single_sql(backend, scope, moment, column, "x-1");
    let singles = [Moment::OPEN, Moment(500_000)].into_iter().flat_map(|at| ["c.id", "c.customer_id"].map(|of| single(at, of)));
    singles.chain(stretches_sql(scope)).collect()
}

#[tokio::test]
async fn no_statement_walks_a_table_or_another_tenant_on_sqlite() {
    let test = TestDb::sqlite_with(&[std::sync::Arc::new(projections::desk::Desk)]).await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    let filtered = filters().into_iter().flat_map(|filter| statements(Backend::Sqlite, &scope, &filter));
    for sql in filtered.chain(others(Backend::Sqlite, &scope)) {
        let text = sql.text().to_owned();
        let steps = test.explain(NAME, sql).await.expect("a plan");
        let walks = |step: &&String| step.starts_with("SCAN") && *step != "SCAN p" && !step.contains("VIRTUAL TABLE");
        assert_eq!(steps.iter().find(walks), None, "{text}: {steps:#?}");
        let of_tenant = |step: &&String| step.starts_with("SEARCH r USING") || step.starts_with("SEARCH f ");
        for step in steps.iter().filter(of_tenant) {
            assert!(step.contains("(tenant_id=?") || step.contains("(no=? AND valid_from=?)"), "{text}: {step}");
        }
    }
}

#[tokio::test]
async fn a_plain_page_is_in_the_order_of_its_index_on_sqlite() {
    let test = TestDb::sqlite_with(&[std::sync::Arc::new(projections::desk::Desk)]).await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    for order in [ConversationOrder::NewestActivity, ConversationOrder::LongestWaiting] {
        let filter = ConversationFilter { order, ..ConversationFilter::default() };
        let steps = test.explain(NAME, page_sql(Backend::Sqlite, &scope, Moment::OPEN, &filter, WINDOW)).await.expect("a plan");
        // The page itself is put in order again, once it is looked up; the list is not.
        let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        assert!(sorts <= 1, "{order:?}: {steps:#?}");
        assert!(steps.iter().any(|step| step.starts_with("SEARCH r USING COVERING INDEX")), "{order:?}: {steps:#?}");
    }
}

/// Fills the tables as the projection does, only faster: 20,000 conversations of two tenants, each in five versions.
async fn many(test: &TestDb) {
    let mut tx = store(test).begin().await.expect("a transaction");
    for text in [
        "INSERT INTO desk_conversations SELECT n * 5, 'tenant-' || n % 2, 'talk-' || n, 'customer-' || n, 'page-' || n % 3, 'messenger', n \
         FROM generate_series(1, 20000) AS n",
        "INSERT INTO desk_versions SELECT n * 5, n * 5 + v, CASE v WHEN 4 THEN 9223372036854775807 ELSE n * 5 + v + 1 END, \
         'tenant-' || n % 2, 'page-' || n % 3, v + 1, '', 'active', 1, CASE n % 200 WHEN 0 THEN n * 5 ELSE 0 END, 0, \
         CASE n % 400 WHEN 0 THEN 'agent-1' ELSE '' END, '', '', 0, '', 0, v + 1, n * 5 + v, n, 0, '', 0, n \
         FROM generate_series(1, 20000) AS n, generate_series(0, 4) AS v",
        "INSERT INTO desk_names SELECT n * 5 - 1, 9223372036854775807, 'tenant-' || n % 2, 0, 'customer-' || n, 'Ann ' || n, 'ann ' || n, \
         '', '', '', 0, 1 FROM generate_series(1, 20000) AS n",
        "INSERT INTO desk_messages SELECT n * 5, v + 1, 'message-' || v, 0, '', '', 'Hi', n * 5 + v, n, n, 0, 9223372036854775807, 0, '' \
         FROM generate_series(1, 20000) AS n, generate_series(0, 4) AS v",
        "INSERT INTO desk_spells SELECT n * 5, k, n * 5, n * 5 + 3, n * 5 + 1, 'tenant-' || n % 2, 'page-' || n % 3, 'agent-1', 'agent-1', \
         'detector', 'helped', 0, n * 1000, n * 1000 + 500, n * 1000 + 100 FROM generate_series(1, 20000) AS n, generate_series(0, 2) AS k",
        "ANALYZE",
    ] {
        tx.execute(Sql::fixed(text, [])).await.expect(text);
    }
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn no_page_walks_a_table_on_postgres() {
    let test = TestDb::postgres_with(&[std::sync::Arc::new(projections::desk::Desk)]).await.expect("PostgreSQL");
    many(&test).await;
    let scope = Scope::tenant(tenant(0));
    let plain = |order| ConversationFilter { order, ..ConversationFilter::default() };
    let about_help = |assigned| ConversationFilter { stopped: Some(true), assigned, ..ConversationFilter::default() };
    let filters = [
        plain(ConversationOrder::NewestActivity),
        plain(ConversationOrder::LongestWaiting),
        about_help(Assigned::Nobody),
        about_help(Assigned::To("agent-1".parse().expect("an id"))),
    ];
    let pages = filters.iter().map(|filter| page_sql(Backend::Postgres, &scope, Moment::OPEN, filter, WINDOW));
    let then = filters.iter().map(|filter| page_sql(Backend::Postgres, &scope, Moment(99_000), filter, WINDOW));
    for sql in pages.chain(then).chain(others(Backend::Postgres, &scope)) {
        let text = sql.text().to_owned();
        let steps = test.explain(NAME, sql).await.expect("a plan");
        assert_eq!(steps.iter().find(|step| step.contains("Seq Scan on desk_")), None, "{text}: {steps:#?}");
    }
}
