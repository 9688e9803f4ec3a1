//! What is asked of contacts and tags as of a position is what the live list said when it had come that far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use events::customer::CustomerEvent;
use events::subject::Partition;
use events::{Contact, CustomerId, Event, Position, Recorded, TagId};
use projections::contact_list::{ContactList, NAME, unpacked};
use projections::customer_history::CustomerHistory;
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::contacts::{CUSTOMERS, contacts as history, customer_id, erased};
use projections::testing::history::{PARTITION, Step, tenant};
use projections::{Projection, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::contacts::{self, ContactRow, TagNames};
use query_api::customers::as_of::{self, AsOf, CustomerVersion, NamedTag, Past};
use query_api::{PageRequest, Scope};

/// Steps of which every second one is about a contact or tags.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![any::<u8>(), prop::sample::select(vec![1_u8, 2, 3, 4, 13])];
    let step = (0..2_u8, 0..CUSTOMERS, what, any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..80)
}

async fn fresh(postgres: bool, projection: Arc<dyn Projection>) -> TestDb {
    match postgres {
        true => TestDb::postgres_with(&[projection]).await.expect("PostgreSQL"),
        false => TestDb::sqlite_with(&[projection]).await.expect("SQLite"),
    }
}

/// What the live list says of a tenant: every customer, and what tags are called.
async fn told(scratch: &ReadModels, scope: &Scope) -> (BTreeMap<CustomerId, ContactRow>, TagNames) {
    let select = Sql::fixed("SELECT body FROM contacts WHERE tenant_id = $1", [scope.id().as_str().into()]);
    let stored: Vec<(Vec<u8>,)> = scratch.of(NAME).expect("the store").fetch_all(select).await.expect("rows");
    let rows = stored.iter().map(|(body,)| unpacked(body).expect("a row")).map(|row| (row.id.clone(), row)).collect();
    let (_, names) = contacts::tag_names(scratch, scope, Partition(0)).await.expect("names");
    (rows, names)
}

fn named(tags: &[TagId], names: &TagNames) -> Vec<NamedTag> {
    let named = |id: &TagId| Some(NamedTag { id: id.clone(), name: names.name(id)?.to_owned() });
    tags.iter().filter_map(named).collect()
}

/// Every version of a customer, oldest first.
async fn versions(live: &ReadModels, scope: &Scope, id: &CustomerId) -> Past<Vec<CustomerVersion>> {
    let request = PageRequest::new(1, 100).expect("a page");
    match as_of::versions(live, scope, id, request).await.expect("versions") {
        Past::Known(page) => Past::Known(page.rows.into_iter().rev().collect()),
        Past::Nothing => Past::Nothing,
        Past::Forgotten => Past::Forgotten,
    }
}

/// As of one position, with a scratch that has come that far.
async fn agree(live: &ReadModels, scratch: &ReadModels, at: Position, gone: &BTreeSet<String>) -> Result<(), TestCaseError> {
    let moment = AsOf::new(PARTITION, at);
    for number in 0..2 {
        let scope = Scope::tenant(tenant(number));
        let (rows, names) = told(scratch, &scope).await;
        let tags = as_of::tenant_tags(live, &scope, moment).await.expect("tags");
        let tags: BTreeMap<&TagId, &str> = tags.iter().map(|then| (&then.tag.id, then.tag.name.as_str())).collect();
        prop_assert_eq!(tags, names.all().collect(), "the tags of tenant {} as of {}", number, at);
        for id in (0..CUSTOMERS).map(|customer| customer_id((number, customer))) {
            let row = rows.get(&id);
            let is_gone = gone.contains(&format!("{}/{id}", scope.id()));
            let wanted = match row.filter(|row| row.is_live) {
                _ if is_gone => Past::Forgotten,
                Some(row) => Past::Known(named(&row.tags, &names)),
                None => Past::Nothing,
            };
            let then = as_of::tags(live, &scope, moment, &id).await.expect("tags");
            prop_assert_eq!(&then, &wanted, "the tags of {} as of {}", id, at);
            let wanted = match (wanted, row) {
                (Past::Known(_), Some(row)) => Past::Known(row.contact.clone()),
                (Past::Forgotten, _) => Past::Forgotten,
                (Past::Known(_) | Past::Nothing, _) => Past::Nothing,
            };
            let then = as_of::contact(live, &scope, moment, &id).await.expect("a contact");
            prop_assert_eq!(then, wanted, "the contact of {} as of {}", id, at);
            let all = match versions(live, &scope, &id).await {
                Past::Known(all) => all,
                Past::Nothing => Vec::new(),
                Past::Forgotten => {
                    prop_assert!(is_gone, "{} is there", id);
                    continue;
                }
            };
            let last = all.iter().rfind(|version| version.row.position <= at);
            let contact: Option<&Contact> = row.map(|row| &row.contact);
            prop_assert_eq!(last.map(|version| &version.contact), contact, "the version of {} as of {}", id, at);
        }
    }
    Ok(())
}

/// What a version shows is what is said as of its position.
async fn versions_agree(live: &ReadModels) -> Result<(), TestCaseError> {
    for (number, customer) in (0..2).flat_map(|number| (0..CUSTOMERS).map(move |customer| (number, customer))) {
        let (scope, id) = (Scope::tenant(tenant(number)), customer_id((number, customer)));
        let Past::Known(all) = versions(live, &scope, &id).await else { continue };
        for version in all.iter().filter(|version| version.row.is_live()) {
            let then = as_of::tags(live, &scope, AsOf::new(PARTITION, version.row.position), &id).await.expect("tags");
            prop_assert_eq!(then, Past::Known(version.tags.clone()), "{} in version {}", id, version.row.version);
        }
        if let [first, .., last] = all.as_slice() {
            let pair = as_of::versions_numbered(live, &scope, &id, [first.row.version, last.row.version]).await;
            prop_assert_eq!(pair.expect("two versions"), Past::Known(vec![first.clone(), last.clone()]));
        }
    }
    Ok(())
}

/// Who is forgotten at the end of a history.
fn forgotten(history: &[Recorded]) -> BTreeSet<String> {
    let gone = history.iter().filter(|recorded| matches!(recorded.event, Event::Customer(CustomerEvent::Forgotten(_))));
    gone.map(|recorded| format!("{}/{}", recorded.envelope.stream.tenant, recorded.envelope.stream.id())).collect()
}

/// Asks as of positions in rising order. What is forgotten at the end is so at all times: the scratch is filled from the erased
/// log.
async fn check_one(postgres: bool, steps: &[Step], positions: &[prop::sample::Index]) -> Result<(), TestCaseError> {
    let history = history(steps);
    let end = history.last().map_or(0, |recorded| recorded.position.0);
    let anywhere = positions.iter().map(|index| index.index(usize::try_from(end).unwrap_or(0) + 1) as u64);
    let positions: BTreeSet<u64> = anywhere.chain([0, end]).collect();
    let live = fresh(postgres, Arc::new(CustomerHistory::in_short_chapters())).await;
    for batch in history.chunk_by(|a, b| a.position.0 / 16 == b.position.0 / 16) {
        live.apply(batch).await.expect("the history is applied");
    }
    let scratch = fresh(postgres, Arc::new(ContactList)).await;
    let (erased, gone) = (erased(&history), forgotten(&history));
    let mut rest = erased.as_slice();
    for position in positions {
        let (until, behind) = rest.split_at(rest.partition_point(|recorded| recorded.position.0 <= position));
        scratch.apply(until).await.expect("the history is applied");
        rest = behind;
        agree(live.models(), scratch.models(), Position(position), &gone).await?;
    }
    versions_agree(live.models()).await?;
    live.models().close().await;
    scratch.models().close().await;
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let input = (steps(), proptest::collection::vec(any::<prop::sample::Index>(), 4));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, positions)| runtime.block_on(check_one(postgres, &steps, &positions)));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn contacts_and_tags_are_what_the_live_list_said_then_on_sqlite() {
    check(48, false);
}

#[test]
fn contacts_and_tags_are_what_the_live_list_said_then_on_postgres() {
    check(12, true);
}
