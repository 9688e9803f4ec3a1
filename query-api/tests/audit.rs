//! Whatever is asked of the audit trail, the field history and the timeline: the answer is what going through all rows gives, on
//! both databases.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use events::{Position, StreamKind, TenantId};
use projections::ReadModels;
use projections::testing::TestDb;
use projections::testing::history::{Step, history, tenant};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use query_api::audit_trail::{self, Action, AuditFilter, AuditRow, Bounds, Order, activities};
use query_api::customers;
use query_api::field_history::{self, FieldFilter};
use query_api::timeline::{self, Cursor};
use query_api::{PageRequest, Scope};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 30..120)
}

/// A question in numbers, which are taken from what there is.
#[derive(Debug, Clone, Copy)]
struct Question {
    actions: Option<u8>,
    kind: Option<u8>,
    row: u16,
    of_object: bool,
    of_actor: bool,
    word: Option<u8>,
    from: Option<(u16, i8)>,
    until: Option<(u16, i8)>,
    up_to: Option<u16>,
    oldest_first: bool,
    size: u64,
}

fn question() -> impl Strategy<Value = Question> {
    let what = (proptest::option::of(1..16_u8), proptest::option::of(0..4_u8), any::<u16>());
    let who = (proptest::bool::weighted(0.3), proptest::bool::weighted(0.3), proptest::option::weighted(0.3, any::<u8>()));
    let bound = || proptest::option::weighted(0.4, (any::<u16>(), -2..3_i8));
    let when = (bound(), bound(), proptest::option::weighted(0.2, any::<u16>()));
    (what, who, when, any::<bool>(), 1..9_u64).prop_map(|(what, who, when, oldest_first, size)| Question {
        actions: what.0,
        kind: what.1,
        row: what.2,
        of_object: who.0,
        of_actor: who.1,
        word: who.2,
        from: when.0,
        until: when.1,
        up_to: when.2,
        oldest_first,
        size,
    })
}

const WORDS: [&str; 8] = ["ann", "LEE", "kith test", "gave points", "öz", "customer", "nobody", "1"];

fn filter(question: Question, all: &[AuditRow]) -> AuditFilter {
    let row = &all[usize::from(question.row) % all.len()];
    let at =
        |(number, off): (u16, i8)| all[usize::from(number) % all.len()].recorded_at + TimeDelta::microseconds(i64::from(off));
    let picked = |mask: u8| {
        let actions: Vec<Action> =
            (0..).zip(Action::ALL).filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, action)| action).collect();
        activities(&actions)
    };
    AuditFilter {
        activities: question.actions.map(picked),
        kind: question.kind.map(|kind| StreamKind::ALL[usize::from(kind) % StreamKind::ALL.len()]),
        object_id: question.of_object.then(|| row.object_id.clone()),
        actor_id: question.of_actor.then(|| row.actor.id.clone()),
        bounds: Bounds {
            from: question.from.map(at),
            until: question.until.map(at),
            up_to: question.up_to.map(|number| Position(all[usize::from(number) % all.len()].position.0)),
        },
        words: question.word.map(|word| AuditFilter::words_of(WORDS[usize::from(word) % WORDS.len()])).unwrap_or_default(),
        order: if question.oldest_first { Order::OldestFirst } else { Order::NewestFirst },
    }
}

/// What the filter means, said a second time.
fn lets_through(filter: &AuditFilter, row: &AuditRow) -> bool {
    let text = format!("{} {} {}", row.object_repr, row.actor.name, row.description).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let bounds = filter.bounds;
    filter.activities.as_ref().is_none_or(|activities| activities.contains(row.activity.name))
        && filter.kind.is_none_or(|kind| row.kind == kind)
        && filter.object_id.as_ref().is_none_or(|id| row.object_id == *id)
        && filter.actor_id.as_ref().is_none_or(|id| row.actor.id == *id)
        && bounds.from.is_none_or(|from| row.recorded_at >= from)
        && bounds.until.is_none_or(|until| row.recorded_at <= until)
        && bounds.up_to.is_none_or(|position| row.position <= position)
        && filter.words.iter().all(|term| words.iter().any(|word| word.starts_with(term.as_str())))
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
    let midnight = |time: DateTime<Utc>| time.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let filter = FieldFilter {
        kind: of.kind,
        object_id: of.object_id,
        field: question.word.map(|word| FIELDS[usize::from(word) % FIELDS.len()].to_owned()),
        bounds: Bounds { from: of.bounds.from.map(midnight), until: None, up_to: of.bounds.up_to },
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
        let history = history(&steps);
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
