//! Lists, statistics and exports of providers' customers equal a recount from the events, now and as of every moment, on both
//! databases.

mod recount;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use events::{Position, Recorded};
use futures_util::TryStreamExt as _;
use projections::bookings::Bookings;
use projections::rebuild::dump;
use projections::testing::TestDb;
use projections::testing::history::{PARTITION, stretched, tenant};
use projections::testing::providers::{Step, erased, history, provider};
use projections::{Projection, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::customers::as_of::AsOf;
use query_api::providers::{
    self, CustomerStatus, ProviderStats, RelationField, RelationFilter, RelationOrdering, RelationRow, Whose,
};
use query_api::{PageRequest, Scope};
use recount::{Relation, Relations};

type Check = Result<(), TestCaseError>;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<[u8; 5]>(), any::<u16>()).prop_map(|([tenant, provider, customer, booking, what], number)| Step {
        tenant,
        provider,
        customer,
        booking,
        what,
        number,
    });
    proptest::collection::vec(step, 0..160)
}

fn filters() -> impl Strategy<Value = RelationFilter> {
    let search = prop::sample::select(vec!["", "ann", "é", "ann lee", "55", "C3@example", "%", "öz", "nobody here"]);
    let status = prop::option::of(prop::sample::select(CustomerStatus::ALL.to_vec()));
    let whose = prop::sample::select(vec![Whose::Provider(provider(0)), Whose::Provider(provider(1)), Whose::Tenant]);
    let field = prop::sample::select(RelationField::ALL.to_vec());
    (whose, status, search, field, any::<bool>()).prop_map(|(whose, status, search, field, descending)| RelationFilter {
        whose,
        status,
        search: search.to_owned(),
        ordering: RelationOrdering { field, descending },
    })
}

/// The relations that a filter should let through.
fn matching(filter: &RelationFilter, relations: &Relations) -> Relations {
    let is_whose = |by: &String| match &filter.whose {
        Whose::Provider(id) => id.as_str() == by,
        Whose::Tenant => true,
    };
    let has_words = |relation: &Relation| {
        let text = [&relation.name, &relation.email, &relation.phone].map(|text| text.to_lowercase());
        filter.search.to_lowercase().split_whitespace().all(|word| text.iter().any(|text| text.contains(word)))
    };
    let fits = |relation: &Relation| filter.status.is_none_or(|status| relation.status() == status) && has_words(relation);
    relations.iter().filter(|((by, _), relation)| is_whose(by) && fits(relation)).map(|(k, r)| (k.clone(), r.clone())).collect()
}

/// What stands in a row, without what is compared apart.
fn plain(relation: &Relation) -> Relation {
    Relation { ratings: Vec::new(), booked: Vec::new(), ..relation.clone() }
}

fn row_agrees(row: &RelationRow, expected: &Relations) -> Check {
    let relation = expected.get(&(row.provider.to_string(), row.customer.to_string()));
    prop_assert_eq!(Some(Relation::of(row)), relation.map(plain));
    let relation = relation.expect("just compared");
    prop_assert_eq!(row.status(), relation.status());
    prop_assert_eq!(row.average_rating(), relation.average());
    prop_assert_eq!(row.first_booking_at, relation.booked.iter().min().copied());
    prop_assert_eq!(row.last_booking_at, relation.booked.iter().max().copied());
    Ok(())
}

/// What a list is ordered by.
fn rank(field: RelationField, row: &RelationRow) -> (String, Option<i64>, i64) {
    let micros = |time: Option<DateTime<Utc>>| time.map(|time| time.timestamp_micros());
    match field {
        RelationField::Name => (row.person.name_key(), None, row.no),
        RelationField::TotalBookings => (String::new(), Some(row.bookings), row.no),
        RelationField::TotalSpent => (String::new(), Some(row.spent.minor()), row.no),
        RelationField::AverageRating => (String::new(), row.average_rating(), row.no),
        RelationField::FirstBooking => (String::new(), micros(row.first_booking_at), row.no),
        RelationField::LastBooking => (String::new(), micros(row.last_booking_at), row.no),
    }
}

async fn lists_agree(models: &ReadModels, scope: &Scope, filter: &RelationFilter, as_of: Option<AsOf>, all: &Relations) -> Check {
    let expected = matching(filter, all);
    let mut rows = Vec::new();
    for page in 1..=6 {
        let request = PageRequest::new(page, 2).expect("a page");
        let part = providers::customers(models, scope, filter, as_of, request).await.expect("a list");
        prop_assert_eq!(part.count, expected.len() as u64, "{:?} as of {:?}", filter, as_of);
        rows.extend(part.rows);
    }
    prop_assert_eq!(rows.len(), expected.len(), "{:?} as of {:?}", filter, as_of);
    for row in &rows {
        row_agrees(row, &expected)?;
    }
    let ranks: Vec<_> = rows.iter().map(|row| rank(filter.ordering.field, row)).collect();
    let in_order = |a: &_, b: &_| if filter.ordering.descending { a > b } else { a < b };
    prop_assert!(ranks.is_sorted_by(in_order), "{ranks:?}");
    let everybody = RelationFilter::all(Whose::Tenant);
    let everybody: Vec<RelationRow> =
        providers::export(models.clone(), scope.clone(), everybody, as_of).try_collect().await.expect("an export");
    for row in everybody {
        prop_assert_eq!(filter.matches(&row), rows.contains(&row), "{:?} of {:?}", filter, row);
    }
    let exported: Vec<RelationRow> =
        providers::export(models.clone(), scope.clone(), filter.clone(), as_of).try_collect().await.expect("an export");
    prop_assert_eq!(exported, rows);
    Ok(())
}

fn expected_stats(whose: &Whose, all: &Relations, month_of: DateTime<Utc>) -> ProviderStats {
    let of = matching(&RelationFilter::all(whose.clone()), all);
    let count = |fits: &dyn Fn(&Relation) -> bool| of.values().filter(|relation| fits(relation)).count() as u64;
    let began = |relation: &Relation| {
        let month = |time: &DateTime<Utc>| (time.year(), time.month());
        relation.booked.iter().min().map(month) == Some(month(&month_of))
    };
    ProviderStats {
        total: of.len() as u64,
        bookings: of.values().map(|relation| relation.bookings.unsigned_abs()).sum(),
        returning: count(&|relation| relation.bookings > 1),
        regular: count(&|relation| relation.bookings >= 5),
        rated: count(&|relation| !relation.ratings.is_empty()),
        rating_sum: of.values().filter_map(Relation::average).sum::<i64>().unsigned_abs(),
        by_status: CustomerStatus::ALL.map(|status| count(&|relation| relation.status() == status)),
        new_in_month: count(&began),
    }
}

async fn stats_agree(models: &ReadModels, scope: &Scope, as_of: Option<AsOf>, all: &Relations, now: DateTime<Utc>) -> Check {
    for whose in [Whose::Provider(provider(0)), Whose::Provider(provider(1)), Whose::Tenant] {
        for month_of in [now, now - chrono::TimeDelta::days(31)] {
            let stats = providers::stats(models, scope, &whose, as_of, month_of).await.expect("statistics");
            prop_assert_eq!(stats, expected_stats(&whose, all, month_of), "{:?} as of {:?}", whose, as_of);
        }
    }
    Ok(())
}

async fn fresh(postgres: bool) -> TestDb {
    let projections: [Arc<dyn Projection>; 1] = [Arc::new(Bookings)];
    match postgres {
        true => TestDb::postgres_with(&projections).await.expect("PostgreSQL"),
        false => TestDb::sqlite_with(&projections).await.expect("SQLite"),
    }
}

/// What is forgotten at the end is forgotten at all times: the recount is of the erased log.
async fn agree(postgres: bool, history: &[Recorded], positions: &BTreeSet<u64>, filters: &[RelationFilter]) -> Check {
    let live = fresh(postgres).await;
    for batch in history.chunk_by(|a, b| a.position.0 / 16 == b.position.0 / 16) {
        live.apply(batch).await.expect("the history is applied");
    }
    let (erased, models) = (erased(history), live.models());
    let now = history.last().map_or_else(Utc::now, |recorded| recorded.envelope.recorded_at);
    for scope in [0, 1].map(|number| Scope::tenant(tenant(number))) {
        let moments = positions.iter().map(|position| Some(Position(*position))).chain([None]);
        for position in moments {
            let until = position.map_or(erased.len(), |position| erased.partition_point(|known| known.position <= position));
            let all = recount::relations(&erased[..until], scope.id());
            let as_of = position.map(|position| AsOf::new(PARTITION, position));
            stats_agree(models, &scope, as_of, &all, now).await?;
            for filter in filters {
                lists_agree(models, &scope, filter, as_of, &all).await?;
            }
        }
    }
    rebuilt_agrees(postgres, &erased, &live).await
}

/// Tables that are filled from the erased log are those that lived through the erasure.
async fn rebuilt_agrees(postgres: bool, erased: &[Recorded], live: &TestDb) -> Check {
    let rebuilt = fresh(postgres).await;
    rebuilt.apply(erased).await.expect("the log is applied");
    let rows = |db: &TestDb| {
        let models = db.models().clone();
        async move { dump(&models).await.expect("the tables are read") }
    };
    prop_assert_eq!(rows(&rebuilt).await, rows(live).await);
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Close together, and so far apart that they are in different blocks of the counts.
    let distance = prop::sample::select(vec![1_u64, 700, 90_000]);
    let positions = proptest::collection::vec(any::<prop::sample::Index>(), 2);
    let input = (steps(), proptest::collection::vec(filters(), 4), positions, distance);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input, |(steps, filters, positions, distance)| {
        let history = stretched(history(&steps), distance);
        let end = history.last().map_or(0, |recorded| recorded.position.0);
        let anywhere = positions.iter().map(|index| index.index(usize::try_from(end).unwrap_or(0) + 1) as u64);
        let positions = anywhere.chain([0, end]).collect();
        runtime.block_on(agree(postgres, &history, &positions, &filters))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn rows_statistics_and_exports_are_a_recount_on_sqlite() {
    check(32, false);
}

#[test]
fn rows_statistics_and_exports_are_a_recount_on_postgres() {
    check(8, true);
}
