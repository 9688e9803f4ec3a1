//! Given these events, then this row.

use chrono::DateTime;
use events::customer::{Deleted, Forgotten, OrderRecorded, PointsUpdated, ProfileChanged, Restored};
use events::{Currency, Event, StreamRef};

use super::*;

const P0: Partition = Partition(0);

struct Given(Option<CustomerRow>);

fn key() -> (TenantId, CustomerId) {
    (TenantId::platform(), "c-1".parse().expect("an id"))
}

fn recorded(number: u32, event: &CustomerEvent) -> Recorded {
    let (tenant, id) = key();
    crate::testing::given::recorded(&StreamRef::customer(&tenant, &id), number, Event::Customer(event.clone()))
}

#[track_caller]
fn given(events: &[(u32, CustomerEvent)]) -> Given {
    let mut row = None;
    for (number, event) in events {
        row = fold(P0, row, &recorded(*number, event), event).expect("the event fits");
    }
    Given(row)
}

impl Given {
    #[track_caller]
    fn then_row(self, check: impl FnOnce(&CustomerRow)) {
        check(self.0.as_ref().expect("a row"));
    }

    #[track_caller]
    fn then_no_row(self) {
        assert_eq!(self.0, None);
    }

    #[track_caller]
    fn then_refuses(self, number: u32, event: &CustomerEvent) {
        assert!(fold(P0, self.0, &recorded(number, event), event).is_err());
    }
}

fn registered() -> CustomerEvent {
    let profile = Profile { name: "Ann".into(), email: "ann@example.com".into(), ..Profile::default() };
    CustomerEvent::Registered(Registered { profile, is_active: true, loyalty_points: 5, last_order_at: None })
}

fn points(balance: i64) -> CustomerEvent {
    CustomerEvent::PointsUpdated(PointsUpdated { requested: 1, applied: 1, balance, reason: String::new() })
}

fn order(minor: i64, placed: i64) -> CustomerEvent {
    CustomerEvent::OrderRecorded(OrderRecorded {
        number: String::new(),
        amount: Amount::from_minor(minor).expect("an amount"),
        currency: Currency::default(),
        placed_at: DateTime::from_timestamp(placed, 0).expect("a time"),
    })
}

#[test]
fn the_row_is_what_the_events_add_up_to() {
    let rename = ProfileChanged { name: Some("Ann Lee".into()), ..ProfileChanged::default() };
    given(&[
        (1, registered()),
        (2, points(120)),
        (3, order(250, 50)),
        (4, order(100, 40)),
        (5, CustomerEvent::ProfileChanged(rename)),
    ])
    .then_row(|row| {
        assert_eq!((row.loyalty_points, row.total_orders, row.total_spent.minor()), (120, 2, 350));
        assert_eq!(row.last_order_at.map(|at| at.timestamp()), Some(50), "the latest, not the last recorded");
        assert_eq!((row.profile.name.as_str(), row.profile.email.as_str()), ("Ann Lee", "ann@example.com"));
        assert_eq!((row.created_at.timestamp(), row.updated_at.timestamp()), (1, 5));
        assert_eq!((row.version, row.position, row.no), (5, Position(50), 10));
    });
}

#[test]
fn who_is_deleted_is_kept_and_can_be_restored() {
    let deleted = CustomerEvent::Deleted(Deleted {});
    given(&[(1, registered()), (2, deleted.clone())]).then_row(|row| assert_eq!(row.state, RowState::Deleted));
    given(&[(1, registered()), (2, deleted), (3, CustomerEvent::Restored(Restored::default()))])
        .then_row(|row| assert!(row.is_live()));
}

#[test]
fn of_who_is_forgotten_only_the_tombstone_stays() {
    let forgotten = CustomerEvent::Forgotten(Forgotten {});
    let after = given(&[(1, registered()), (2, points(7)), (3, forgotten.clone())]);
    let rebuilt = given(&[(3, forgotten)]);
    assert_eq!(rebuilt.0, after.0);
    after.then_row(|row| assert_eq!((row.state, &row.profile, row.no), (RowState::Forgotten, &Profile::default(), 30)));
}

#[test]
fn an_event_that_comes_again_changes_nothing() {
    given(&[(1, registered()), (2, points(7)), (1, registered()), (2, points(7))])
        .then_row(|row| assert_eq!((row.loyalty_points, row.version), (7, 2)));
}

#[test]
fn an_erased_beginning_says_nothing_and_a_gap_is_refused() {
    given(&[(4, points(7))]).then_no_row();
    given(&[(1, registered())]).then_refuses(3, &points(7));
    given(&[(1, registered())]).then_refuses(2, &registered());
}
