//! Customers who change, without a log.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use events::customer::{Activated, CustomerEvent, Deactivated, Imported, OrderRecorded};
use events::customer::{PointsUpdated, Profile, ProfileChanged, Registered};
use events::{
    Actor, Amount, CorrelationId, Currency, CustomerId, Envelope, Event, EventId, Position, Recorded, StreamRef, TenantId,
};

const CUSTOMERS: usize = 200_000;
const NAMES: [&str; 10] = ["Budi", "Siti", "John", "Agus", "Dewi", "Joko", "Rina", "Maria", "Ahmad", "Putri"];
const SURNAMES: [&str; 10] =
    ["Santoso", "Wijaya", "Johnson", "Halim", "Lestari", "Pratama", "Utami", "Siregar", "Hidayat", "Kusuma"];

/// Makes customers of a tenant, and what happens to them: the same each time.
pub struct Maker {
    grown: bool,
    pub tenant: TenantId,
    pub ids: Vec<CustomerId>,
    pub streams: Vec<Stream>,
    pub position: u64,
    seed: u64,
}

/// What is known of a customer.
pub struct Stream {
    pub version: u64,
    points: i64,
    is_active: bool,
}

impl Maker {
    pub fn new(grown: bool) -> Self {
        let tenant = TenantId::generate();
        Self { grown, tenant, ids: Vec::new(), streams: Vec::new(), position: 0, seed: 7 }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % below
    }

    /// The next thing that happens.
    pub fn step(&mut self, events: &mut Vec<Recorded>) {
        self.position += 1;
        let enters = if self.grown { self.ids.len() < 100 || self.random(5) == 0 } else { true };
        if self.ids.len() < CUSTOMERS && enters {
            let n = self.ids.len() as u64;
            self.ids.push(CustomerId::generate());
            let event = self.enter(n);
            return self.record(events, n as usize, vec![event]);
        }
        let at = self.random(self.ids.len() as u64) as usize;
        let what = self.random(100);
        let points = self.random(40) as i64 - if self.grown { 8 } else { 20 };
        let changes = match what {
            0..70 => vec![self.points(at, points)],
            70..90 => {
                let amount = Amount::from_minor(self.random(1_000_000) as i64).unwrap_or_default();
                let order = OrderRecorded {
                    number: String::new(),
                    amount,
                    currency: Currency::default(),
                    placed_at: time(self.position),
                };
                vec![CustomerEvent::OrderRecorded(order), self.points(at, 10)]
            }
            90..96 => {
                self.streams[at].is_active = !self.streams[at].is_active;
                vec![if self.streams[at].is_active {
                    CustomerEvent::Activated(Activated {})
                } else {
                    CustomerEvent::Deactivated(Deactivated {})
                }]
            }
            _ => vec![CustomerEvent::ProfileChanged(ProfileChanged {
                phone: Some(format!("+62 811 {}", self.position)),
                city: (what == 99).then(|| format!("City {}", self.position % 200)),
                ..ProfileChanged::default()
            })],
        };
        self.record(events, at, changes);
    }

    fn points(&mut self, at: usize, applied: i64) -> CustomerEvent {
        let stream = &mut self.streams[at];
        let balance = (stream.points + applied).max(0);
        let applied = balance - stream.points;
        stream.points = balance;
        CustomerEvent::PointsUpdated(PointsUpdated { requested: applied, applied, balance, reason: "bench".into() })
    }

    fn enter(&mut self, n: u64) -> CustomerEvent {
        let (first, last) = (NAMES[(n * 7 % 10) as usize], SURNAMES[(n * 31 / 7 % 10) as usize]);
        let profile = Profile {
            name: format!("{first} {last} {n}"),
            email: format!("{}.c{n}@example.com", first.to_lowercase()),
            phone: format!("+62 812 {:08}", n * 7_907 % 100_000_000),
            address: format!("Jalan {n}"),
            city: format!("City {}", n * 17 % 200),
            province: format!("Province {}", n * 17 % 30),
            postal_code: format!("{:05}", n % 100_000),
            notes: String::new(),
        };
        let (is_active, points) = (!n.is_multiple_of(10), if self.grown { 0 } else { (n * 13 % 1_500) as i64 });
        self.streams.push(Stream { version: 0, points, is_active });
        if self.grown {
            return CustomerEvent::Registered(Registered { profile, is_active, loyalty_points: points, last_order_at: None });
        }
        CustomerEvent::Imported(Imported {
            profile,
            is_active,
            loyalty_points: points,
            total_orders: (n % 40) as i64,
            total_spent: Amount::from_minor((n * 7_919 % 10_000_000) as i64).unwrap_or_default(),
            created_at: time(n * 3 % CUSTOMERS as u64),
            last_order_at: (!n.is_multiple_of(3)).then(|| time(n + 5)),
        })
    }

    /// What happened to the customer at a place.
    pub fn record(&mut self, events: &mut Vec<Recorded>, at: usize, changes: Vec<CustomerEvent>) {
        let envelope = Arc::new(Envelope {
            stream: StreamRef::customer(&self.tenant, &self.ids[at]),
            recorded_at: time(self.position),
            actor: Actor::system("rates"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        });
        for (index, event) in (0..).zip(changes) {
            self.streams[at].version += 1;
            events.push(Recorded {
                envelope: Arc::clone(&envelope),
                position: Position(self.position),
                index,
                version: self.streams[at].version,
                event_id: EventId::generate(),
                event: Event::Customer(event),
            });
        }
    }
}

fn time(n: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_700_000_000 + n as i64 * 60)
}
