//! Putting a customer's profile back to what it was.

use commands::customer::{Change, Revert};
use commands::testing::{given, noon, state_of};
use commands::{Customer, CustomerCommand, CustomerRejection};
use events::CustomerEvent;
use events::customer::{Deactivated, Deleted, Forgotten, Profile, ProfileChanged};

use super::sample::{invalid, order_recorded, points, profile, registered};

fn revert(profile: Profile) -> CustomerCommand {
    CustomerCommand::Revert(Revert { profile })
}

fn moved() -> CustomerEvent {
    let changed = ProfileChanged {
        email: Some("smith@example.com".into()),
        city: Some("Bandung".into()),
        notes: Some(String::new()),
        last_order_at: Some(noon()),
        ..ProfileChanged::default()
    };
    CustomerEvent::ProfileChanged(changed)
}

#[test]
fn what_changed_since_is_put_back_and_nothing_else_is_undone() {
    let since = [registered(), moved(), points(5, 5, 5, "welcome"), order_recorded("1", "50"), inactive()];
    let back = ProfileChanged {
        email: Some("jane@example.com".into()),
        city: Some("Jakarta".into()),
        notes: Some("VIP customer".into()),
        ..ProfileChanged::default()
    };
    let state = given::<Customer>(since.clone()).when(revert(profile())).then([CustomerEvent::ProfileChanged(back)]);
    let before = state_of::<Customer>(&since);
    assert_eq!(state.profile, profile());
    assert_eq!(state, commands::CustomerState { profile: profile(), ..before });
    assert_eq!((state.loyalty_points, state.total_orders, state.is_active), (5, 1, false));
}

fn inactive() -> CustomerEvent {
    CustomerEvent::Deactivated(Deactivated {})
}

#[test]
fn a_profile_that_is_as_it_was_stays() {
    given::<Customer>([registered(), inactive()]).when(revert(profile())).then_nothing();
}

#[test]
fn what_was_valid_once_is_so_again() {
    let old = Profile { phone: "ask at the bar".into(), ..profile() };
    let enter = CustomerCommand::Change(Change { phone: Some(old.phone.clone()), ..Change::default() });
    given::<Customer>([registered()]).when(enter).then_rejected(invalid(&[("phone", "Enter a valid phone number")]));
    let back = ProfileChanged { phone: Some(old.phone.clone()), ..ProfileChanged::default() };
    given::<Customer>([registered()]).when(revert(old)).then([CustomerEvent::ProfileChanged(back)]);
}

#[test]
fn who_is_not_there_is_not_put_back() {
    let cases = [
        (vec![], CustomerRejection::NotFound),
        (vec![registered(), CustomerEvent::Deleted(Deleted {})], CustomerRejection::Deleted),
        (vec![registered(), CustomerEvent::Forgotten(Forgotten {})], CustomerRejection::Forgotten),
    ];
    for (history, rejection) in cases {
        given::<Customer>(history).when(revert(profile())).then_rejected(rejection);
    }
}
