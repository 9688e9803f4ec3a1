//! Made-up histories of the agent desk: from a few numbers, events that could have happened.

mod talk;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use events::conversation::{ConversationEvent as Event, Forgotten, Started};
use events::customer::{Arrived, ContactChanged, CustomerEvent, Profile, ProfileChanged};
use events::page::{Connected, Disconnected, PageEvent, Renamed as PageRenamed};
use events::tag::{Created, Deleted, Renamed as TagRenamed, TagEvent};
use events::user::{Added, AvailabilitySet, Deactivated, Renamed as UserRenamed, UserEvent};
use events::{
    Actor, Contact, ConversationId, CorrelationId, CustomerId, Envelope, EventId, PageId, Position, Recorded, Role, Source,
    StreamRef, TagId, TenantId, UserId,
};

use super::history::{Step, tenant};
use talk::Talk;

/// How many seconds pass from one position to the next: some 30 positions are a day.
const PACE: i64 = 2_800;
/// How many customers a tenant has.
pub const CUSTOMERS: u8 = 4;
/// How many pages a tenant has.
pub const PAGES: u8 = 2;
/// How many agents a tenant has.
pub const AGENTS: u8 = 3;

const FIRST_NAMES: [&str; 4] = ["Ann", "Zoë", "100%", "John"];
const LAST_NAMES: [&str; 4] = ["Lee", "Öztürk", "", "O'Brien"];

/// A customer of the made-up desk.
#[must_use]
pub fn customer(number: u8) -> Option<CustomerId> {
    format!("customer-{}", number % CUSTOMERS).parse().ok()
}

/// A page of the made-up desk.
#[must_use]
pub fn page(number: u8) -> Option<PageId> {
    format!("page-{}", number % PAGES).parse().ok()
}

/// An agent of the made-up desk.
#[must_use]
pub fn agent(number: u8) -> Option<UserId> {
    format!("agent-{}", number % AGENTS).parse().ok()
}

/// The history that the steps make: agents, pages and tags first, then customers who write and are helped.
#[must_use]
pub fn desk_history(steps: &[Step]) -> Vec<Recorded> {
    let mut maker = Maker::default();
    for number in 0..2 {
        maker.open(&tenant(number));
    }
    for step in steps {
        maker.step(*step);
    }
    maker.events
}

#[derive(Debug, Default)]
struct Maker {
    position: u64,
    events: Vec<Recorded>,
    versions: HashMap<String, u64>,
    /// The tags that are gone.
    deleted: HashSet<String>,
    /// By tenant and customer: whether they were forgotten.
    customers: BTreeMap<(u8, u8), bool>,
    talks: BTreeMap<(u8, u8, u8), Talk>,
}

impl Maker {
    fn open(&mut self, of: &TenantId) {
        for number in 0..AGENTS {
            let Some(id) = agent(number) else { continue };
            let role = if number == 0 { Role::Owner } else { Role::Agent };
            let added = Added { email: format!("agent{number}@example.com"), name: format!("Agent {number}"), role };
            self.commit(StreamRef::user(of, &id), vec![events::Event::User(UserEvent::Added(added))]);
        }
        for number in 0..PAGES {
            let Some(id) = page(number) else { continue };
            let (external_id, name) = (format!("account-{number}"), format!("Page {number}"));
            let connected = Connected { source: Source::Messenger, external_id, name };
            self.commit(StreamRef::page(of, &id), vec![events::Event::Page(PageEvent::Connected(connected))]);
        }
    }

    fn step(&mut self, step: Step) {
        let (t, c, p) = (step.tenant % 2, step.customer % CUSTOMERS, (step.number % u16::from(PAGES)) as u8);
        let of = tenant(t);
        let (Some(customer), Some(page)) = (customer(c), page(p)) else { return };
        match self.customers.get(&(t, c)) {
            None => self.arrive(&of, &customer, (t, c), step.number),
            Some(true) => {}
            Some(false) => match step.what % 26 {
                0 => self.rename(&of, &customer, step.number),
                1 | 24 | 25 => self.around(&of, step.number),
                2 if step.number.is_multiple_of(5) => self.forget(&of, &customer, (t, c)),
                what => self.talk(&of, &customer, &page, (t, c, p), what, step.number),
            },
        }
    }

    fn arrive(&mut self, of: &TenantId, customer: &CustomerId, key: (u8, u8), number: u16) {
        let contact = contact(number);
        let profile = Profile { name: contact.full_name(), ..Profile::default() };
        let arrived = CustomerEvent::Arrived(Box::new(Arrived { profile, contact }));
        self.customers.insert(key, false);
        self.commit(StreamRef::customer(of, customer), vec![events::Event::Customer(arrived)]);
    }

    fn rename(&mut self, of: &TenantId, customer: &CustomerId, number: u16) {
        let name = Some(format!("{} {}", pick(&FIRST_NAMES, number), pick(&LAST_NAMES, number / 4)));
        let renamed = CustomerEvent::ProfileChanged(ProfileChanged { name, ..ProfileChanged::default() });
        let told = CustomerEvent::ContactChanged(ContactChanged { contact: contact(number / 2) });
        let all = if number.is_multiple_of(3) { vec![renamed] } else { vec![told, renamed] };
        self.commit(StreamRef::customer(of, customer), all.into_iter().map(events::Event::Customer).collect());
    }

    /// What happens to agents, pages and tags.
    fn around(&mut self, of: &TenantId, number: u16) {
        let name = format!("Name {}", number % 7);
        let (Some(user), Some(page)) = (agent((number / 12) as u8), page((number / 12) as u8)) else { return };
        let users = |event| events::Event::User(event);
        let (what, number) = (number % 6, number / 6);
        match what {
            0 => self.commit(StreamRef::user(of, &user), vec![users(UserEvent::Renamed(UserRenamed { name }))]),
            1 => {
                let set = AvailabilitySet { available: !number.is_multiple_of(4) };
                self.commit(StreamRef::user(of, &user), vec![users(UserEvent::AvailabilitySet(set))]);
            }
            2 => self.commit(StreamRef::user(of, &user), vec![users(UserEvent::Deactivated(Deactivated {}))]),
            3 => self.commit(StreamRef::page(of, &page), vec![events::Event::Page(PageEvent::Renamed(PageRenamed { name }))]),
            4 => self.commit(StreamRef::page(of, &page), vec![events::Event::Page(PageEvent::Disconnected(Disconnected {}))]),
            _ => self.tag(of, number, name),
        }
    }

    fn tag(&mut self, of: &TenantId, number: u16, name: String) {
        let Ok(id) = TagId::try_from(format!("tag-{}", number % 3)) else { return };
        let stream = StreamRef::tag(of, &id);
        let event = match self.versions.get(&stream.to_string()) {
            None => TagEvent::Created(Created { name }),
            Some(_) if self.deleted.contains(&stream.to_string()) => return,
            Some(_) if number.is_multiple_of(4) => {
                self.deleted.insert(stream.to_string());
                TagEvent::Deleted(Deleted {})
            }
            Some(_) => TagEvent::Renamed(TagRenamed { name }),
        };
        self.commit(stream, vec![events::Event::Tag(event)]);
    }

    /// The customer and all their conversations.
    fn forget(&mut self, of: &TenantId, customer: &CustomerId, (t, c): (u8, u8)) {
        self.customers.insert((t, c), true);
        let gone = CustomerEvent::Forgotten(events::customer::Forgotten {});
        self.commit(StreamRef::customer(of, customer), vec![events::Event::Customer(gone)]);
        for number in 0..PAGES {
            let Some(page) = page(number) else { continue };
            if self.talks.remove(&(t, c, number)).is_some() {
                let stream = StreamRef::conversation(of, &ConversationId::of(customer, &page));
                self.commit(stream, vec![events::Event::Conversation(Event::Forgotten(Forgotten {}))]);
            }
        }
    }

    fn talk(&mut self, of: &TenantId, customer: &CustomerId, page: &PageId, key: (u8, u8, u8), what: u8, number: u16) {
        let mut all = Vec::new();
        let talk = self.talks.entry(key).or_insert_with(|| {
            let (customer, page) = (customer.clone(), page.clone());
            all.push(Event::Started(Started { customer, page, source: Source::Messenger, title: "Hello".to_owned() }));
            Talk::default()
        });
        talk.next(what, number, time(self.position), &mut all);
        if !all.is_empty() {
            let stream = StreamRef::conversation(of, &ConversationId::of(customer, page));
            self.commit(stream, all.into_iter().map(events::Event::Conversation).collect());
        }
    }

    fn commit(&mut self, stream: StreamRef, all: Vec<events::Event>) {
        self.position += 1 + self.position % 3;
        let version = self.versions.entry(stream.to_string()).or_default();
        let envelope = Arc::new(Envelope {
            stream,
            recorded_at: time(self.position),
            actor: Actor::system("test"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        });
        for (index, event) in (0_u32..).zip(all) {
            *version += 1;
            let (position, version, event_id) = (Position(self.position), *version, EventId::generate());
            self.events.push(Recorded { envelope: Arc::clone(&envelope), position, index, version, event_id, event });
        }
    }
}

fn contact(number: u16) -> Contact {
    Contact {
        source: Source::Messenger,
        source_id: format!("psid-{number}"),
        first_name: pick(&FIRST_NAMES, number).to_owned(),
        last_name: pick(&LAST_NAMES, number / 2).to_owned(),
        ..Contact::default()
    }
}

fn pick<T: Copy>(from: &[T], number: u16) -> T {
    from[usize::from(number) % from.len()]
}

fn time(position: u64) -> DateTime<Utc> {
    let seconds = i64::try_from(position).unwrap_or(0).saturating_mul(PACE);
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_750_000_000 + seconds)
}
