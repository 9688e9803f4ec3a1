//! The wire format is frozen: every sample that was ever stored decodes, and the newest re-encode byte for byte.
//!
//! `KITH_BLESS=1 cargo test -p events` writes the samples of types that have none yet; it never changes a stored one.

mod desk;
mod providers;
mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use events::{Actor, Commit, Envelope, Event, EventId, NewEvent, StreamRef, codec};

use samples::{at, samples};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// The types in the sample of a commit.
const IN_COMMIT: [&str; 3] = ["customer.registered", "customer.imported", "customer.profile_changed"];

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
            .filter(|event| IN_COMMIT.contains(&event.event_type().name))
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
