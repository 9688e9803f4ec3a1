//! Made-up histories of customers who write: contacts, tags and conversations, as the live list has them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use events::conversation::{
    self, AgentReplied, BotReplied, ConversationEvent, MessageReceived, Read, Retitled, Started, Status, StatusChanged,
};
use events::customer::{
    Arrived, ContactChanged, CustomerEvent, Deleted, Forgotten, Imported, PointsUpdated, Profile, ProfileChanged, Registered,
    Restored, Tagged, Untagged,
};
use events::{
    Actor, Amount, Contact, ConversationId, CorrelationId, CustomerId, Envelope, Event, EventId, MessageId, PageId, Position,
    Recorded, Source, StreamRef, TagEvent, TagId, tag,
};

use super::history::{Step, tenant};

const NAMES: [&str; 7] = ["Ann Lee", "ann", "Zoë Öztürk", "100% Bob_x", "John Doe", "O'Brien \"Jo\" *", ""];
const EMAILS: [&str; 3] = ["", "Ann@Example.com", "jo@doe.example"];
const PHONES: [&str; 3] = ["", "+62 812", "0812-1"];
const TAGS: [&str; 4] = ["VIP", "Premium", "New Customer", "vip2"];

/// How many customers a tenant has, and how many tags.
pub const CUSTOMERS: u8 = 5;
const MOST_TAGS: u16 = 3;

/// The history that the steps make, with gaps between positions as others' commits leave them.
#[must_use]
pub fn contacts(steps: &[Step]) -> Vec<Recorded> {
    let mut maker = Maker::default();
    for step in steps {
        maker.take(*step);
    }
    maker.events
}

/// What a log says after the earlier events of who was forgotten were erased.
#[must_use]
pub fn erased(history: &[Recorded]) -> Vec<Recorded> {
    let stream = |recorded: &Recorded| format!("{:?}", recorded.envelope.stream);
    let is_end = |event: &Event| {
        matches!(event, Event::Customer(CustomerEvent::Forgotten(_)) | Event::Conversation(ConversationEvent::Forgotten(_)))
    };
    let ends: BTreeMap<String, Position> =
        history.iter().filter(|recorded| is_end(&recorded.event)).map(|end| (stream(end), end.position)).collect();
    let stays = |recorded: &&Recorded| ends.get(&stream(recorded)).is_none_or(|end| recorded.position >= *end);
    history.iter().filter(stays).cloned().collect()
}

#[derive(Default)]
struct Maker {
    position: u64,
    events: Vec<Recorded>,
    versions: BTreeMap<String, u64>,
    people: BTreeMap<(u8, u8), Person>,
}

#[derive(Default)]
struct Person {
    entered: bool,
    forgotten: bool,
    tags: BTreeSet<u16>,
    talks: BTreeSet<u8>,
}

impl Maker {
    fn take(&mut self, step: Step) {
        let key = (step.tenant % 2, step.customer % CUSTOMERS);
        let mut person = self.people.remove(&key).unwrap_or_default();
        if !person.forgotten {
            self.act(step, key, &mut person);
        }
        self.people.insert(key, person);
    }

    fn act(&mut self, step: Step, key: (u8, u8), person: &mut Person) {
        let (number, page) = (step.number, (step.number % 2) as u8);
        if !person.entered {
            person.entered = true;
            return self.customer(key, number, vec![enter(step)]);
        }
        match step.what % 16 {
            0 => self.customer(key, number, vec![profile(number)]),
            1 => self.customer(key, number, vec![CustomerEvent::ContactChanged(ContactChanged { contact: contact(number) })]),
            2 | 3 if person.tags.insert(number % MOST_TAGS) => {
                let tagged = Tagged { tag: tag_id(number), name: "as it was".to_owned() };
                self.customer(key, number, vec![CustomerEvent::Tagged(tagged)]);
            }
            4 if person.tags.remove(&(number % MOST_TAGS)) => {
                let untagged = Untagged { tag: tag_id(number), name: "as it was".to_owned() };
                self.customer(key, number, vec![CustomerEvent::Untagged(untagged)]);
            }
            5 => self.customer(key, number, vec![CustomerEvent::Deleted(Deleted {})]),
            6 => self.customer(key, number, vec![CustomerEvent::Restored(Restored::default())]),
            7..=12 if !person.talks.contains(&page) => {
                person.talks.insert(page);
                self.talk(key, number, vec![started(key, page), received(number)]);
            }
            7 | 8 => self.talk(key, number, vec![received(number)]),
            9 => self.talk(key, number, vec![replied(number), status(number)]),
            10 => self.talk(key, number, vec![ConversationEvent::Read(Read { up_to: message_id(number), unread: 0 })]),
            11 => self.talk(key, number, vec![status(number)]),
            12 => self.talk(key, number, vec![ConversationEvent::Retitled(Retitled { title: format!("Talk {number}") })]),
            13 => self.tag(key.0, number),
            14 if number.is_multiple_of(3) => self.forget(key, number, person),
            _ => self.customer(key, number, vec![points(), points()]),
        }
    }

    fn forget(&mut self, key: (u8, u8), number: u16, person: &mut Person) {
        for page in std::mem::take(&mut person.talks) {
            self.talk(key, u16::from(page), vec![ConversationEvent::Forgotten(conversation::Forgotten {})]);
        }
        person.forgotten = true;
        self.customer(key, number, vec![CustomerEvent::Forgotten(Forgotten {})]);
    }

    fn customer(&mut self, key: (u8, u8), number: u16, events: Vec<CustomerEvent>) {
        let stream = StreamRef::customer(&tenant(key.0), &customer_id(key));
        self.commit(stream, number, events.into_iter().map(Event::Customer).collect());
    }

    fn talk(&mut self, key: (u8, u8), number: u16, events: Vec<ConversationEvent>) {
        let id = ConversationId::of(&customer_id(key), &page_id((number % 2) as u8));
        let stream = StreamRef::conversation(&tenant(key.0), &id);
        self.commit(stream, number, events.into_iter().map(Event::Conversation).collect());
    }

    fn tag(&mut self, tenant_no: u8, number: u16) {
        let name = TAGS[usize::from(number / 7) % TAGS.len()].to_owned();
        let event = match number % 5 {
            0 => TagEvent::Deleted(tag::Deleted {}),
            1 | 2 => TagEvent::Created(tag::Created { name }),
            _ => TagEvent::Renamed(tag::Renamed { name }),
        };
        self.commit(StreamRef::tag(&tenant(tenant_no), &tag_id(number)), number, vec![Event::Tag(event)]);
    }

    fn commit(&mut self, stream: StreamRef, number: u16, events: Vec<Event>) {
        self.position += 1 + u64::from(number % 3);
        let version = self.versions.entry(format!("{stream:?}")).or_default();
        let envelope = std::sync::Arc::new(Envelope {
            stream,
            recorded_at: time(self.position),
            actor: Actor::system("test"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        });
        for (index, event) in (0_u32..).zip(events) {
            *version += 1;
            self.events.push(Recorded {
                envelope: std::sync::Arc::clone(&envelope),
                position: Position(self.position),
                index,
                version: *version,
                event_id: EventId::generate(),
                event,
            });
        }
    }
}

/// The customer of a tenant with this number.
#[must_use]
pub fn customer_id((_, number): (u8, u8)) -> CustomerId {
    made(format!("customer-{number}"))
}

/// The tag with this number.
#[must_use]
pub fn tag_id(number: u16) -> TagId {
    made(format!("tag-{}", number % MOST_TAGS))
}

fn page_id(number: u8) -> PageId {
    made(format!("page-{number}"))
}

fn message_id(number: u16) -> MessageId {
    made(format!("message-{number}"))
}

#[expect(clippy::expect_used, reason = "the texts stand here, and all of them are ids")]
fn made<T: TryFrom<String>>(text: String) -> T {
    T::try_from(text).ok().expect("an id")
}

fn time(seconds: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_750_000_000 + i64::try_from(seconds / 2 * 20_000).unwrap_or(0))
}

fn pick<T: Copy>(from: &[T], number: u16) -> T {
    from[usize::from(number) % from.len()]
}

fn contact(number: u16) -> Contact {
    let (first_name, last_name) = pick(&NAMES, number).split_once(' ').unwrap_or_default();
    Contact {
        source: pick(Source::ALL, number),
        source_id: number.to_string(),
        username: format!("user{}", number % 4),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        profile_picture: String::new(),
    }
}

fn enter(step: Step) -> CustomerEvent {
    let number = step.number;
    let profile = Profile {
        name: pick(&NAMES, number).to_owned(),
        email: pick(&EMAILS, number).to_owned(),
        phone: pick(&PHONES, number / 2).to_owned(),
        ..Profile::default()
    };
    match step.what % 3 {
        0 => {
            let registered = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
            CustomerEvent::Registered(registered)
        }
        1 => CustomerEvent::Imported(Imported {
            profile,
            is_active: true,
            loyalty_points: 0,
            total_orders: 0,
            total_spent: Amount::ZERO,
            // Also what another system says of a time to come.
            created_at: time(u64::from(number % 200)),
            last_order_at: None,
        }),
        _ => CustomerEvent::Arrived(Box::new(Arrived { profile, contact: contact(number) })),
    }
}

fn profile(number: u16) -> CustomerEvent {
    CustomerEvent::ProfileChanged(ProfileChanged {
        name: number.is_multiple_of(2).then(|| pick(&NAMES, number).to_owned()),
        email: number.is_multiple_of(3).then(|| pick(&EMAILS, number / 3).to_owned()),
        phone: number.is_multiple_of(5).then(|| pick(&PHONES, number / 5).to_owned()),
        notes: Some("never shown".to_owned()),
        ..ProfileChanged::default()
    })
}

fn points() -> CustomerEvent {
    CustomerEvent::PointsUpdated(PointsUpdated { requested: 1, applied: 1, balance: 1, reason: String::new() })
}

fn started(key: (u8, u8), page: u8) -> ConversationEvent {
    let (customer, page) = (customer_id(key), page_id(page));
    ConversationEvent::Started(Started { customer, page, source: Source::Telegram, title: "Support Chat".to_owned() })
}

fn received(number: u16) -> ConversationEvent {
    ConversationEvent::MessageReceived(MessageReceived {
        message_id: message_id(number),
        external_id: String::new(),
        text: format!("Hello, I need help! {number}"),
        at: time(u64::from(number)),
    })
}

fn replied(number: u16) -> ConversationEvent {
    let (message_id, text) = (message_id(number), "Here I am".to_owned());
    if number.is_multiple_of(2) {
        return ConversationEvent::AgentReplied(AgentReplied { message_id, text });
    }
    ConversationEvent::BotReplied(BotReplied { message_id, text })
}

fn status(number: u16) -> ConversationEvent {
    ConversationEvent::StatusChanged(StatusChanged { status: pick(Status::ALL, number / 4) })
}
