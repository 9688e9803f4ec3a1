//! What a customer earns and buys.

use chrono::TimeDelta;
use commands::customer::{Import, RecordOrder, UpdatePoints, limits};
use commands::testing::{given, noon, state_of};
use commands::{Customer, CustomerCommand, CustomerRejection};
use events::customer::{Imported, LoyaltyTier};
use events::tenant::EarningRule;
use events::{Amount, CustomerEvent};

use super::sample::{amount, idr, invalid, order, order_recorded, points, profile, registered, registered_with};

fn update(points: i64) -> CustomerCommand {
    CustomerCommand::UpdatePoints(UpdatePoints { points, reason: " birthday ".into(), strict: false })
}

fn strictly(points: i64) -> CustomerCommand {
    CustomerCommand::UpdatePoints(UpdatePoints { points, reason: String::new(), strict: true })
}

#[test]
fn points_are_added_and_taken() {
    let _ = given::<Customer>([registered_with(100)]).when(update(50)).then([points(50, 50, 150, "birthday")]);
    let _ = given::<Customer>([registered_with(100)]).when(update(-30)).then([points(-30, -30, 70, "birthday")]);
}

#[test]
fn the_balance_stops_at_zero_and_says_what_was_asked_for() {
    let state = given::<Customer>([registered_with(50)]).when(update(-80)).then([points(-80, -50, 0, "birthday")]);
    assert_eq!(state.loyalty_points, 0);
}

#[test]
fn a_strict_change_is_covered_by_the_balance() {
    let insufficient = CustomerRejection::PointsInsufficient { balance: 50 };
    given::<Customer>([registered_with(50)]).when(strictly(-51)).then_rejected(insufficient);
    let _ = given::<Customer>([registered_with(50)]).when(strictly(-50)).then([points(-50, -50, 0, "")]);
}

#[test]
fn the_balance_stays_in_bounds() {
    let full = registered_with(limits::POINTS);
    given::<Customer>([full]).when(update(1)).then_rejected(CustomerRejection::PointsOutOfBounds);
    let sentence = "Ensure this value is from -1000000000000 to 1000000000000";
    given::<Customer>([registered()]).when(update(i64::MAX)).then_rejected(invalid(&[("points", sentence)]));
    given::<Customer>([registered()]).when(update(i64::MIN)).then_rejected(invalid(&[("points", sentence)]));
}

#[test]
fn no_points_are_no_change() {
    given::<Customer>([registered()]).when(update(0)).then_nothing();
}

#[test]
fn a_reason_has_a_limit() {
    let reason = "x".repeat(limits::REASON + 1);
    let command = CustomerCommand::UpdatePoints(UpdatePoints { points: 1, reason, strict: false });
    let expected = invalid(&[("reason", "Ensure this field has no more than 500 characters")]);
    given::<Customer>([registered()]).when(command).then_rejected(expected);
}

#[test]
fn tiers_begin_at_100_and_500_and_1000() {
    for (balance, tier) in [
        (99, LoyaltyTier::Bronze),
        (100, LoyaltyTier::Silver),
        (500, LoyaltyTier::Gold),
        (999, LoyaltyTier::Gold),
        (1000, LoyaltyTier::Platinum),
    ] {
        assert_eq!(state_of::<Customer>(&[registered_with(balance)]).tier(), tier, "{balance}");
    }
}

#[test]
fn an_order_counts_and_earns_points() {
    let expected = [order_recorded("A-17", "120000.50"), points(12, 12, 12, "order A-17")];
    let command = CustomerCommand::RecordOrder(order(" A-17 ", "120000.50"));
    let state = given::<Customer>([registered()]).when(command).then(expected);
    assert_eq!((state.total_orders, state.total_spent, state.last_order_at), (1, amount("120000.50"), Some(noon())));
}

#[test]
fn an_order_without_a_rule_or_below_it_earns_nothing() {
    let expected = [order_recorded("", "120000")];
    let unruled = RecordOrder { earning_rule: None, ..order("", "120000") };
    let _ = given::<Customer>([registered()]).when(CustomerCommand::RecordOrder(unruled)).then(expected);
    let small = CustomerCommand::RecordOrder(order("", "9999.99"));
    let _ = given::<Customer>([registered()]).when(small).then([order_recorded("", "9999.99")]);
}

#[test]
fn an_order_is_in_the_tenants_currency() {
    let dollars = RecordOrder { currency: "USD".parse().unwrap(), ..order("1", "5") };
    let expected = CustomerRejection::CurrencyMismatch { expected: idr() };
    given::<Customer>([registered()]).when(CustomerCommand::RecordOrder(dollars)).then_rejected(expected);
}

#[test]
fn an_order_is_not_placed_in_the_future() {
    let at = |seconds| {
        let placed_at = Some(noon() + TimeDelta::seconds(seconds));
        CustomerCommand::RecordOrder(RecordOrder { placed_at, ..order("1", "5") })
    };
    let expected = invalid(&[("placed_at", "This time is in the future")]);
    given::<Customer>([registered()]).when(at(301)).then_rejected(expected);
    let CustomerEvent::OrderRecorded(mut soon) = order_recorded("1", "5") else { unreachable!("a sample") };
    soon.placed_at = noon() + TimeDelta::seconds(299);
    let _ = given::<Customer>([registered()]).when(at(299)).then([CustomerEvent::OrderRecorded(soon)]);
}

#[test]
fn an_older_order_does_not_turn_the_last_order_back() {
    let placed_at = Some(noon() - TimeDelta::days(9));
    let older = CustomerCommand::RecordOrder(RecordOrder { placed_at, ..order("2", "5") });
    let CustomerEvent::OrderRecorded(mut expected) = order_recorded("2", "5") else { unreachable!("a sample") };
    expected.placed_at = noon() - TimeDelta::days(9);
    let history = [registered(), order_recorded("1", "5")];
    let state = given::<Customer>(history).when(older).then([CustomerEvent::OrderRecorded(expected)]);
    assert_eq!((state.last_order_at, state.total_orders), (Some(noon()), 2));
}

#[test]
fn the_total_stays_an_amount() {
    let Import { profile, .. } = Import::new(profile());
    let imported = CustomerEvent::Imported(Imported {
        profile,
        is_active: true,
        loyalty_points: 0,
        total_orders: 1,
        total_spent: Amount::MAX,
        created_at: noon(),
        last_order_at: None,
    });
    let command = CustomerCommand::RecordOrder(order("1", "0.01"));
    given::<Customer>([imported]).when(command).then_rejected(CustomerRejection::TotalSpentOutOfBounds);
}

#[test]
fn an_order_that_earns_too_much_is_refused() {
    let generous = Some(EarningRule { points: i64::MAX, per: amount("0.01") });
    let command = CustomerCommand::RecordOrder(RecordOrder { earning_rule: generous, ..order("1", "5") });
    given::<Customer>([registered()]).when(command).then_rejected(CustomerRejection::PointsOutOfBounds);
}
