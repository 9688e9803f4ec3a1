//! The wire format is frozen: every sample that was ever stored decodes, and the newest re-encode byte for byte.
//!
//! `KITH_BLESS=1 cargo test -p events` writes the samples of types that have none yet; it never changes a stored one.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use events::access as a;
use events::customer as c;
use events::tenant as t;
use events::user as u;
use events::{
    AccessEvent, Actor, Commit, CustomerEvent, Envelope, Event, EventId, NewEvent, StreamRef, TenantEvent, UserEvent, codec,
};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn at(second: u32) -> DateTime<Utc> {
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

/// One sample of every event type, in its newest version.
fn samples() -> Vec<Event> {
    let amount = |text: &str| text.parse().expect("an amount");
    vec![
        TenantEvent::Created(t::Created { name: "My Restaurant".into(), currency: "IDR".parse().expect("a currency") }).into(),
        TenantEvent::Renamed(t::Renamed { name: "Our Restaurant".into() }).into(),
        TenantEvent::EarningRuleSet(t::EarningRuleSet { rule: Some(t::EarningRule { points: 1, per: amount("10000") }) }).into(),
        TenantEvent::ViewAuditSet(t::ViewAuditSet { on: true }).into(),
        TenantEvent::AuditRetentionSet(t::AuditRetentionSet { days: Some(365) }).into(),
        UserEvent::Added(u::Added { email: "ana@example.com".into(), name: "Ana".into(), role: u::Role::Admin }).into(),
        UserEvent::Renamed(u::Renamed { name: "Ana B".into() }).into(),
        UserEvent::RoleChanged(u::RoleChanged { role: u::Role::Viewer }).into(),
        UserEvent::PasswordChanged(u::PasswordChanged {}).into(),
        UserEvent::Deactivated(u::Deactivated {}).into(),
        UserEvent::Activated(u::Activated {}).into(),
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
        CustomerEvent::ProfileChanged(c::ProfileChanged { phone: Some("08987654321".into()), ..Default::default() }).into(),
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
        CustomerEvent::Restored(c::Restored {}).into(),
        CustomerEvent::Forgotten(c::Forgotten {}).into(),
        AccessEvent::Viewed(a::Viewed { kind: events::StreamKind::Customer, id: "customer-1".into() }).into(),
        AccessEvent::Exported(a::Exported { kind: events::StreamKind::Customer }).into(),
    ]
}

fn sample_commit() -> Commit {
    let id = |n: u128| EventId(uuid::Uuid::from_u128(n));
    Commit {
        envelope: Envelope {
            stream: StreamRef::customer(&"tenant-1".parse().expect("an id"), &"customer-1".parse().expect("an id")),
            recorded_at: at(0),
            actor: Actor::system("import"),
            correlation_id: "request-1".parse().expect("an id"),
            causation_id: Some(id(1)),
        },
        first_version: 4,
        events: samples()
            .into_iter()
            .filter(|event| event.kind() == events::StreamKind::Customer)
            .take(3)
            .enumerate()
            .map(|(n, event)| NewEvent { event_id: id(n as u128 + 2), event })
            .collect(),
    }
}

fn readable(bytes: &[u8]) -> String {
    let value: rmpv::Value = rmp_serde::from_slice(bytes).expect("a MessagePack value");
    let json = serde_json::to_string_pretty(&value).expect("a JSON value");
    format!("{json}\n")
}

fn check(name: &str, bytes: &[u8]) {
    let (packed, twin) = (golden().join(format!("{name}.msgpack")), golden().join(format!("{name}.json")));
    if !packed.exists() && std::env::var_os("KITH_BLESS").is_some() {
        fs::write(&packed, bytes).expect("writes the sample");
        fs::write(&twin, readable(bytes)).expect("writes the readable twin");
    }
    let stored = fs::read(&packed).unwrap_or_else(|e| panic!("{name} has no stored sample ({e}); KITH_BLESS=1 writes it"));
    assert_eq!(stored, bytes, "{name} is written differently now: raise its version and add an upcaster");
    assert_eq!(fs::read_to_string(&twin).expect("a readable twin"), readable(&stored), "{name}.json");
}

#[test]
fn every_type_has_a_sample_and_is_written_as_it_was() {
    let samples = samples();
    let types: Vec<_> = samples.iter().map(Event::event_type).collect();
    assert_eq!(types, Event::catalogue().collect::<Vec<_>>(), "one sample per type, in the catalogue's order");
    for event in &samples {
        let event_type = event.event_type();
        check(&format!("{}.v{}", event_type.name, event_type.version), &event.encode_data().expect("encodes"));
    }
    check("commit.v1", &codec::encode(&sample_commit()).expect("encodes"));
}

#[test]
fn every_stored_sample_decodes_for_ever() {
    let mut seen = 0;
    for entry in fs::read_dir(golden()).expect("the samples") {
        let path = entry.expect("an entry").path();
        let Some(stem) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".msgpack")) else { continue };
        let bytes = fs::read(&path).expect("a sample");
        let (name, version) = stem.rsplit_once(".v").expect("name.vN");
        if name == "commit" {
            codec::decode(&bytes).expect(stem);
        } else {
            let kind = name.split('.').next().expect("a kind").parse().expect("a stream kind");
            let event = Event::decode_data(kind, name, version.parse().expect("a version"), &bytes).expect(stem);
            assert_eq!(event.event_type().name, name);
        }
        seen += 1;
    }
    assert!(seen > Event::catalogue().count(), "every type and the commit");
}

#[test]
fn a_commit_survives_the_wire() {
    let commit = sample_commit();
    assert_eq!(codec::decode(&codec::encode(&commit).expect("encodes")).expect("decodes"), commit);
    assert_eq!(commit.last_version(), 6);
}

#[test]
fn what_this_program_does_not_know_is_an_error_and_not_a_guess() {
    let kind = events::StreamKind::Customer;
    assert!(matches!(Event::decode_data(kind, "customer.vanished", 1, b"\x80"), Err(events::CodecError::UnknownType(_))));
    assert!(matches!(
        Event::decode_data(kind, "customer.deleted", 9, b"\x80"),
        Err(events::CodecError::UnknownVersion { found: 9, .. })
    ));
    assert!(codec::decode(b"not a commit").is_err());
}
