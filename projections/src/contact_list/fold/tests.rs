//! Given events, then this row.

use events::conversation::{MessageReceived, Read, Started, Status, StatusChanged};
use events::customer::{ContactChanged, Forgotten, PointsUpdated, Registered, Tagged, Untagged};
use events::{ConversationEvent, ConversationId, Event, MessageId, PageId, Source, StreamRef, TagId, TenantId};

use super::*;
use crate::contact_list::talk;
use crate::testing::given::recorded;

fn tag() -> TagId {
    "tag".parse().expect("an id")
}

fn registered() -> CustomerEvent {
    let profile = Profile { name: "Ann Maria Lee".into(), email: "ann@example.com".into(), ..Profile::default() };
    CustomerEvent::Registered(Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None })
}

/// The row after these events of a customer.
fn given(events: Vec<CustomerEvent>) -> Option<ContactRow> {
    let id: CustomerId = "ann".parse().expect("an id");
    let stream = StreamRef::customer(&TenantId::platform(), &id);
    (1..).zip(events).fold(None, |row, (number, event)| {
        let recorded = recorded(&stream, number, Event::Customer(event.clone()));
        customer(Partition(0), row, (&id, &recorded), &event).expect("the event fits")
    })
}

/// The row after these events of a conversation, the first of which comes ten seconds after 1970.
fn talked(row: ContactRow, events: Vec<ConversationEvent>) -> ContactRow {
    let id = ConversationId::of(&row.id, &page());
    let stream = StreamRef::conversation(&TenantId::platform(), &id);
    (10..).zip(events).fold(row, |row, (number, event)| {
        talk::conversation(row, &id, &recorded(&stream, number, Event::Conversation(event.clone())), &event)
    })
}

fn page() -> PageId {
    "page".parse().expect("an id")
}

fn started() -> ConversationEvent {
    let customer = "ann".parse().expect("an id");
    ConversationEvent::Started(Started { customer, page: page(), source: Source::Telegram, title: "Chat".into() })
}

fn message(text: &str) -> ConversationEvent {
    let message_id: MessageId = text.parse().expect("an id");
    let at = DateTime::UNIX_EPOCH;
    ConversationEvent::MessageReceived(MessageReceived { message_id, external_id: String::new(), text: text.into(), at })
}

#[test]
fn what_the_list_does_not_show_leaves_the_row_as_it_is() {
    let points = CustomerEvent::PointsUpdated(PointsUpdated { requested: 1, applied: 1, balance: 1, reason: "".into() });
    assert_eq!(given(vec![registered(), points]), given(vec![registered()]));
}

#[test]
fn names_are_the_channel_s_or_else_what_was_written_down() {
    let row = given(vec![registered()]).expect("a row");
    assert_eq!(row.names(), ("Ann", "Maria Lee"));
    let contact = Contact { source: Source::Instagram, first_name: "A.".into(), username: "ann".into(), ..Contact::default() };
    let row = given(vec![registered(), CustomerEvent::ContactChanged(ContactChanged { contact })]).expect("a row");
    assert_eq!((row.names(), row.contact.source), (("A.", ""), Source::Instagram));
    assert_eq!(row.search_text(), "a.\n\nann\nann@example.com\n");
}

#[test]
fn tags_come_and_go_and_forgetting_leaves_no_row() {
    let tagged = CustomerEvent::Tagged(Tagged { tag: tag(), name: "VIP".into() });
    let row = given(vec![registered(), tagged.clone()]).expect("a row");
    assert_eq!((row.tags, row.version), (vec![tag()], 2));
    let untagged = CustomerEvent::Untagged(Untagged { tag: tag(), name: "VIP".into() });
    assert_eq!(given(vec![registered(), tagged, untagged]).expect("a row").tags, []);
    assert_eq!(given(vec![registered(), CustomerEvent::Forgotten(Forgotten {})]), None);
}

#[test]
fn reading_changes_what_is_unread_and_nothing_else_that_orders_go_by() {
    let row = given(vec![registered()]).expect("a row");
    assert_eq!(row.last_activity(), row.created_at, "nobody wrote yet");
    let wrote = talked(row.clone(), vec![started(), message("one"), message("two")]);
    assert_eq!((wrote.has_unread(), wrote.conversations[0].unread), (true, 2));
    assert_eq!((wrote.updated_at.timestamp(), wrote.last_activity().timestamp()), (12, 12));
    let read = ConversationEvent::Read(Read { up_to: "two".parse().expect("an id"), unread: 0 });
    let read = talked(row.clone(), vec![started(), message("one"), message("two"), read]);
    assert_eq!(
        (read.has_unread(), read.updated_at, read.conversations[0].updated_at),
        (false, wrote.updated_at, wrote.updated_at)
    );
    let closed = ConversationEvent::StatusChanged(StatusChanged { status: Status::Closed });
    let closed = talked(row, vec![started(), message("one"), closed]);
    assert_eq!((closed.updated_at.timestamp(), closed.last_activity().timestamp()), (12, 11), "a status is no activity");
}
