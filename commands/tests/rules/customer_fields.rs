//! What may be written down about a customer, and how it changes.

use chrono::TimeDelta;
use commands::customer::{Change, Import, Register, limits};
use commands::testing::{given, noon};
use commands::{Customer, CustomerCommand, CustomerRejection};
use events::customer::{Activated, Deactivated, Imported, Profile, ProfileChanged, Registered};
use events::{Amount, CustomerEvent};

use super::sample::{invalid, points, profile, register, registered, registered_with};

fn change(change: Change) -> CustomerCommand {
    CustomerCommand::Change(change)
}

#[test]
fn a_customer_is_registered_with_trimmed_values() {
    let command = register(Profile { name: "  Jane Smith ".into(), email: " jane@example.com\n".into(), ..profile() });
    let state = given::<Customer>([]).when(command).then([registered()]);
    assert_eq!((state.created_at, state.updated_at, state.is_active), (Some(noon()), Some(noon()), true));
}

#[test]
fn a_customer_may_start_with_points_and_inactive() {
    let last_order_at = Some(noon() - TimeDelta::days(3));
    let command = Register { profile: profile(), is_active: false, loyalty_points: 120, last_order_at };
    let expected = Registered { profile: profile(), is_active: false, loyalty_points: 120, last_order_at };
    let state = given::<Customer>([]).when(CustomerCommand::Register(command)).then([CustomerEvent::Registered(expected)]);
    assert_eq!((state.loyalty_points, state.last_order_at), (120, last_order_at));
}

#[test]
fn an_imported_customer_keeps_the_past() {
    let created_at = noon() - TimeDelta::days(700);
    let import = Import {
        total_orders: 25,
        total_spent: "2500000.00".parse().unwrap(),
        created_at: Some(created_at),
        loyalty_points: 500,
        ..Import::new(profile())
    };
    let expected = Imported {
        profile: profile(),
        is_active: true,
        loyalty_points: 500,
        total_orders: 25,
        total_spent: import.total_spent,
        created_at,
        last_order_at: None,
    };
    let state = given::<Customer>([]).when(CustomerCommand::Import(import)).then([CustomerEvent::Imported(expected)]);
    assert_eq!((state.created_at, state.total_orders), (Some(created_at), 25));
}

#[test]
fn every_wrong_field_is_reported_at_once() {
    let command = Register {
        profile: Profile {
            name: " ".into(),
            email: "jane".into(),
            phone: "call me".into(),
            city: "x".repeat(limits::CITY + 1),
            postal_code: "12345678901".into(),
            address: "line\nline".into(),
            province: "a\u{7}b".into(),
            notes: "n".repeat(limits::NOTES + 1),
        },
        is_active: true,
        loyalty_points: -1,
        last_order_at: Some(noon() + TimeDelta::days(1)),
    };
    given::<Customer>([]).when(CustomerCommand::Register(command)).then_rejected(invalid(&[
        ("name", "Name is required"),
        ("email", "Enter a valid email address"),
        ("phone", "Enter a valid phone number"),
        ("city", "Ensure this field has no more than 100 characters"),
        ("postal_code", "Ensure this field has no more than 10 characters"),
        ("province", "Control characters are not allowed"),
        ("notes", "Ensure this field has no more than 10000 characters"),
        ("loyalty_points", "Ensure this value is from 0 to 1000000000000"),
        ("last_order_date", "This time is in the future"),
    ]));
}

#[test]
fn a_name_has_at_most_200_characters() {
    let name = |count| register(Profile { name: "é".repeat(count), ..profile() });
    given::<Customer>([])
        .when(name(201))
        .then_rejected(invalid(&[("name", "Ensure this field has no more than 200 characters")]));
    let long = Profile { name: "é".repeat(200), ..profile() };
    let expected = Registered { profile: long, is_active: true, loyalty_points: 0, last_order_at: None };
    let _ = given::<Customer>([]).when(name(200)).then([CustomerEvent::Registered(expected)]);
}

#[test]
fn a_phone_number_is_made_of_digits_and_a_few_signs() {
    for (phone, fine) in [
        ("", true),
        ("08123456789", true),
        ("+1 (555) 010-99.9", true),
        ("1234", false),
        ("0812x456789", false),
        ("٠٨١٢٣٤٥٦٧", false),
        ("++++++++++", false),
    ] {
        let when = given::<Customer>([]).when(register(Profile { phone: phone.into(), ..profile() }));
        if fine {
            let profile = Profile { phone: phone.into(), ..profile() };
            let expected = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
            let _ = when.then([CustomerEvent::Registered(expected)]);
        } else {
            when.then_rejected(invalid(&[("phone", "Enter a valid phone number")]));
        }
    }
    let long = register(Profile { phone: "0".repeat(21), ..profile() });
    given::<Customer>([]).when(long).then_rejected(invalid(&[("phone", "Ensure this field has no more than 20 characters")]));
}

#[test]
fn an_import_has_plausible_totals_and_times() {
    let import = Import {
        total_orders: -1,
        created_at: Some(noon() + TimeDelta::days(1)),
        last_order_at: "1800-01-01T00:00:00Z".parse().ok(),
        total_spent: Amount::MAX,
        ..Import::new(profile())
    };
    given::<Customer>([]).when(CustomerCommand::Import(import)).then_rejected(invalid(&[
        ("total_orders", "Ensure this value is from 0 to 1000000000"),
        ("created_at", "This time is in the future"),
        ("last_order_date", "This time is before 1900"),
    ]));
}

#[test]
fn a_partial_change_records_only_what_changed() {
    let command = Change { phone: Some(" 08987654321 ".into()), city: Some("Jakarta".into()), ..Change::default() };
    let changed = ProfileChanged { phone: Some("08987654321".into()), ..ProfileChanged::default() };
    let state = given::<Customer>([registered()]).when(change(command)).then([CustomerEvent::ProfileChanged(changed)]);
    assert_eq!(state.profile, Profile { phone: "08987654321".into(), ..profile() });
}

#[test]
fn a_whole_change_empties_what_it_leaves_out() {
    let command = Change::whole(Profile { name: "Jane".into(), email: "jane@example.com".into(), ..Profile::default() });
    let empty = || Some(String::new());
    let changed = ProfileChanged {
        name: Some("Jane".into()),
        phone: empty(),
        address: empty(),
        city: empty(),
        province: empty(),
        postal_code: empty(),
        notes: empty(),
        ..ProfileChanged::default()
    };
    let _ = given::<Customer>([registered()]).when(change(command)).then([CustomerEvent::ProfileChanged(changed)]);
    let nameless = Change::whole(Profile { name: String::new(), ..profile() });
    given::<Customer>([registered()]).when(change(nameless)).then_rejected(invalid(&[("name", "Name is required")]));
}

#[test]
fn a_change_can_set_activity_and_balance() {
    let command = Change { is_active: Some(false), loyalty_points: Some(80), ..Change::default() };
    let expected = [CustomerEvent::Deactivated(Deactivated {}), points(-20, -20, 80, "profile update")];
    let state = given::<Customer>([registered_with(100)]).when(change(command)).then(expected);
    assert_eq!((state.is_active, state.loyalty_points), (false, 80));
    let history = [registered(), CustomerEvent::Deactivated(Deactivated {})];
    let command = Change { is_active: Some(true), ..Change::default() };
    let _ = given::<Customer>(history).when(change(command)).then([CustomerEvent::Activated(Activated {})]);
}

#[test]
fn a_balance_cannot_be_set_below_zero() {
    let command = Change { loyalty_points: Some(-5), ..Change::default() };
    let expected = invalid(&[("loyalty_points", "Ensure this value is from 0 to 1000000000000")]);
    given::<Customer>([registered()]).when(change(command)).then_rejected(expected);
}

#[test]
fn the_time_of_the_last_order_can_be_corrected() {
    let time = noon() - TimeDelta::days(2);
    let command = Change { last_order_at: Some(time), ..Change::default() };
    let changed = ProfileChanged { last_order_at: Some(time), ..ProfileChanged::default() };
    let events = [registered(), CustomerEvent::ProfileChanged(changed.clone())];
    let _ = given::<Customer>([registered()]).when(change(command.clone())).then([CustomerEvent::ProfileChanged(changed)]);
    given::<Customer>(events).when(change(command)).then_nothing();
}

#[test]
fn what_is_so_already_changes_nothing() {
    given::<Customer>([registered()]).when(change(Change::whole(profile()))).then_nothing();
    given::<Customer>([registered()]).when(change(Change::default())).then_nothing();
    given::<Customer>([registered()]).when(register(profile())).then_nothing();
}

#[test]
fn an_id_is_one_customers() {
    let other = register(Profile { name: "Somebody else".into(), ..profile() });
    given::<Customer>([registered()]).when(other).then_rejected(CustomerRejection::AlreadyExists);
}

#[test]
fn only_a_customer_who_is_there_changes() {
    given::<Customer>([]).when(change(Change::default())).then_rejected(CustomerRejection::NotFound);
}
