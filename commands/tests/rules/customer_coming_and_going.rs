//! How a customer is activated, deleted, restored and forgotten, and which names that moves.

use commands::customer::{Change, Standing};
use commands::testing::{context, given, noon, state_of};
use commands::{Aggregate, ClaimChange, ClaimMove, Customer, CustomerCommand, CustomerRejection, CustomerState};
use events::customer::{Activated, Deactivated, Deleted, Forgotten, ProfileChanged, Restored};
use events::{ClaimKey, ClaimName, CustomerEvent};

use super::sample::{order, order_recorded, profile, register, registered};

const ACTIVATED: CustomerEvent = CustomerEvent::Activated(Activated {});
const DEACTIVATED: CustomerEvent = CustomerEvent::Deactivated(Deactivated {});
const DELETED: CustomerEvent = CustomerEvent::Deleted(Deleted {});
const RESTORED: CustomerEvent = CustomerEvent::Restored(Restored { channel: None });
const FORGOTTEN: CustomerEvent = CustomerEvent::Forgotten(Forgotten {});

/// Every command that needs the customer to be there.
fn all_commands() -> Vec<CustomerCommand> {
    vec![
        CustomerCommand::Change(Change::default()),
        CustomerCommand::UpdatePoints(commands::customer::UpdatePoints { points: 1, reason: String::new(), strict: false }),
        CustomerCommand::RecordOrder(order("1", "5")),
        CustomerCommand::Activate,
        CustomerCommand::Deactivate,
    ]
}

#[test]
fn a_customer_is_active_or_not() {
    let _ = given::<Customer>([registered()]).when(CustomerCommand::Deactivate).then([DEACTIVATED]);
    given::<Customer>([registered()]).when(CustomerCommand::Activate).then_nothing();
    let _ = given::<Customer>([registered(), DEACTIVATED]).when(CustomerCommand::Activate).then([ACTIVATED]);
    given::<Customer>([registered(), DEACTIVATED]).when(CustomerCommand::Deactivate).then_nothing();
}

#[test]
fn a_deleted_customer_can_only_be_restored_or_forgotten() {
    for command in all_commands() {
        given::<Customer>([registered(), DELETED]).when(command).then_rejected(CustomerRejection::Deleted);
    }
    given::<Customer>([registered(), DELETED]).when(CustomerCommand::Delete).then_nothing();
    let state = given::<Customer>([registered(), DELETED]).when(CustomerCommand::Restore).then([RESTORED]);
    assert!(state.is_present());
    given::<Customer>([registered()]).when(CustomerCommand::Restore).then_nothing();
}

#[test]
fn a_customer_who_is_not_there_cannot_be_commanded() {
    let ends = [CustomerCommand::Delete, CustomerCommand::Restore, CustomerCommand::Forget];
    for command in all_commands().into_iter().chain(ends) {
        given::<Customer>([]).when(command).then_rejected(CustomerRejection::NotFound);
    }
}

#[test]
fn a_forgotten_customer_is_gone_for_good() {
    let forgotten = [registered(), FORGOTTEN];
    let ends = [CustomerCommand::Delete, CustomerCommand::Restore, register(profile())];
    for command in all_commands().into_iter().chain(ends) {
        given::<Customer>(forgotten.clone()).when(command).then_rejected(CustomerRejection::Forgotten);
    }
    given::<Customer>(forgotten).when(CustomerCommand::Forget).then_nothing();
}

#[test]
fn nothing_is_known_of_a_forgotten_customer() {
    let state = given::<Customer>([registered(), order_recorded("1", "5")]).when(CustomerCommand::Forget).then([FORGOTTEN]);
    let expected = CustomerState { standing: Standing::Forgotten, updated_at: Some(noon()), ..CustomerState::default() };
    assert_eq!(state, expected);
    assert_eq!(state_of::<Customer>(&[FORGOTTEN]), expected, "also when only the tombstone is left");
}

fn claims(history: &[CustomerEvent], events: &[CustomerEvent]) -> Vec<(ClaimName, ClaimMove)> {
    let stream = context::<Customer>().stream;
    let changes = Customer::claims(&stream, &state_of::<Customer>(history), events);
    changes.into_iter().map(|ClaimChange { key, change }| (key.name, change)).collect()
}

#[test]
fn an_email_address_is_held_while_the_customer_is_in_lists() {
    let email = |to: &str| CustomerEvent::ProfileChanged(ProfileChanged { email: Some(to.into()), ..ProfileChanged::default() });
    let (acquire, release) = ((ClaimName::CustomerEmail, ClaimMove::Acquire), (ClaimName::CustomerEmail, ClaimMove::Release));
    assert_eq!(claims(&[], &[registered()]), [acquire]);
    assert_eq!(claims(&[registered()], &[email("other@example.com")]), [acquire, release]);
    assert_eq!(claims(&[registered()], &[email("JANE@example.com")]), [], "the same address in other letters");
    assert_eq!(claims(&[registered()], &[DELETED]), [release]);
    assert_eq!(claims(&[registered(), DELETED], &[RESTORED]), [acquire]);
    assert_eq!(claims(&[registered(), DELETED], &[FORGOTTEN]), []);
    assert_eq!(claims(&[registered()], &[FORGOTTEN]), [release]);
    assert_eq!(claims(&[registered()], &[DEACTIVATED]), []);
    assert_eq!(claims(&[registered()], &[DELETED, RESTORED]), []);
}

#[test]
fn the_address_that_is_taken_is_the_new_one() {
    let stream = context::<Customer>().stream;
    let changed = ProfileChanged { email: Some("New@Example.com".into()), ..ProfileChanged::default() };
    let events = [CustomerEvent::ProfileChanged(changed)];
    let changes = Customer::claims(&stream, &state_of::<Customer>(&[registered()]), &events);
    let key = |email| ClaimKey::email(&stream.tenant, ClaimName::CustomerEmail, email);
    assert_eq!(
        changes.iter().map(|change| change.key.clone()).collect::<Vec<_>>(),
        [key("new@example.com"), key("jane@example.com")]
    );
    assert_eq!(Customer::taken(&key("new@example.com")), CustomerRejection::EmailTaken);
}

#[test]
fn an_order_number_is_taken_once() {
    let acquire = (ClaimName::OrderNumber, ClaimMove::Acquire);
    assert_eq!(claims(&[registered()], &[order_recorded("A-17", "5")]), [acquire]);
    assert_eq!(claims(&[registered()], &[order_recorded("", "5")]), []);
    let key = ClaimKey::new(&context::<Customer>().stream.tenant, ClaimName::OrderNumber, "A-17");
    assert_eq!(Customer::taken(&key), CustomerRejection::OrderNumberTaken);
}
