//! Given these events, then these entries.

use events::customer::{Activated, Forgotten, PointsUpdated, Profile, Registered};
use events::{Event, StreamRef};

use super::*;
use crate::testing::given::recorded;

fn key() -> Key {
    (TenantId::platform(), "c-1".parse().expect("an id"))
}

fn registered(points: i64) -> CustomerEvent {
    CustomerEvent::Registered(Registered {
        profile: Profile::default(),
        is_active: true,
        loyalty_points: points,
        last_order_at: None,
    })
}

fn points(requested: i64, applied: i64, balance: i64) -> CustomerEvent {
    CustomerEvent::PointsUpdated(PointsUpdated { requested, applied, balance, reason: "a\0b".into() })
}

fn given_behind(tip: Option<Tip>, events: &[(u32, CustomerEvent)]) -> Ledgers {
    let (tenant, id) = key();
    let stream = StreamRef::customer(&tenant, &id);
    let mut ledgers = Ledgers::new(tip.map(|tip| (key(), tip)).into_iter().collect());
    for (number, event) in events {
        ledgers.apply(&key(), &recorded(&stream, *number, Event::Customer(event.clone())), event);
    }
    ledgers
}

fn given(events: &[(u32, CustomerEvent)]) -> Ledgers {
    given_behind(None, events)
}

/// Number, position, cause, change asked for, change made, balance.
type Entry = (i64, u64, LedgerCause, i64, i64, i64);

#[track_caller]
fn then_entries(ledgers: Ledgers, wanted: &[Entry]) {
    let (added, forgotten) = ledgers.into_changes();
    assert!(forgotten.is_empty());
    let entry = |row: &LedgerRow| (row.seq, row.position.0, row.cause, row.requested, row.applied, row.balance);
    assert_eq!(added.iter().map(|(_, row)| entry(row)).collect::<Vec<_>>(), wanted);
}

#[test]
fn every_change_of_a_balance_is_an_entry_and_nothing_else_is() {
    let events =
        [(1, registered(5)), (2, points(10, 10, 15)), (3, CustomerEvent::Activated(Activated {})), (4, points(-20, -15, 0))];
    then_entries(
        given(&events),
        &[
            (1, 10, LedgerCause::Registered, 5, 5, 5),
            (2, 20, LedgerCause::Updated, 10, 10, 15),
            (3, 40, LedgerCause::Updated, -20, -15, 0),
        ],
    );
}

#[test]
fn who_starts_with_nothing_has_no_opening_entry() {
    then_entries(given(&[(1, registered(0)), (2, points(1, 1, 1))]), &[(1, 20, LedgerCause::Updated, 1, 1, 1)]);
}

#[test]
fn entries_say_who_when_and_why_in_what_both_databases_can_hold() {
    let (added, _) = given(&[(7, points(1, 1, 1))]).into_changes();
    let (_, row) = &added[0];
    assert_eq!((row.recorded_at.timestamp(), row.actor.clone()), (7, Actor::system("test")));
    assert_eq!(row.reason, "a\u{FFFD}b");
}

#[test]
fn numbers_go_on_behind_the_table_and_what_comes_again_adds_nothing() {
    let tip = Tip { seq: 4, position: Position(20), index: 0 };
    let events = [(1, points(1, 1, 8)), (2, points(1, 1, 9)), (3, points(1, 1, 10)), (3, points(1, 1, 10))];
    then_entries(given_behind(Some(tip), &events), &[(5, 30, LedgerCause::Updated, 1, 1, 10)]);
}

#[test]
fn of_who_is_forgotten_no_entry_stays() {
    let (added, forgotten) = given(&[(1, registered(5)), (2, CustomerEvent::Forgotten(Forgotten {}))]).into_changes();
    assert!(added.is_empty());
    assert_eq!(forgotten.into_iter().collect::<Vec<_>>(), [key()]);
}
