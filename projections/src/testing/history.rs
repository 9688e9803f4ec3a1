//! Made-up histories: from a few numbers, events that could have happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use events::access::{AccessEvent, Exported, Viewed};
use events::customer::{
    Activated, CustomerEvent, Deactivated, Deleted, Forgotten, Imported, OrderRecorded, PointsUpdated, Profile, ProfileChanged,
    Registered, Restored,
};
use events::subject::Partition;
use events::tenant::{Created, EarningRule, EarningRuleSet, TenantEvent};
use events::user::{Added, RoleChanged, UserEvent};
use events::{
    Actor, Amount, ConversationEvent, CorrelationId, Currency, CustomerId, Envelope, Event, EventId, Position, Recorded, Role,
    StreamKind, StreamRef, TenantId, UserId,
};

/// The partition in which all of it happens.
pub const PARTITION: Partition = Partition(0);

/// What is to happen: to which customer of which tenant, what, and with which number in it. All are taken modulo what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which tenant.
    pub tenant: u8,
    /// Which of its customers.
    pub customer: u8,
    /// What.
    pub what: u8,
    /// A number that varies it.
    pub number: u16,
}

/// Parts of profiles: some of them alike but for case, some with what queries could stumble over.
const NAMES: [&str; 8] =
    ["Ann Lee", "ann lee", "Zoë Öztürk", "100% Bob_x", "John Doe", "O'Brien \"Jo\" *", "Ünal", "Joan of Arc"];
const CITIES: [&str; 4] = ["Bandung", "Jakarta", "", "São Paulo"];
const PROVINCES: [&str; 3] = ["West Java", "", "SP"];
const POINTS: [i64; 8] = [0, 1, 99, 100, 499, 500, 999, 1000];

/// The tenant with this number.
#[must_use]
pub fn tenant(number: u8) -> TenantId {
    TenantId::try_from(format!("tenant-{number}")).unwrap_or_else(|_| TenantId::platform())
}

#[derive(Default)]
struct Stream {
    version: u64,
    points: i64,
    forgotten: bool,
}

/// The history that the steps make: tenants and users first, then customers, with gaps between positions as claims leave them.
#[must_use]
pub fn history(steps: &[Step]) -> Vec<Recorded> {
    let mut maker = Maker { position: 0, events: Vec::new(), looks: 0 };
    for number in 0..2 {
        maker.found(number);
    }
    let mut streams: BTreeMap<(u8, u8), Stream> = BTreeMap::new();
    for step in steps {
        let (tenant_no, customer_no) = (step.tenant % 2, step.customer % 5);
        let stream = streams.entry((tenant_no, customer_no)).or_default();
        let events = events_of(step, customer_no, stream);
        let Ok(id) = CustomerId::try_from(format!("customer-{customer_no}")) else { continue };
        if events.is_empty() {
            continue;
        }
        let first = stream.version;
        stream.version += events.len() as u64;
        let events = events.into_iter().map(Event::Customer).collect();
        maker.commit(StreamRef::customer(&tenant(tenant_no), &id), first, events, u64::from(step.number % 3));
        if step.number.is_multiple_of(5) {
            maker.look(tenant_no, &id, step.number);
        }
    }
    maker.events
}

/// The same history with its positions farther apart, as others' events between them leave them.
#[must_use]
pub fn stretched(mut history: Vec<Recorded>, times: u64) -> Vec<Recorded> {
    for recorded in &mut history {
        recorded.position = Position(recorded.position.0 * times);
    }
    history
}

/// What a log says after the earlier events of forgotten customers and conversations were erased.
#[must_use]
pub fn erased(history: &[Recorded]) -> Vec<Recorded> {
    let mut ends: BTreeMap<String, Position> = BTreeMap::new();
    for recorded in history {
        if let Event::Customer(CustomerEvent::Forgotten(_)) | Event::Conversation(ConversationEvent::Forgotten(_)) =
            recorded.event
        {
            ends.insert(format!("{:?}", recorded.envelope.stream), recorded.position);
        }
    }
    let stays =
        |recorded: &&Recorded| ends.get(&format!("{:?}", recorded.envelope.stream)).is_none_or(|end| recorded.position >= *end);
    history.iter().filter(stays).cloned().collect()
}

struct Maker {
    position: u64,
    looks: u64,
    events: Vec<Recorded>,
}

impl Maker {
    fn found(&mut self, number: u8) {
        let id = tenant(number);
        let created = Created { name: format!("Tenant {number}"), currency: Currency::default() };
        let rule = EarningRule { points: 1, per: Amount::from_minor(1_000).unwrap_or_default() };
        let events = [TenantEvent::Created(created), TenantEvent::EarningRuleSet(EarningRuleSet { rule: Some(rule) })];
        self.commit(StreamRef::tenant(&id), 0, events.into_iter().map(Event::Tenant).collect(), 0);
        if let Ok(user) = UserId::try_from(format!("user-{number}")) {
            let added = Added { email: format!("User{number}@Example.com"), name: "U".to_owned(), role: Role::Viewer };
            let events = [UserEvent::Added(added), UserEvent::RoleChanged(RoleChanged { role: Role::Admin })];
            self.commit(StreamRef::user(&id, &user), 0, events.into_iter().map(Event::User).collect(), 1);
        }
    }

    /// Somebody of the first tenant looks at a customer, or takes all customers away as a file.
    fn look(&mut self, tenant_no: u8, customer: &CustomerId, number: u16) {
        let stream = StreamRef::new(tenant(0), StreamKind::Access, "reader-0");
        let (0, Ok(stream)) = (tenant_no, stream) else { return };
        let event = if number.is_multiple_of(35) {
            AccessEvent::Exported(Exported { kind: StreamKind::Customer })
        } else {
            AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: customer.to_string() })
        };
        let version = self.looks;
        self.looks += 1;
        self.commit(stream, version, vec![Event::Access(event)], 0);
    }

    fn commit(&mut self, stream: StreamRef, version: u64, events: Vec<Event>, gap: u64) {
        self.position += 1 + gap;
        let envelope = Arc::new(Envelope {
            stream,
            recorded_at: time(self.position),
            actor: Actor::system("test"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        });
        for (index, event) in (0_u32..).zip(events) {
            self.events.push(Recorded {
                envelope: Arc::clone(&envelope),
                position: Position(self.position),
                index,
                version: version + 1 + u64::from(index),
                event_id: EventId::generate(),
                event,
            });
        }
    }
}

fn time(seconds: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_750_000_000 + i64::try_from(seconds).unwrap_or(0))
}

fn pick<T: Copy>(from: &[T], number: u16) -> T {
    from[usize::from(number) % from.len()]
}

fn events_of(step: &Step, customer: u8, stream: &mut Stream) -> Vec<CustomerEvent> {
    let number = step.number;
    if stream.forgotten {
        return Vec::new();
    }
    if stream.version == 0 {
        stream.points = pick(&POINTS, number);
        return vec![enter(step, customer, stream.points)];
    }
    match step.what % 12 {
        0 => vec![CustomerEvent::ProfileChanged(ProfileChanged {
            name: Some(pick(&NAMES, number).to_owned()),
            phone: Some(format!("+62 {number}")),
            ..ProfileChanged::default()
        })],
        1 => vec![CustomerEvent::ProfileChanged(ProfileChanged {
            city: Some(pick(&CITIES, number).to_owned()),
            province: Some(pick(&PROVINCES, number).to_owned()),
            notes: Some("met\0once".to_owned()),
            ..ProfileChanged::default()
        })],
        2 | 3 => vec![points(stream, pick(&POINTS, number) - pick(&POINTS, number / 8))],
        4 | 5 => {
            let order = OrderRecorded {
                number: String::new(),
                amount: Amount::from_minor(i64::from(number) * 10).unwrap_or_default(),
                currency: Currency::default(),
                placed_at: time(u64::from(number)),
            };
            vec![CustomerEvent::OrderRecorded(order), points(stream, i64::from(number / 64))]
        }
        6 => vec![CustomerEvent::Activated(Activated {})],
        7 => vec![CustomerEvent::Deactivated(Deactivated {})],
        8 => vec![CustomerEvent::Deleted(Deleted {})],
        9 | 10 => vec![CustomerEvent::Restored(Restored::default())],
        _ if number.is_multiple_of(4) => {
            stream.forgotten = true;
            vec![CustomerEvent::Forgotten(Forgotten {})]
        }
        _ => vec![points(stream, 1), points(stream, -2)],
    }
}

fn enter(step: &Step, customer: u8, balance: i64) -> CustomerEvent {
    let number = step.number;
    let profile = Profile {
        name: pick(&NAMES, number).to_owned(),
        email: format!("C{customer}.{}@Example.com", number % 7),
        phone: format!("0812-{number}"),
        city: pick(&CITIES, number / 2).to_owned(),
        province: pick(&PROVINCES, number / 3).to_owned(),
        ..Profile::default()
    };
    let (is_active, last_order_at) = (!number.is_multiple_of(3), number.is_multiple_of(2).then(|| time(u64::from(number))));
    if step.what.is_multiple_of(2) {
        return CustomerEvent::Registered(Registered { profile, is_active, loyalty_points: balance, last_order_at });
    }
    CustomerEvent::Imported(Imported {
        profile,
        is_active,
        loyalty_points: balance,
        total_orders: i64::from(number % 5),
        total_spent: Amount::from_minor(i64::from(number)).unwrap_or_default(),
        created_at: time(u64::from(number % 4)),
        last_order_at,
    })
}

fn points(stream: &mut Stream, requested: i64) -> CustomerEvent {
    let balance = (stream.points + requested).max(0);
    let applied = balance - stream.points;
    stream.points = balance;
    CustomerEvent::PointsUpdated(PointsUpdated { requested, applied, balance, reason: "because".to_owned() })
}
