//! The live list in SQL has the rows that the filter's predicate lets through, in its order, with their exact count.

use std::sync::Arc;

use events::subject::Partition;
use projections::contact_list::{ContactList, NAME, unpacked};
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::contacts::contacts as history;
use projections::testing::history::{Step, tenant};
use projections::{Projection, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::contacts::{self, ContactQuestion, ContactRow};
use query_api::{PageRequest, Scope};
use serde_json::{Map, Value, json};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..60)
}

/// A member of a filter, or none.
fn member(name: &'static str, values: Vec<Value>) -> impl Strategy<Value = Option<(String, Value)>> {
    prop::option::weighted(0.3, prop::sample::select(values).prop_map(move |value| (name.to_owned(), value)))
}

/// Filters as a client sends them, so that reading them is tried as well.
fn filters() -> impl Strategy<Value = Map<String, Value>> {
    let flag = || vec![json!("true"), json!("false"), json!(true), json!("all")];
    let days = || ["2025-06-15", "2025-06-16", "2025-06-20", "2025-07-01T00:00:00Z", "2030-01-01"].map(Value::from).to_vec();
    let search =
        ["john", "ANN", "jo", "o", "%", "_x", "100% bob", "'", "\"jo\"", "öz", "user1", "0812-1", "@example", "zzz", "lee ann"];
    let tags = [json!(["VIP"]), json!(["vip", "Premium"]), json!("new customer"), json!(["nobody"])];
    let members: Vec<BoxedStrategy<Option<(String, Value)>>> = vec![
        member("search", search.map(Value::from).to_vec()).boxed(),
        member("has_email", flag()).boxed(),
        member("has_phone", flag()).boxed(),
        member("has_unread", flag()).boxed(),
        member("tags", tags.to_vec()).boxed(),
        member("tag_ids", vec![json!(["tag-0"]), json!(["tag-0", "tag-1"]), json!([7]), json!("tag-2")]).boxed(),
        member("source", ["telegram", "instagram", "messenger", "unknown", "all"].map(Value::from).to_vec()).boxed(),
        member("conversation_status", ["active", "support_active", "marketing_active", "closed"].map(Value::from).to_vec())
            .boxed(),
        member("date_from", days()).boxed(),
        member("date_to", days()).boxed(),
        member("last_activity_from", days()).boxed(),
        member("last_activity_to", days()).boxed(),
        member("order_by", ["created_at", "-created_at", "updated_at", "first_name", "-first_name"].map(Value::from).to_vec())
            .boxed(),
    ];
    members.prop_map(|members| members.into_iter().flatten().collect())
}

async fn all_rows(models: &ReadModels, scope: &Scope) -> Vec<ContactRow> {
    let select = Sql::fixed("SELECT body FROM contacts WHERE tenant_id = $1", [scope.id().as_str().into()]);
    let stored: Vec<(Vec<u8>,)> = models.of(NAME).expect("the store").fetch_all(select).await.expect("rows");
    stored.iter().map(|(body,)| unpacked(body).expect("a row")).collect()
}

async fn agree(models: &ReadModels, filters: &Map<String, Value>) -> Result<(), TestCaseError> {
    let filter = ContactQuestion::parse(filters).expect("a filter").filter;
    for number in 0..2 {
        let scope = Scope::tenant(tenant(number));
        let (_, names) = contacts::tag_names(models, &scope, Partition(0)).await.expect("names");
        let rows = all_rows(models, &scope).await;
        let mut wanted: Vec<ContactRow> = rows.into_iter().filter(|row| filter.matches(row, &names)).collect();
        wanted.sort_by(|a, b| filter.cmp(a, b));
        let mut found = Vec::new();
        for page in 1..=3 {
            let request = PageRequest::new(page, 2).expect("a page");
            let listed = contacts::list(models, &scope, Partition(0), &filter, request).await.expect("a list");
            prop_assert_eq!(listed.count, wanted.len() as u64, "count of {:?}", filters);
            found.extend(listed.rows);
        }
        prop_assert_eq!(&found, &wanted, "rows of {:?}", filters);
    }
    Ok(())
}

/// What can be filtered by is what is there.
async fn options_agree(models: &ReadModels) -> Result<(), TestCaseError> {
    for number in 0..2 {
        let scope = Scope::tenant(tenant(number));
        let (_, names) = contacts::tag_names(models, &scope, Partition(0)).await.expect("names");
        let rows: Vec<ContactRow> = all_rows(models, &scope).await.into_iter().filter(|row| row.is_live).collect();
        let count = |is: &dyn Fn(&ContactRow) -> bool| rows.iter().filter(|row| is(row)).count() as u64;
        let options = contacts::options(models, &scope).await.expect("options");
        prop_assert_eq!(options.email, [count(&|row| !row.email.is_empty()), count(&|row| row.email.is_empty())]);
        prop_assert_eq!(options.unread, [count(&|row| row.has_unread()), count(&|row| !row.has_unread())]);
        for source in events::Source::ALL {
            let told = options.sources.iter().find(|told| told.value == *source).map_or(0, |told| told.count);
            prop_assert_eq!(told, count(&|row| row.contact.source == *source));
        }
        for status in events::conversation::Status::ALL {
            let told = options.statuses.iter().find(|told| told.value == *status).map_or(0, |told| told.count);
            prop_assert_eq!(told, count(&|row| row.conversations.iter().any(|talk| talk.status == *status)));
        }
        for (tag, name) in names.all() {
            let told = options.tags.iter().find(|told| told.value.0 == *tag);
            prop_assert!(told.is_none_or(|told| told.value.1 == name));
            prop_assert_eq!(told.map_or(0, |told| told.count), count(&|row| row.tags.contains(tag)));
        }
    }
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let input = (steps(), proptest::collection::vec(filters(), 16));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let only: [Arc<dyn Projection>; 1] = [Arc::new(ContactList)];
    let outcome = runner.run(&input, |(steps, filters)| {
        runtime.block_on(async {
            let test = match postgres {
                true => TestDb::postgres_with(&only).await.expect("PostgreSQL"),
                false => TestDb::sqlite_with(&only).await.expect("SQLite"),
            };
            test.apply(&history(&steps)).await.expect("the history is applied");
            for filters in &filters {
                agree(test.models(), filters).await?;
            }
            options_agree(test.models()).await?;
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
    check(64, false);
}

#[test]
fn lists_are_what_their_filters_say_on_postgres() {
    check(12, true);
}
