//! Samples that the tests of customers share.

use commands::customer::{RecordOrder, Register};
use commands::{CustomerCommand, CustomerRejection, FieldErrors};
use events::customer::{OrderRecorded, PointsUpdated, Profile, Registered};
use events::tenant::EarningRule;
use events::{Amount, Currency, CustomerEvent};

pub fn profile() -> Profile {
    Profile {
        name: "Jane Smith".into(),
        email: "jane@example.com".into(),
        phone: "+62 (21) 555-0101".into(),
        address: "Jl. Thamrin No. 456".into(),
        city: "Jakarta".into(),
        province: "DKI Jakarta".into(),
        postal_code: "12346".into(),
        notes: "VIP customer".into(),
    }
}

pub fn registered() -> CustomerEvent {
    registered_with(0)
}

pub fn registered_with(loyalty_points: i64) -> CustomerEvent {
    CustomerEvent::Registered(Registered { profile: profile(), is_active: true, loyalty_points, last_order_at: None })
}

pub fn register(profile: Profile) -> CustomerCommand {
    CustomerCommand::Register(Register::new(profile))
}

pub fn points(requested: i64, applied: i64, balance: i64, reason: &str) -> CustomerEvent {
    CustomerEvent::PointsUpdated(PointsUpdated { requested, applied, balance, reason: reason.into() })
}

pub fn idr() -> Currency {
    "IDR".parse().unwrap()
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn order(number: &str, paid: &str) -> RecordOrder {
    RecordOrder {
        number: number.into(),
        amount: amount(paid),
        currency: idr(),
        placed_at: None,
        tenant_currency: idr(),
        earning_rule: Some(EarningRule { points: 1, per: amount("10000") }),
    }
}

pub fn order_recorded(number: &str, paid: &str) -> CustomerEvent {
    CustomerEvent::OrderRecorded(OrderRecorded {
        number: number.into(),
        amount: amount(paid),
        currency: idr(),
        placed_at: commands::testing::noon(),
    })
}

pub fn invalid(fields: &[(&'static str, &str)]) -> CustomerRejection {
    let mut errors = FieldErrors::default();
    for (field, sentence) in fields {
        errors.add(field, *sentence);
    }
    CustomerRejection::Invalid(errors)
}
