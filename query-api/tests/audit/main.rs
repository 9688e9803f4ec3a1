//! Whatever is asked of the audit trail, the field history and the timeline: the answer is what going through all rows gives, on
//! both databases.

mod question;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use events::access::{AccessEvent, Viewed};
use events::{Envelope, Position, Recorded, StreamKind, StreamRef, TenantId};
use projections::ReadModels;
use projections::audit_trail::AuditTrail;
use projections::directory::Directory;
use projections::testing::TestDb;
use projections::testing::history::{Step, history, tenant};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::audit_trail::{self, Action, AuditFilter, AuditRow, Bounds, Order, activities};
use query_api::customers;
use query_api::field_history::{self, FieldFilter};
use query_api::timeline::{self, Cursor};
use query_api::{PageRequest, Scope};

use crate::question::{Question, filter, lets_through, question};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 30..120)
}

/// The same history over many days, some of them with nothing.
fn spread(history: Vec<Recorded>) -> Vec<Recorded> {
    let later = |recorded: Recorded| {
        let mut envelope = Envelope::clone(&recorded.envelope);
        let seconds = envelope.recorded_at.timestamp();
        envelope.recorded_at += TimeDelta::hours(seconds % 1_000 * 7);
        Recorded { envelope: Arc::new(envelope), ..recorded }
    };
    history.into_iter().map(later).collect()
}

async fn everything(models: &ReadModels, scope: &Scope) -> Vec<AuditRow> {
    let request = PageRequest::new(1, 1_000).expect("a page");
    audit_trail::list(models, scope, &AuditFilter::default(), request).await.expect("rows").rows
}

async fn pages(models: &ReadModels, scope: &Scope, filter: &AuditFilter, size: u64) -> (u64, Vec<AuditRow>) {
    let mut rows = Vec::new();
    for number in 1.. {
        let page = audit_trail::list(models, scope, filter, PageRequest::new(number, size).expect("a page")).await.expect("rows");
        if page.rows.is_empty() {
            return (page.count, rows);
        }
        assert!(page.rows.len() as u64 <= size);
        rows.extend(page.rows);
    }
    unreachable!("pages come to an end")
}

async fn parts(models: &ReadModels, scope: &Scope, filter: &AuditFilter, size: u64) -> (u64, Vec<AuditRow>) {
    let (mut rows, mut after): (_, Option<Cursor>) = (Vec::new(), None);
    loop {
        let part = timeline::part(models, scope, filter, after, size).await.expect("a part");
        rows.extend(part.rows);
        match part.next {
            Some(next) => after = Some(next.to_string().parse().expect("a cursor")),
            None => return (part.count, rows),
        }
    }
}

async fn check_rows(models: &ReadModels, scope: &Scope, all: &[AuditRow], question: Question) -> Result<(), TestCaseError> {
    let filter = filter(question, all);
    let mut expected: Vec<AuditRow> = all.iter().filter(|row| lets_through(&filter, row)).cloned().collect();
    let (count, rows) = parts(models, scope, &filter, question.size).await;
    prop_assert_eq!((count, &rows), (expected.len() as u64, &expected), "timeline {:?}", filter);
    let stats = audit_trail::stats(models, scope, &filter).await.expect("stats");
    prop_assert_eq!(stats.count, expected.len() as u64, "stats {:?}", &filter);
    let mut by_day: BTreeMap<_, u64> = BTreeMap::new();
    let mut by_actor: BTreeMap<String, u64> = BTreeMap::new();
    for row in &expected {
        *by_day.entry(row.recorded_at.date_naive()).or_default() += 1;
        *by_actor.entry(row.actor.id.clone()).or_default() += 1;
    }
    prop_assert_eq!(stats.by_day.iter().map(|day| (day.day, day.count)).collect::<BTreeMap<_, _>>(), by_day);
    prop_assert_eq!(stats.by_actor.iter().map(|actor| (actor.id.clone(), actor.count)).collect::<BTreeMap<_, _>>(), by_actor);
    for action in Action::ALL {
        let n = expected.iter().filter(|row| row.activity.action == action).count() as u64;
        prop_assert_eq!(stats.by_action[action.name()], n);
    }
    if question.oldest_first {
        expected.reverse();
    }
    let (count, rows) = pages(models, scope, &filter, question.size).await;
    prop_assert_eq!((count, rows), (expected.len() as u64, expected), "pages {:?}", filter);
    Ok(())
}

async fn check_fields(models: &ReadModels, scope: &Scope, all: &[AuditRow], question: Question) -> Result<(), TestCaseError> {
    const FIELDS: [&str; 6] = ["name", "loyalty_points", "is_deleted", "role", "points", "notes"];
    let of = filter(question, all);
    let filter = FieldFilter {
        kind: of.kind,
        object_id: of.object_id,
        field: question.word.map(|word| FIELDS[usize::from(word) % FIELDS.len()].to_owned()),
        bounds: of.bounds,
    };
    let rows =
        AuditFilter { kind: filter.kind, object_id: filter.object_id.clone(), bounds: filter.bounds, ..AuditFilter::default() };
    let expected: Vec<_> = all
        .iter()
        .filter(|row| lets_through(&rows, row))
        .flat_map(|row| row.changes.iter().map(|change| (row.event_id, change.clone())))
        .filter(|(_, change)| filter.field.as_ref().is_none_or(|field| *field == change.field))
        .collect();
    let mut found = Vec::new();
    for number in 1.. {
        let request = PageRequest::new(number, question.size).expect("a page");
        let page = field_history::list(models, scope, &filter, request).await.expect("changes");
        prop_assert_eq!(page.count, expected.len() as u64, "{:?}", &filter);
        if page.rows.is_empty() {
            break;
        }
        found.extend(page.rows.into_iter().map(|field| (field.row.event_id, field.change)));
    }
    prop_assert_eq!(&found, &expected, "{:?}", &filter);
    if let Some((event, change)) = expected.first() {
        let one = field_history::one(models, scope, filter.bounds, *event, &change.field).await.expect("a change");
        prop_assert_eq!(one.map(|field| field.change), Some(change.clone()));
    }
    Ok(())
}

/// The new values of an object, one after another, are its folded state; each old value is the new value before it.
async fn check_history(models: &ReadModels, scope: &Scope, all: &[AuditRow]) -> Result<(), TestCaseError> {
    let mut objects: BTreeMap<(StreamKind, &str), BTreeMap<&str, &_>> = BTreeMap::new();
    for row in all.iter().rev() {
        let fields = objects.entry((row.kind, &row.object_id)).or_default();
        let was_there = !fields.is_empty();
        for change in &row.changes {
            let before = fields.insert(&change.field, &change.new);
            if was_there && let Some(before) = before {
                prop_assert_eq!(before, &change.old, "{} of {}", change.field, row.object_id);
            }
        }
    }
    for number in 0..5 {
        let id = format!("customer-{number}");
        let customer = customers::get(models, scope, &id.parse().expect("an id")).await.expect("an answer");
        let (Some(customer), Some(fields)) = (customer, objects.get(&(StreamKind::Customer, id.as_str()))) else { continue };
        let text = |name: &str| fields.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let whole = |name: &str| fields.get(name).and_then(|value| value.as_i64()).unwrap_or_default();
        let profile = &customer.profile;
        prop_assert_eq!(
            (text("name"), text("phone"), text("city")),
            (profile.name.clone(), profile.phone.clone(), profile.city.clone())
        );
        prop_assert_eq!((whole("loyalty_points"), whole("total_orders")), (customer.loyalty_points, customer.total_orders));
        let yes = fields.get("is_active").and_then(|value| value.as_bool()).unwrap_or_default();
        prop_assert_eq!(yes, customer.is_active);
    }
    Ok(())
}

fn check(cases: u32, postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let input = (steps(), proptest::collection::vec(question(), 12));
    let outcome = runner.run(&input, |(steps, questions)| {
        let history = spread(history(&steps));
        runtime.block_on(async {
            let test =
                if postgres { TestDb::postgres().await.expect("PostgreSQL") } else { TestDb::sqlite().await.expect("SQLite") };
            test.apply(&history).await.expect("the history is applied");
            let models = test.models();
            for number in 0..2 {
                let scope = Scope::tenant(tenant(number));
                let all = everything(models, &scope).await;
                prop_assert!(all.iter().all(|row| row.tenant == *scope.id()), "another tenant's row");
                prop_assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.recorded_at, row.no))), "newest first");
                check_history(models, &scope, &all).await?;
                for question in &questions {
                    check_rows(models, &scope, &all, *question).await?;
                    check_fields(models, &scope, &all, *question).await?;
                }
            }
            let nobody = Scope::tenant(TenantId::generate());
            prop_assert_eq!(everything(models, &nobody).await, Vec::new());
            models.close().await;
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn answers_are_what_going_through_all_rows_gives_on_sqlite() {
    check(24, false);
}

#[test]
fn answers_are_what_going_through_all_rows_gives_on_postgres() {
    check(8, true);
}

#[test]
fn actions_are_made_of_activities() {
    let all = activities(&Action::ALL);
    assert_eq!(
        Action::ALL.iter().map(|action| activities(&[*action]).len()).sum::<usize>(),
        all.len(),
        "no activity is two actions"
    );
    assert!(activities(&[Action::Delete]).is_superset(&BTreeSet::from(["deleted", "forgotten"])));
}

/// So many rows that pages are found by their days: 25,000 looks over 50 days, and behind them, all on the first days, the rest.
#[tokio::test]
async fn deep_pages_and_old_rows_are_found_by_their_days() {
    let step = |number: u16| Step { tenant: 0, customer: (number % 5) as u8, what: (number % 8) as u8, number: number * 7 + 1 };
    let mut events = spread(history(&(0..60).map(step).collect::<Vec<_>>()));
    let last = events.last().expect("an event").clone();
    let stream = StreamRef::new(tenant(0), StreamKind::Access, "reader-1").expect("a stream");
    for number in 0..25_000_u64 {
        let viewed = AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: format!("customer-{}", number % 5) });
        let mut envelope = Envelope { stream: stream.clone(), ..Envelope::clone(&last.envelope) };
        envelope.recorded_at += TimeDelta::seconds(i64::try_from(number).expect("a number") * 50 * 86_400 / 25_000);
        envelope.actor.id = format!("user-{}", number % 3);
        let (position, event_id) = (Position(last.position.0 + 1 + number), events::EventId::generate());
        events.push(Recorded {
            envelope: Arc::new(envelope),
            position,
            index: 0,
            version: number + 1,
            event_id,
            event: viewed.into(),
        });
    }
    let test = TestDb::sqlite_with(&[Arc::new(AuditTrail), Arc::new(Directory)]).await.expect("SQLite");
    for batch in events.chunks(5_000) {
        test.apply(batch).await.expect("the history is applied");
    }
    let (models, scope) = (test.models(), Scope::tenant(tenant(0)));
    let mut all = Vec::new();
    for number in 1.. {
        let request = PageRequest::new(number, 1_000).expect("a page");
        let page = audit_trail::list(models, &scope, &AuditFilter::default(), request).await.expect("rows");
        if page.rows.is_empty() {
            break;
        }
        all.extend(page.rows);
    }
    assert!(all.len() > 25_000 && all.is_sorted_by_key(|row| std::cmp::Reverse((row.recorded_at, row.no))));
    let changes = |filter: &AuditFilter| {
        let rows = all.iter().filter(|row| lets_through(filter, row)).cloned();
        rows.flat_map(|row| row.changes.clone().into_iter().map(move |change| (row.event_id, change))).collect::<Vec<_>>()
    };
    let of = |actions: &[Action]| AuditFilter { activities: Some(activities(actions)), ..AuditFilter::default() };
    let far = Bounds { up_to: Some(all[12_000].position), ..Bounds::default() };
    let filters = [
        AuditFilter { bounds: far, ..AuditFilter::default() },
        AuditFilter { actor_id: Some("user-2".into()), ..of(&[Action::View]) },
        AuditFilter { bounds: far, ..of(&[Action::Create]) },
        AuditFilter { order: Order::OldestFirst, ..of(&[Action::View]) },
        of(&[Action::Update]),
    ];
    for filter in filters {
        let mut expected: Vec<_> = all.iter().filter(|row| lets_through(&filter, row)).cloned().collect();
        let (newest, count) = (expected.clone(), expected.len());
        if filter.order == Order::OldestFirst {
            expected.reverse();
        }
        for page in [1, 2, count / 14, count / 7, count / 7 + 1] {
            let request = PageRequest::new(page.max(1) as u64, 7).expect("a page");
            let found = audit_trail::list(models, &scope, &filter, request).await.expect("rows");
            let wanted = expected.iter().skip(usize::try_from(request.offset()).expect("a number")).take(7).cloned().collect();
            assert_eq!((found.count, found.rows), (count as u64, wanted), "page {page} of {filter:?}");
        }
        let (total, rows) = parts(models, &scope, &filter, 1 + count as u64 / 5).await;
        assert_eq!((total, rows), (count as u64, newest), "{filter:?}");
        let field_filter = FieldFilter { bounds: filter.bounds, ..FieldFilter::default() };
        let within = AuditFilter { bounds: filter.bounds, ..AuditFilter::default() };
        for (field, page) in [(None, 1), (None, 3), (Some("loyalty_points"), 1), (Some("name"), 2)] {
            let filter = FieldFilter { field: field.map(str::to_owned), ..field_filter.clone() };
            let mut expected = changes(&within);
            expected.retain(|(_, change)| field.is_none_or(|field| change.field == field));
            let request = PageRequest::new(page, 3).expect("a page");
            let found = field_history::list(models, &scope, &filter, request).await.expect("changes");
            let wanted: Vec<_> = expected.iter().skip(3 * (page as usize - 1)).take(3).cloned().collect();
            let rows: Vec<_> = found.rows.into_iter().map(|row| (row.row.event_id, row.change)).collect();
            assert_eq!((found.count, rows), (expected.len() as u64, wanted), "{filter:?}");
        }
    }
}
