//! One sample of every event type, in its newest version.

use chrono::{DateTime, TimeZone, Utc};
use events::access as a;
use events::customer as c;
use events::tenant as t;
use events::user as u;
use events::{AccessEvent, Contact, CustomerEvent, Event, Source, TenantEvent, UserEvent};

use super::{desk, providers};

pub fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 1, 20, 15, 45, second).single().expect("a time")
}

fn profile() -> c::Profile {
    c::Profile {
        name: "John Doe".into(),
        email: "john@example.com".into(),
        phone: "08123456789".into(),
        address: "Jl. Sudirman No. 123".into(),
        city: "Jakarta".into(),
        province: "DKI Jakarta".into(),
        postal_code: "12345".into(),
        notes: "VIP".into(),
    }
}

fn contact() -> Contact {
    Contact {
        source: Source::Telegram,
        source_id: "telegram_user_123".into(),
        username: "johndoe".into(),
        first_name: "John".into(),
        last_name: "Doe".into(),
        profile_picture: "https://example.com/john.jpg".into(),
    }
}

/// One sample of every event type, in its newest version.
pub fn samples() -> Vec<Event> {
    let amount = |text: &str| text.parse().expect("an amount");
    let mut samples = vec![
        TenantEvent::Created(t::Created { name: "My Restaurant".into(), currency: "IDR".parse().expect("a currency") }).into(),
        TenantEvent::Renamed(t::Renamed { name: "Our Restaurant".into() }).into(),
        TenantEvent::EarningRuleSet(t::EarningRuleSet { rule: Some(t::EarningRule { points: 1, per: amount("10000") }) }).into(),
        TenantEvent::ViewAuditSet(t::ViewAuditSet { on: true }).into(),
        TenantEvent::AuditRetentionSet(t::AuditRetentionSet { days: Some(365) }).into(),
        TenantEvent::AssignmentRuleSet(t::AssignmentRuleSet { rule: t::AssignmentRule::LeastBusy }).into(),
        UserEvent::Added(u::Added { email: "ana@example.com".into(), name: "Ana".into(), role: u::Role::Admin }).into(),
        UserEvent::Renamed(u::Renamed { name: "Ana B".into() }).into(),
        UserEvent::RoleChanged(u::RoleChanged { role: u::Role::Viewer }).into(),
        UserEvent::PasswordChanged(u::PasswordChanged {}).into(),
        UserEvent::Deactivated(u::Deactivated {}).into(),
        UserEvent::Activated(u::Activated {}).into(),
        UserEvent::AvailabilitySet(u::AvailabilitySet { available: true }).into(),
        CustomerEvent::Registered(c::Registered { profile: profile(), is_active: true, loyalty_points: 0, last_order_at: None })
            .into(),
        CustomerEvent::Imported(c::Imported {
            profile: profile(),
            is_active: true,
            loyalty_points: 500,
            total_orders: 25,
            total_spent: amount("2500000.00"),
            created_at: at(1),
            last_order_at: Some(at(2)),
        })
        .into(),
        CustomerEvent::Arrived(Box::new(c::Arrived {
            profile: c::Profile { email: String::new(), ..profile() },
            contact: contact(),
        }))
        .into(),
        CustomerEvent::ProfileChanged(c::ProfileChanged { phone: Some("08987654321".into()), ..Default::default() }).into(),
        CustomerEvent::ContactChanged(c::ContactChanged { contact: contact() }).into(),
        CustomerEvent::Tagged(c::Tagged { tag: "tag-1".parse().expect("an id"), name: "VIP".into() }).into(),
        CustomerEvent::Untagged(c::Untagged { tag: "tag-1".parse().expect("an id"), name: "VIP".into() }).into(),
        CustomerEvent::PointsUpdated(c::PointsUpdated { requested: -80, applied: -50, balance: 0, reason: "redeemed".into() })
            .into(),
        CustomerEvent::OrderRecorded(c::OrderRecorded {
            number: "A-17".into(),
            amount: amount("120000.50"),
            currency: "IDR".parse().expect("a currency"),
            placed_at: at(3),
        })
        .into(),
        CustomerEvent::Activated(c::Activated {}).into(),
        CustomerEvent::Deactivated(c::Deactivated {}).into(),
        CustomerEvent::Deleted(c::Deleted {}).into(),
        CustomerEvent::Restored(c::Restored::default()).into(),
        CustomerEvent::Forgotten(c::Forgotten {}).into(),
        AccessEvent::Viewed(a::Viewed { kind: events::StreamKind::Customer, id: "customer-1".into() }).into(),
        AccessEvent::Exported(a::Exported { kind: events::StreamKind::Customer }).into(),
    ];
    samples.extend(desk::samples());
    samples.extend(providers::samples());
    samples
}
