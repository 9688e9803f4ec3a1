//! Made-up histories of providers' business: from a few numbers, events that could have happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use events::booking::{
    Cancelled, CancelledBy, Completed, Confirmed, Imported, NoShow, PaymentMethod, PaymentRecorded, Requested, Rescheduled,
    Reviewed, Slot, Status, Subject,
};
use events::customer::{Profile, ProfileChanged, Registered};
use events::relation::{Blocked, Favourited, Noted, Started, Unblocked, Unfavourited};
use events::service::{Changed, Created, Offer};
use events::{
    Actor, Amount, BookingEvent, BookingId, CorrelationId, CustomerEvent, CustomerId, Envelope, Event, EventId, Position,
    Recorded, RelationEvent, RelationId, ServiceEvent, ServiceId, StreamKind, StreamRef, UserId, booking, customer, relation,
};

use super::history::tenant;

/// What is to happen: between which provider and customer of which tenant, to which of their bookings, what, and with which number
/// in it. All are taken modulo what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which tenant.
    pub tenant: u8,
    /// Which of its providers.
    pub provider: u8,
    /// Which of its customers.
    pub customer: u8,
    /// Which of their bookings.
    pub booking: u8,
    /// What.
    pub what: u8,
    /// A number that varies it.
    pub number: u16,
}

/// How many customers a tenant has, and providers.
const CUSTOMERS: u8 = 5;
const PROVIDERS: u8 = 2;
const NAMES: [&str; 6] = ["Ann Lee", "ann lee", "Zoë Öztürk", "100% Bob_x", "John\0Doe", "Ünal"];

/// The provider with this number.
#[must_use]
pub fn provider(number: u8) -> UserId {
    named(format!("provider-{}", number % PROVIDERS)).unwrap_or_else(UserId::generate)
}

fn named<T: TryFrom<String>>(text: String) -> Option<T> {
    T::try_from(text).ok()
}

/// The history that the steps make: customers and services first, then what happens to them, with gaps between positions as claims
/// leave them. Somebody who was forgotten never comes back.
#[must_use]
pub fn history(steps: &[Step]) -> Vec<Recorded> {
    let mut maker = Maker::default();
    for number in 0..2 * CUSTOMERS {
        maker.enter(number / CUSTOMERS, number % CUSTOMERS);
    }
    for step in steps {
        maker.take(step);
    }
    maker.events
}

/// What a log says after what came before tombstones was erased.
#[must_use]
pub fn erased(history: &[Recorded]) -> Vec<Recorded> {
    let is_tombstone = |recorded: &&Recorded| recorded.event.event_type().name.ends_with(".forgotten");
    let name = |recorded: &Recorded| recorded.envelope.stream.to_string();
    let ends: BTreeMap<String, Position> =
        history.iter().filter(is_tombstone).map(|recorded| (name(recorded), recorded.position)).collect();
    let stays = |recorded: &&Recorded| ends.get(&name(recorded)).is_none_or(|end| recorded.position >= *end);
    history.iter().filter(stays).cloned().collect()
}

#[derive(Default)]
struct Maker {
    position: u64,
    events: Vec<Recorded>,
    versions: BTreeMap<String, u64>,
    /// How each booking stands, and whether it is reviewed.
    bookings: BTreeMap<(u8, u8, u8, u8), (Status, bool)>,
    started: BTreeSet<(u8, u8, u8)>,
    gone: BTreeSet<(u8, u8)>,
}

impl Maker {
    fn commit(&mut self, stream: Option<StreamRef>, gap: u16, events: Vec<Event>) {
        let Some(stream) = stream.filter(|_| !events.is_empty()) else { return };
        self.position += 1 + u64::from(gap % 3);
        let version = self.versions.entry(stream.to_string()).or_default();
        let first = *version + 1;
        *version += events.len() as u64;
        let envelope = Arc::new(Envelope {
            stream,
            recorded_at: self.now(),
            actor: Actor::system("test"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        });
        for (index, event) in (0_u32..).zip(events) {
            self.events.push(Recorded {
                envelope: Arc::clone(&envelope),
                position: Position(self.position),
                index,
                version: first + u64::from(index),
                event_id: EventId::generate(),
                event,
            });
        }
    }

    /// Six hours from position to position: a history goes over months.
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_750_000_000) + TimeDelta::hours(6) * i32::try_from(self.position).unwrap_or(0)
    }

    fn enter(&mut self, tenant_no: u8, number: u8) {
        let name = NAMES.get(usize::from(number)).copied().unwrap_or_default().to_owned();
        let email = format!("C{number}@Example.com");
        let profile = Profile { name, email, phone: format!("+62 {number}55"), ..Profile::default() };
        let registered = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
        self.commit(customer_stream(tenant_no, number), 0, vec![CustomerEvent::Registered(registered).into()]);
    }

    fn take(&mut self, step: &Step) {
        let (of, by, who) = (step.tenant % 2, step.provider % PROVIDERS, step.customer % CUSTOMERS);
        if self.gone.contains(&(of, who)) {
            return;
        }
        match step.what % 16 {
            0 | 1 => {
                let event = relation_event(step.number);
                let start = self.started.insert((of, by, who)).then(|| RelationEvent::Started(started(by, who)));
                let events = start.into_iter().chain([event]).map(Event::from).collect();
                self.commit(relation_stream(of, by, who), step.number, events);
            }
            2 => {
                let name = Some(NAMES[usize::from(step.number) % NAMES.len()].to_owned());
                let changed = ProfileChanged { name, phone: Some(format!("{}", step.number)), ..ProfileChanged::default() };
                self.commit(customer_stream(of, who), step.number, vec![CustomerEvent::ProfileChanged(changed).into()]);
            }
            3 => self.commit(service_stream(of, by), step.number, self.service(of, by, step.number)),
            4 if step.number.is_multiple_of(5) => self.forget(of, who),
            _ => self.book(step, (of, by, who, step.booking % 7)),
        }
    }

    fn service(&self, of: u8, by: u8, number: u16) -> Vec<Event> {
        let is_there = service_stream(of, by).is_some_and(|stream| self.versions.contains_key(&stream.to_string()));
        let price = Amount::from_minor(i64::from(number)).unwrap_or_default();
        let event = if is_there {
            ServiceEvent::Changed(Changed { price: Some(price), ..Changed::default() })
        } else {
            let offer = Offer { title: "Massage".to_owned(), price, duration_minutes: 60, description: String::new() };
            ServiceEvent::Created(Created { provider: provider(by), offer })
        };
        vec![event.into()]
    }

    fn book(&mut self, step: &Step, key: (u8, u8, u8, u8)) {
        let known = self.bookings.get(&key).copied();
        let (events, after) = match known {
            None => self.begin(step, key),
            Some(known) => self.go_on(step.number, known),
        };
        self.bookings.insert(key, after);
        let (of, by, who, which) = key;
        self.commit(booking_stream(of, by, who, which), step.number, events.into_iter().map(Event::from).collect());
    }

    fn begin(&self, step: &Step, (_, by, who, _): (u8, u8, u8, u8)) -> (Vec<BookingEvent>, (Status, bool)) {
        let Some((customer, service)) = named(format!("customer-{who}")).zip(named(format!("service-{by}"))) else {
            return (Vec::new(), (Status::Cancelled, true));
        };
        let amount = Amount::from_minor(i64::from(step.number)).unwrap_or_default();
        let subject = Subject { provider: provider(by), customer, service, title: "Massage".to_owned(), amount };
        let slot = Slot { starts_at: self.now(), ends_at: self.now() + TimeDelta::hours(1) };
        if !step.number.is_multiple_of(3) {
            return (vec![BookingEvent::Requested(Box::new(Requested { subject, slot }))], (Status::Requested, false));
        }
        let status = Status::ALL[usize::from(step.number) % Status::ALL.len()];
        let booked_at = self.now() - TimeDelta::days(i64::from(step.number % 90));
        let imported = Imported { reference: format!("B-{}", step.number), subject, slot, status, booked_at };
        (vec![BookingEvent::Imported(Box::new(imported))], (status, false))
    }

    fn go_on(&self, number: u16, (status, is_reviewed): (Status, bool)) -> (Vec<BookingEvent>, (Status, bool)) {
        let paid = PaymentRecorded {
            amount: Amount::from_minor(1).unwrap_or_default(),
            method: PaymentMethod::Card,
            reference: String::new(),
            paid_at: self.now(),
        };
        let review = |text: &str| {
            let rating = u8::try_from(number % 5).unwrap_or(0) + 1;
            BookingEvent::Reviewed(Reviewed { rating, text: text.to_owned(), reviewed_at: self.now() })
        };
        let cancelled = Cancelled { by: CancelledBy::Customer, reason: "ill".to_owned() };
        let slot = Slot { starts_at: self.now(), ends_at: self.now() + TimeDelta::hours(2) };
        match (status, number % 4) {
            (Status::Requested, 0) => (vec![BookingEvent::Rescheduled(Rescheduled { slot })], (status, false)),
            (Status::Requested, 1..) => (vec![BookingEvent::Confirmed(Confirmed {})], (Status::Confirmed, false)),
            (Status::Confirmed, 0) => (vec![BookingEvent::Cancelled(cancelled)], (Status::Cancelled, true)),
            (Status::Confirmed, 1) => (vec![BookingEvent::NoShow(NoShow {})], (Status::NoShow, true)),
            (Status::Confirmed, _) => {
                let events = vec![BookingEvent::Completed(Completed {}), BookingEvent::PaymentRecorded(paid)];
                (events, (Status::Completed, false))
            }
            (Status::Completed, _) if !is_reviewed => (vec![review("good\0")], (status, true)),
            (Status::Completed | Status::Cancelled | Status::NoShow, _) => (Vec::new(), (status, is_reviewed)),
        }
    }

    /// All that is theirs, and the customer last.
    fn forget(&mut self, of: u8, who: u8) {
        let Some(customer) = named::<CustomerId>(format!("customer-{who}")) else { return };
        let theirs: Vec<_> = self.bookings.keys().filter(|key| (key.0, key.2) == (of, who)).copied().collect();
        for (_, by, _, which) in theirs {
            let forgotten = booking::Forgotten { provider: provider(by), customer: customer.clone() };
            self.commit(booking_stream(of, by, who, which), 0, vec![BookingEvent::Forgotten(forgotten).into()]);
        }
        let started: Vec<_> = self.started.iter().filter(|key| (key.0, key.2) == (of, who)).copied().collect();
        for (_, by, _) in started {
            let forgotten = relation::Forgotten { provider: provider(by), customer: customer.clone() };
            self.commit(relation_stream(of, by, who), 0, vec![RelationEvent::Forgotten(forgotten).into()]);
        }
        self.commit(customer_stream(of, who), 0, vec![CustomerEvent::Forgotten(customer::Forgotten {}).into()]);
        self.gone.insert((of, who));
    }
}

fn started(by: u8, who: u8) -> Started {
    let customer = named(format!("customer-{who}")).unwrap_or_else(CustomerId::generate);
    Started { provider: provider(by), customer }
}

fn relation_event(number: u16) -> RelationEvent {
    match number % 5 {
        0 => RelationEvent::Favourited(Favourited {}),
        1 => RelationEvent::Unfavourited(Unfavourited {}),
        2 => RelationEvent::Blocked(Blocked { reason: "late\0".to_owned() }),
        3 => RelationEvent::Unblocked(Unblocked {}),
        _ => RelationEvent::Noted(Noted { notes: format!("note {number}") }),
    }
}

fn customer_stream(of: u8, who: u8) -> Option<StreamRef> {
    Some(StreamRef::customer(&tenant(of), &named::<CustomerId>(format!("customer-{who}"))?))
}

fn service_stream(of: u8, by: u8) -> Option<StreamRef> {
    Some(StreamRef::service(&tenant(of), &named::<ServiceId>(format!("service-{by}"))?))
}

fn booking_stream(of: u8, by: u8, who: u8, which: u8) -> Option<StreamRef> {
    Some(StreamRef::booking(&tenant(of), &named::<BookingId>(format!("booking-{by}-{who}-{which}"))?))
}

fn relation_stream(of: u8, by: u8, who: u8) -> Option<StreamRef> {
    let Started { provider, customer } = started(by, who);
    StreamRef::new(tenant(of), StreamKind::Relation, RelationId::of(&provider, &customer).as_str()).ok()
}
