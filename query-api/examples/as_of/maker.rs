//! Customers who change, without a log.

use std::sync::Arc;

use events::customer::{
    Activated, CustomerEvent, Deactivated, Imported, OrderRecorded, PointsUpdated, ProfileChanged, Registered,
};
use events::{
    Actor, Amount, CorrelationId, Currency, CustomerId, Envelope, Event, EventId, Position, Recorded, StreamRef, TenantId,
};

use crate::crowd::{CUSTOMERS, imported, time};

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
        let n = self.ids.len() as u64;
        if n < CUSTOMERS && enters {
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

    /// In a list that has grown everybody begins with nothing.
    fn enter(&mut self, n: u64) -> CustomerEvent {
        let comes = imported(n);
        let (is_active, points) = (comes.is_active, if self.grown { 0 } else { comes.loyalty_points });
        self.streams.push(Stream { version: 0, points, is_active });
        if !self.grown {
            return CustomerEvent::Imported(comes);
        }
        let Imported { profile, .. } = comes;
        CustomerEvent::Registered(Registered { profile, is_active, loyalty_points: points, last_order_at: None })
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
