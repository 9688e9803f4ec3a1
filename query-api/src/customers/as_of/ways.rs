//! Every way to a page of the past gives the same page, and none of them walks a table or another tenant's rows.

mod postgres;

use events::Position;
use projections::Db;
use projections::customer::StoredCustomer;
use projections::customer_history::{Moment, NAME};
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::history::{PARTITION, tenant};

use super::super::plan::{Values, Way};
use super::super::ways::{cases, filled};
use super::super::{CustomerFilter, OrderField};
use super::list::page_text;
use super::plan::source_to_count;
use crate::{PageRequest, Scope};

fn store(test: &TestDb) -> Db {
    test.models().of(NAME).expect("the store")
}

fn moment(position: u64) -> Moment {
    Moment::of(PARTITION, Position(position))
}

fn page(test: &TestDb, scope: &Scope, position: u64, filter: &CustomerFilter, way: Way) -> Sql {
    let mut values = Values::default();
    let request = PageRequest::new(1, 100).expect("a page");
    let text = page_text(&store(test), scope, moment(position), (filter, request, way), "", &mut values);
    Sql::composed(text, values.0)
}

#[tokio::test]
async fn every_way_gives_the_same_page() {
    for test in [TestDb::sqlite().await.expect("SQLite"), TestDb::postgres().await.expect("PostgreSQL")] {
        filled(&test).await;
        let scope = Scope::tenant(tenant(1));
        let mut longest = 0;
        for (filter, ways) in cases() {
            for position in [0, 40, 70, u64::MAX] {
                let mut pages: Vec<Vec<String>> = Vec::new();
                for way in &ways {
                    let sql = page(&test, &scope, position, &filter, *way);
                    let rows: Vec<StoredCustomer> = store(&test).fetch_all(sql).await.expect("a page");
                    pages.push(rows.iter().map(|row| format!("{row:?}")).collect());
                }
                longest = longest.max(pages[0].len());
                assert!(pages.iter().all(|page| *page == pages[0]), "{filter:?} as of {position}: {ways:?}");
                assert!(position > 0 || pages[0].is_empty(), "before the beginning");
            }
        }
        assert!(longest > 1);
    }
}

#[tokio::test]
async fn no_page_walks_a_table_or_another_tenant() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    for (filter, ways) in cases() {
        for way in ways {
            let steps = test.explain(NAME, page(&test, &scope, 50, &filter, way)).await.expect("a plan");
            for step in steps.iter().filter(|step| !step.contains("VIRTUAL TABLE")) {
                let mut words = step.split_whitespace();
                let (what, of) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                if !["SCAN", "SEARCH"].contains(&what) || !["s", "c", "p", "w"].contains(&of) {
                    continue;
                }
                let by_key =
                    ["(list=? AND chapter=?", "(rowid=?)", "(no=?", "(at=?", "(text_at=?"].iter().any(|by| step.contains(by));
                assert!(what == "SEARCH" && by_key, "{filter:?} {way:?}: {step} in {steps:?}");
            }
            let walks_in_order = way == Way::Ordered && filter.search.is_none();
            if walks_in_order {
                // The page itself is put in order again, once it is looked up; the list is not.
                let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE")).count();
                assert!(sorts <= 1, "{filter:?}: {steps:?}");
                let bounded = filter.ordering.field == OrderField::Name
                    || steps
                        .iter()
                        .any(|step| step.contains("text=? AND number<?") || step.contains("text=? AND number>? AND number<?"));
                assert!(bounded, "{filter:?}: {steps:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_contains_a_word_is_counted_by_narrow_rows_alone() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    for (filter, _) in cases().into_iter().filter(|(filter, _)| filter.search.is_some()) {
        let mut values = Values::default();
        let from = source_to_count(store(&test).backend(), &scope, moment(50), &filter, Way::Search, &mut values);
        let count = Sql::composed(format!("SELECT COUNT(*) {from}"), values.0);
        let steps = test.explain(NAME, count).await.expect("a plan");
        let read: Vec<&String> = steps.iter().filter(|step| step.starts_with("SEARCH")).collect();
        let (kind, places) = read.split_last().expect("a step");
        assert_eq!(*kind, "SEARCH w USING PRIMARY KEY (text_at=? AND at<?)", "{filter:?}: {steps:?}");
        let narrow = |place: &&String| place.starts_with("SEARCH p USING COVERING INDEX customer_profiles_by_moment (at=?");
        let asks_place = filter.city.is_some() || filter.province.is_some();
        assert_eq!(places.len(), usize::from(asks_place), "{filter:?}: {steps:?}");
        assert!(places.iter().all(narrow), "{filter:?}: {steps:?}");
    }
}

#[tokio::test]
async fn a_list_is_walked_for_a_word_without_a_look_at_versions() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let scope = Scope::tenant(tenant(0));
    for (filter, _) in cases().into_iter().filter(|(filter, _)| filter.search.is_some()) {
        let steps = test.explain(NAME, page(&test, &scope, 50, &filter, Way::Ordered)).await.expect("a plan");
        let page = steps.iter().position(|step| step.starts_with("SCAN q")).expect("the page is found first");
        let later = "SEARCH w USING COVERING INDEX customer_profiles_later (no=? AND at<?)";
        assert!(steps[..page].iter().any(|step| step == later), "{filter:?}: {steps:?}");
        assert!(!steps[..page].iter().any(|step| step.starts_with("SEARCH c")), "{filter:?}: {steps:?}");
    }
}
