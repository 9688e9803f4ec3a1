//! The list in SQL has the rows that the filter's predicate lets through, in its order, with their exact count.

use std::collections::BTreeMap;

use events::CustomerId;
use events::customer::LoyaltyTier;
use futures_util::TryStreamExt as _;
use projections::ReadModels;
use projections::testing::TestDb;
use projections::testing::history::{Step, history, tenant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::customers::{self, CustomerFilter, CustomerRow, OrderField, Ordering};
use query_api::{PageRequest, Scope};

/// Every customer of the made-up histories that is shown, looked up one by one.
async fn all_rows(models: &ReadModels, scope: &Scope) -> Vec<CustomerRow> {
    let mut rows = Vec::new();
    for number in 0..5 {
        let id = CustomerId::try_from(format!("customer-{number}")).expect("an id");
        rows.extend(customers::get(models, scope, &id).await.expect("an answer"));
    }
    rows
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..40)
}

fn filters() -> impl Strategy<Value = CustomerFilter> {
    let search = prop_oneof![
        4 => Just(None),
        8 => prop::sample::select(vec![
            "john", "ANN", "jo", "o", "%", "_x", "100% bob", "'", "\"jo\"", "*", "öz", "ünal", "Ü", "0812-1", "@example", "lee ann",
            "example.com c1", "zzz", "joan of arc", ".", "\\", "NEAR", "AND", "-", "a*", "example\u{E0FF}",
        ]).prop_map(|text| Some(text.to_owned())),
        1 => "[a-zA-Z0-9@%_ ]{0,4}".prop_map(Some),
    ];
    let ordering = (prop::sample::select(OrderField::ALL.to_vec()), any::<bool>())
        .prop_map(|(field, descending)| Ordering { field, descending });
    (
        search,
        prop::option::of(any::<bool>()),
        prop::option::of(prop::sample::select(LoyaltyTier::ALL.to_vec())),
        prop::option::of(prop::sample::select(vec!["Bandung", "", "São Paulo", "bandung", "a\0b"]).prop_map(str::to_owned)),
        prop::option::of(prop::sample::select(vec!["West Java", "", "SP"]).prop_map(str::to_owned)),
        ordering,
    )
        .prop_map(|(search, is_active, loyalty_level, city, province, ordering)| CustomerFilter {
            search,
            is_active,
            loyalty_level,
            city,
            province,
            ordering,
        })
}

async fn agree(models: &ReadModels, filter: &CustomerFilter) -> Result<(), TestCaseError> {
    for number in 0..2 {
        let scope = Scope::tenant(tenant(number));
        let mut wanted: Vec<CustomerRow> = all_rows(models, &scope).await.into_iter().filter(|row| filter.matches(row)).collect();
        wanted.sort_by(|a, b| filter.compare(a, b));
        let mut found = Vec::new();
        for page in 1..=3 {
            let request = PageRequest::new(page, 2).expect("a page");
            let page = customers::list(models, &scope, filter, request).await.expect("a list");
            prop_assert_eq!(page.count, wanted.len() as u64, "count of {:?}", filter);
            found.extend(page.rows);
        }
        prop_assert_eq!(&found, &wanted, "rows of {:?}", filter);
        let exported: Vec<CustomerRow> =
            customers::export(models.clone(), scope, filter.clone()).try_collect().await.expect("an export");
        let by_id = |rows: Vec<CustomerRow>| rows.into_iter().map(|row| (row.id.clone(), row)).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(exported.len(), wanted.len());
        prop_assert_eq!(by_id(exported), by_id(wanted), "export of {:?}", filter);
    }
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let input = (steps(), proptest::collection::vec(filters(), 12));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, filters)| {
        runtime.block_on(async {
            let test = match postgres {
                true => TestDb::postgres().await.expect("PostgreSQL"),
                false => TestDb::sqlite().await.expect("SQLite"),
            };
            test.apply(&history(&steps)).await.expect("the history is applied");
            for filter in &filters {
                agree(test.models(), filter).await?;
            }
            test.models().close().await;
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn lists_are_what_their_filters_say_on_sqlite() {
    check(48, false);
}

#[test]
fn lists_are_what_their_filters_say_on_postgres() {
    check(12, true);
}
