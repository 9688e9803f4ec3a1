//! Sentences, differences and erasure: given events, then these rows.

use std::path::Path;
use std::sync::Arc;

use events::access::{AccessEvent, Viewed};
use events::customer::{CustomerEvent, Deleted, Forgotten, PointsUpdated, Profile, ProfileChanged, Registered, Restored};
use events::subject::Partition;
use events::{
    Actor, ActorKind, Currency, Envelope, Event, EventId, EventType, Position, Recorded, StreamKind, StreamRef, TenantId,
};
use serde_json::{Value as Json, json};

use super::fold::{Added, Trail};
use super::row::AuditRow;
use super::words;

const PARTITION: Partition = Partition(3);

fn recorded(position: u64, version: u64, stream: StreamRef, event: impl Into<Event>) -> Recorded {
    let envelope = Envelope {
        stream,
        recorded_at: "2024-01-20T15:45:00Z".parse().expect("a time"),
        actor: Actor { id: "user-1".into(), kind: ActorKind::User, name: "Ana\0".into() },
        correlation_id: "request-1".parse().expect("an id"),
        causation_id: None,
    };
    Recorded {
        envelope: Arc::new(envelope),
        position: Position(position),
        index: 0,
        version,
        event_id: EventId(uuid::Uuid::from_u128(position.into())),
        event: event.into(),
    }
}

fn tenant() -> TenantId {
    "tenant-1".parse().expect("an id")
}

fn stream(kind: StreamKind, id: &str) -> StreamRef {
    StreamRef::new(tenant(), kind, id).expect("a stream")
}

fn told(events: &[Recorded]) -> Added {
    let mut trail = Trail::new(PARTITION, []).expect("nothing is read");
    events.iter().for_each(|event| trail.apply(event).expect("it fits"));
    trail.into_added().expect("states are written")
}

/// A customer's events, from version and position 1 on.
fn of_customer(events: Vec<CustomerEvent>) -> Vec<Recorded> {
    let numbered = (1..).zip(events);
    numbered.map(|(number, event)| recorded(number, number, stream(StreamKind::Customer, "customer-1"), event)).collect()
}

fn registered() -> CustomerEvent {
    let profile = Profile { name: "Jane".into(), email: "jane@example.com".into(), ..Profile::default() };
    CustomerEvent::Registered(Registered { profile, is_active: true, loyalty_points: 10, last_order_at: None })
}

fn points(applied: i64, balance: i64) -> CustomerEvent {
    CustomerEvent::PointsUpdated(PointsUpdated { requested: applied, applied, balance, reason: "a\0gift".into() })
}

fn changes(row: &AuditRow) -> Vec<(&str, Json, Json)> {
    row.changes.iter().map(|change| (change.field.as_str(), change.old.clone(), change.new.clone())).collect()
}

#[test]
fn what_changed_is_the_difference_of_the_states() {
    let renamed = ProfileChanged { name: Some("Janet".into()), email: Some("jane@example.com".into()), ..Default::default() };
    let events = vec![registered(), CustomerEvent::ProfileChanged(renamed), points(-10, 0), CustomerEvent::Deleted(Deleted {})];
    let rows = told(&of_customer(events)).rows;
    assert_eq!(
        changes(&rows[0]),
        [
            ("name", Json::Null, json!("Jane")),
            ("email", Json::Null, json!("jane@example.com")),
            ("is_active", Json::Null, json!(true)),
            ("loyalty_points", Json::Null, json!(10)),
            ("created_at", Json::Null, json!("2024-01-20T15:45:00Z")),
        ],
        "what is blank is no change"
    );
    assert_eq!(changes(&rows[1]), [("name", json!("Jane"), json!("Janet"))], "what was said again is no change");
    assert_eq!((rows[1].object_repr.as_str(), rows[1].description.as_str()), ("Janet", "Updated name"));
    assert_eq!(changes(&rows[2]), [("loyalty_points", json!(10), json!(0))]);
    assert_eq!(rows[2].description, "Took 10 points: a\u{FFFD}gift", "what PostgreSQL cannot hold is replaced");
    assert_eq!(rows[2].actor.name, "Ana\u{FFFD}");
    assert_eq!(changes(&rows[3]), [("is_deleted", json!(false), json!(true))]);
}

#[test]
fn batches_go_on_from_the_states_that_were_kept() {
    let events = of_customer(vec![registered(), points(5, 15), points(5, 20)]);
    let at_once = told(&events);
    let mut kept = Vec::new();
    let mut rows = Vec::new();
    for event in &events {
        let mut trail = Trail::new(PARTITION, kept).expect("a state that was written");
        trail.apply(event).expect("it fits");
        // Delivered once more: known already.
        trail.apply(event).expect("it fits");
        let added = trail.into_added().expect("states are written");
        rows.extend(added.rows);
        kept = added.objects;
    }
    assert_eq!((rows, kept), (at_once.rows, at_once.objects));
}

#[test]
fn looking_tells_what_the_record_was_called_and_changes_nothing() {
    let viewed = AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: "customer-1".into() });
    let mut events = of_customer(vec![registered()]);
    events.push(recorded(2, 1, stream(StreamKind::Access, "reader-1"), viewed.clone()));
    let rows = told(&events).rows;
    let row = &rows[1];
    assert_eq!((row.kind, row.object_id.as_str(), row.object_repr.as_str()), (StreamKind::Customer, "customer-1", "Jane"));
    assert_eq!((row.activity.name, row.activity.action.name(), row.changes.len()), ("viewed", "view", 0));
}

#[test]
fn of_what_is_forgotten_only_the_tombstone_and_nameless_looks_are_told() {
    let viewed = AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: "customer-1".into() });
    let mut events = of_customer(vec![registered(), points(5, 15)]);
    events.push(recorded(3, 1, stream(StreamKind::Access, "reader-1"), viewed));
    events.push(recorded(4, 3, stream(StreamKind::Customer, "customer-1"), CustomerEvent::Forgotten(Forgotten {})));
    let added = told(&events);
    let told: Vec<_> = added.rows.iter().map(|row| (row.activity.name, row.object_repr.as_str(), row.changes.len())).collect();
    assert_eq!(told, [("viewed", "Forgotten customer", 0), ("forgotten", "Forgotten customer", 0)]);
    assert_eq!(added.forgotten.len(), 1, "what is in the tables goes as well");
    let everything = format!("{added:?}");
    assert!(!everything.contains("Jane") && !everything.contains("jane@"), "{everything}");
}

#[test]
fn where_the_beginning_was_erased_nothing_is_told_until_the_tombstone() {
    let customer = || stream(StreamKind::Customer, "customer-1");
    let events = [
        recorded(7, 3, customer(), CustomerEvent::Restored(Restored::default())),
        recorded(8, 4, customer(), CustomerEvent::Forgotten(Forgotten {})),
    ];
    let rows = told(&events).rows;
    assert_eq!(rows.iter().map(|row| row.activity.name).collect::<Vec<_>>(), ["forgotten"]);
}

/// The stored sample of an event type.
fn sample(kind: StreamKind, event_type: EventType) -> Event {
    let name = format!("../events/golden/{}.v{}.msgpack", event_type.name, event_type.version);
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a sample");
    Event::decode_data(kind, event_type.name, event_type.version, &bytes).expect("an event")
}

#[test]
fn every_event_type_is_told_in_words() {
    let mut book = String::new();
    for kind in StreamKind::ALL {
        let is_of_it = |known: &EventType| known.name.split('.').next() == Some(kind.name());
        let types: Vec<EventType> = Event::catalogue().filter(is_of_it).collect();
        let names: Vec<&str> = types.iter().map(|known| known.name).collect();
        let words: Vec<&str> = words::of(kind).activities.iter().map(|activity| activity.event).collect();
        assert_eq!(words, names, "one activity per event type, in their order");
        let first = types[0];
        for known in types {
            let told_as = |number: u64, event: EventType| recorded(number, number, stream(kind, "object-1"), sample(kind, event));
            let events = if is_beginning(&known) { vec![told_as(1, known)] } else { vec![told_as(1, first), told_as(2, known)] };
            let row = told(&events).rows.pop().expect("a row");
            let changed: Vec<_> = row.changes.iter().map(|change| shown(kind, change)).collect();
            let line = [known.name, row.activity.name, row.activity.action.name(), &row.description, &changed.join("; ")];
            book.push_str(line.join(" | ").trim_end_matches([' ', '|']));
            book.push('\n');
        }
    }
    insta::assert_snapshot!(book);
}

/// Whether the event begins a stream, so that it cannot stand behind another.
fn is_beginning(known: &EventType) -> bool {
    let activity = words::activities().find(|activity| activity.event == known.name).expect("an activity");
    activity.action == words::Action::Create
}

fn shown(kind: StreamKind, change: &super::FieldChange) -> String {
    let field = words::of(kind).field(&change.field).expect("a field");
    let show = |value: &Json| field.shown.display(value, &Currency::default());
    format!("{}: {} -> {}", field.label, show(&change.old), show(&change.new))
}

#[test]
fn a_word_is_the_same_action_everywhere() {
    for activity in words::activities() {
        let mut same = words::activities().filter(|other| other.name == activity.name);
        assert!(same.all(|other| other.action == activity.action), "{}", activity.name);
    }
}
