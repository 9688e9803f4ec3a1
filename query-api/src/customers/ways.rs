//! Every way to a page gives the same page, and none of them walks the table or another tenant's rows.

mod postgres;

use events::customer::LoyaltyTier;
use projections::Db;
use projections::customer_list::NAME;
use projections::db::{Backend, Sql};
use projections::testing::TestDb;
use projections::testing::history::{Step, history, tenant};

use super::count::count;
use super::list::page_text;
use super::plan::{Counts, Values, Way};
use super::{CustomerFilter, OrderField, Ordering};
use crate::{PageRequest, Scope};

pub(super) async fn filled(test: &TestDb) {
    let step = |n: u16| Step { tenant: (n % 2) as u8, customer: (n % 7) as u8, what: (n % 3) as u8, number: n.wrapping_mul(31) };
    let history = history(&(0..60).map(step).collect::<Vec<_>>());
    test.apply(&history).await.expect("applied");
}

/// Every filter of the spec, alone and with others, with the ways that can answer it.
pub(super) fn cases() -> Vec<(CustomerFilter, Vec<Way>)> {
    let mut cases = Vec::new();
    for bits in 0..32_u8 {
        let on = |bit: u8| bits & (1 << bit) != 0;
        let filter = CustomerFilter {
            is_active: on(0).then_some(true),
            loyalty_level: on(1).then_some(LoyaltyTier::Gold),
            city: on(2).then(|| "Bandung".to_owned()),
            province: on(3).then(|| "SP".to_owned()),
            search: on(4).then(|| "jo n@".to_owned()),
            ordering: Ordering::default(),
        };
        let may = [(true, Way::Ordered), (on(1), Way::Tier), (on(2), Way::City), (on(3), Way::Province), (on(4), Way::Search)];
        let ways: Vec<Way> = may.into_iter().filter_map(|(may, way)| may.then_some(way)).collect();
        for field in OrderField::ALL {
            for descending in [false, true] {
                cases.push((CustomerFilter { ordering: Ordering { field, descending }, ..filter.clone() }, ways.clone()));
            }
        }
    }
    cases
}

fn store(test: &TestDb) -> Db {
    test.models().of(NAME).expect("the store")
}

fn page(test: &TestDb, scope: &Scope, filter: &CustomerFilter, way: Way) -> Sql {
    let mut values = Values::default();
    let request = PageRequest::new(1, 100).expect("a page");
    let text = page_text(&store(test), scope, filter, request, way, "", &mut values);
    Sql::composed(text, values.0)
}

#[tokio::test]
async fn every_way_gives_the_same_page() {
    for test in [TestDb::sqlite().await.expect("SQLite"), TestDb::postgres().await.expect("PostgreSQL")] {
        filled(&test).await;
        let scope = Scope::tenant(tenant(1));
        for (filter, ways) in cases() {
            let mut pages = Vec::new();
            for way in ways {
                let rows: Vec<projections::customer::StoredCustomer> =
                    store(&test).fetch_all(page(&test, &scope, &filter, way)).await.expect("a page");
                pages.push(format!("{rows:?}"));
            }
            assert!(pages.iter().all(|page| *page == pages[0]), "{filter:?}");
        }
    }
}

#[tokio::test]
async fn no_page_walks_the_table_or_another_tenant() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    assert_eq!(store(&test).backend(), Backend::Sqlite);
    for (filter, ways) in cases() {
        for way in ways {
            let steps = test.explain(NAME, page(&test, &scope, &filter, way)).await.expect("a plan");
            let walks = |step: &String| step.starts_with("SCAN c") && !step.contains("VIRTUAL TABLE");
            assert!(!steps.iter().any(walks), "{filter:?} {way:?}: {steps:?}");
            let by_index = |step: &&String| step.starts_with("SEARCH c");
            for step in steps.iter().filter(by_index) {
                assert!(step.contains("(tenant_id=?") || step.contains("(rowid=?)"), "{filter:?} {way:?}: {step}");
            }
            let narrow = |step: &&String| step.contains(" k ");
            for step in steps.iter().filter(narrow) {
                assert!(step.starts_with("SEARCH k USING COVERING INDEX customers_by_no (no=?"), "{filter:?} {way:?}: {step}");
            }
            let ordered = way == Way::Ordered && filter.search.is_none();
            if ordered {
                // The page itself is put in order again, once it is looked up; the list is not.
                let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE")).count();
                assert!(sorts <= 1, "{filter:?}: {steps:?}");
                assert!(steps.iter().any(|step| step.starts_with("SEARCH c USING COVERING INDEX")), "{filter:?}: {steps:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_facets_count_what_is_there() {
    let test = TestDb::sqlite().await.expect("SQLite");
    filled(&test).await;
    let scope = Scope::tenant(tenant(0));
    for (filter, _) in cases() {
        let counts: Counts = count(&store(&test), &scope, &filter).await.expect("counts");
        assert!(counts.matching <= counts.filtered && counts.filtered <= counts.total, "{filter:?}: {counts:?}");
        assert!(counts.total > 0 && counts.total <= 5);
    }
}
