//! Every way to a page gives the same page, and none of them walks the table or another tenant's rows.

use std::sync::Arc;

use projections::Projection;
use projections::contact_list::{ContactList, NAME, TagNames, names};
use projections::db::{Backend, Tx};
use projections::testing::TestDb;
use projections::testing::contacts::contacts;
use projections::testing::history::{Step, tenant};
use serde_json::{Value, json};

use super::filter::ContactFilter;
use super::list::{page, page_sql};
use super::parse::ContactQuestion;
use super::plan::{Asked, Way};
use crate::{PageRequest, Scope};

async fn filled(postgres: bool) -> TestDb {
    let only: [Arc<dyn Projection>; 1] = [Arc::new(ContactList)];
    let test = if postgres { TestDb::postgres_with(&only).await } else { TestDb::sqlite_with(&only).await }.expect("a database");
    let step = |n: u16| Step { tenant: (n % 2) as u8, customer: (n % 5) as u8, what: (n % 14) as u8, number: n.wrapping_mul(31) };
    test.apply(&contacts(&(0..400).map(step).collect::<Vec<_>>())).await.expect("applied");
    test
}

/// Filters of every sort in every order, with the ways that can answer them.
fn cases() -> Vec<(ContactFilter, Vec<Way>)> {
    let mut cases = Vec::new();
    for bits in 0..16_u8 {
        let on = |bit: u8, value: Value| if bits & (1 << bit) == 0 { Value::Null } else { value };
        for order in ["created_at", "-created_at", "updated_at", "-updated_at", "first_name", "-first_name"] {
            let filters = json!({
                "has_email": on(0, json!("true")),
                "tags": on(1, json!(["VIP", "Premium", "vip2", "New Customer"])),
                "search": on(2, json!("n")),
                "last_activity_from": on(3, json!("2025-06-15")),
                "order_by": order,
            });
            let filter = ContactQuestion::parse(filters.as_object().expect("an object")).expect("a filter").filter;
            let may = [(true, Way::Ordered), (true, Way::Created), (true, Way::Updated)];
            let may = may.into_iter().chain([(bits & 2 != 0, Way::Tagged), (bits & 4 != 0, Way::Search)]);
            cases.push((filter, may.filter_map(|(may, way)| may.then_some(way)).collect()));
        }
    }
    cases
}

async fn named(test: &TestDb, scope: &Scope) -> (Tx, TagNames) {
    let mut tx = test.models().of(NAME).expect("the store").snapshot().await.expect("a transaction");
    let names = names::tag_names(&mut tx, scope.id()).await.expect("names");
    (tx, names)
}

#[tokio::test]
async fn every_way_gives_the_same_page() {
    let (scope, request) = (Scope::tenant(tenant(0)), PageRequest::new(1, 100).expect("a page"));
    for test in [filled(false).await, filled(true).await] {
        let (mut tx, names) = named(&test, &scope).await;
        let (backend, mut found) = (tx.backend(), 0);
        for (filter, ways) in cases() {
            let asked = Asked { backend, scope: &scope, filter: &filter, names: &names };
            let mut pages = Vec::new();
            for way in ways {
                pages.push(page(&mut tx, asked, way, request).await.expect("a page"));
            }
            found += pages[0].len();
            assert!(pages.iter().all(|page| *page == pages[0]), "{filter:?}");
        }
        assert!(found > 50, "{found}");
    }
}

#[tokio::test]
async fn no_page_walks_the_table_or_another_tenant() {
    let (scope, request) = (Scope::tenant(tenant(0)), PageRequest::new(1, 10).expect("a page"));
    let test = filled(false).await;
    let (tx, names) = named(&test, &scope).await;
    assert_eq!(tx.backend(), Backend::Sqlite);
    drop(tx);
    for (filter, ways) in cases() {
        for way in ways {
            let asked = Asked { backend: Backend::Sqlite, scope: &scope, filter: &filter, names: &names };
            let steps = test.explain(NAME, page_sql(asked, way, request)).await.expect("a plan");
            let walks = |step: &&String| step.starts_with("SCAN c") && !step.contains("VIRTUAL TABLE");
            assert_eq!(steps.iter().find(walks), None, "{filter:?} {way:?}: {steps:#?}");
            for step in steps.iter().filter(|step| step.starts_with("SEARCH c ") || step.starts_with("SEARCH t ")) {
                assert!(step.contains("(tenant_id=?") || step.contains("(rowid=?)"), "{filter:?} {way:?}: {step}");
            }
            if way == Way::Ordered && filter.search.is_none() {
                assert!(steps.iter().any(|step| step.starts_with("SEARCH c USING COVERING INDEX")), "{filter:?}: {steps:#?}");
                // The page itself is put in order again, once it is looked up; the list is not.
                let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE FOR ORDER BY")).count();
                assert!(sorts <= 1, "{filter:?}: {steps:#?}");
            }
        }
    }
}
