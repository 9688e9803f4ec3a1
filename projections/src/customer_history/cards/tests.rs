//! What events do to cards: given, when, then.

use events::Source;
use events::customer::{Activated, Arrived, ContactChanged, Forgotten, Profile, Tagged, Untagged};

use super::*;
use crate::testing::history::tenant;

fn key() -> Key {
    (tenant(0), "customer-0".parse().expect("an id"))
}

fn tag(name: &str) -> TagId {
    name.parse().expect("an id")
}

fn put(name: &str) -> CustomerEvent {
    CustomerEvent::Tagged(Tagged { tag: tag(name), name: name.to_owned() })
}

fn take(name: &str) -> CustomerEvent {
    CustomerEvent::Untagged(Untagged { tag: tag(name), name: name.to_owned() })
}

fn contact(username: &str) -> Contact {
    Contact { source: Source::Telegram, source_id: "42".to_owned(), username: username.to_owned(), ..Contact::default() }
}

fn arrived(username: &str) -> CustomerEvent {
    CustomerEvent::Arrived(Box::new(Arrived { profile: Profile::default(), contact: contact(username) }))
}

/// The cards after events at moments, as pairs of moment and card.
fn folded(stored: Vec<Dated>, events: &[(i64, CustomerEvent)]) -> Vec<(i64, Card)> {
    let mut cards = Cards::new(stored);
    events.iter().for_each(|(at, event)| cards.apply(Moment(*at), &key(), event));
    cards.into_new(&BTreeSet::new()).into_iter().map(|dated| (dated.at.0, dated.card)).collect()
}

fn card(username: &str, tags: &[&str]) -> Card {
    Card { contact: contact(username), tags: tags.iter().map(|name| tag(name)).collect() }
}

#[test]
fn every_commit_that_changed_something_begins_a_card() {
    let changed = CustomerEvent::ContactChanged(ContactChanged { contact: contact("b\0") });
    let events = [(1, arrived("a")), (3, put("x")), (3, put("y")), (5, changed), (7, take("x")), (9, put("x"))];
    let wanted = [
        (1, card("a", &[])),
        (3, card("a", &["x", "y"])),
        (5, card("b\u{FFFD}", &["x", "y"])),
        (7, card("b\u{FFFD}", &["y"])),
        (9, card("b\u{FFFD}", &["y", "x"])),
    ];
    assert_eq!(folded(Vec::new(), &events), wanted);
}

#[test]
fn what_changes_nothing_begins_none() {
    let events = [(1, put("x")), (2, put("x")), (3, take("y")), (4, CustomerEvent::Activated(Activated {}))];
    assert_eq!(folded(Vec::new(), &events).len(), 1);
    assert_eq!(folded(Vec::new(), &[(1, put("x")), (1, take("x"))]), [], "what was true only within a commit never was");
}

#[test]
fn what_was_seen_already_changes_nothing() {
    let stored = || vec![Dated { key: key(), at: Moment(5), card: card("a", &["x"]) }];
    assert_eq!(folded(stored(), &[(1, arrived("a")), (3, put("y")), (5, put("x"))]), []);
    assert_eq!(folded(stored(), &[(5, put("y")), (6, put("z"))]), [(6, card("a", &["x", "z"]))]);
}

#[test]
fn who_is_forgotten_has_no_card() {
    let mut cards = Cards::default();
    for event in [arrived("a"), put("x"), CustomerEvent::Forgotten(Forgotten {})] {
        cards.apply(Moment(1), &key(), &event);
    }
    assert_eq!(cards.into_new(&BTreeSet::from([&key()])), []);
}
