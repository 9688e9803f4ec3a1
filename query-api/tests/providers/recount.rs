//! A recount of providers' business from the events, in the plainest way: every question goes over all of them again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use events::booking::{Status, Subject};
use events::{BookingEvent, CustomerEvent, Event, Recorded, RelationEvent, TenantId};
use query_api::providers::{CustomerStatus, RelationRow};

/// What a relation should say: provider, customer, name, email, phone, bookings, spent, average in thousandths, favourite, blocked,
/// notes, first and last booking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Relation {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub bookings: i64,
    pub spent: i64,
    pub ratings: Vec<i64>,
    pub is_favourite: bool,
    pub is_blocked: bool,
    pub notes: String,
    pub booked: Vec<DateTime<Utc>>,
}

impl Relation {
    pub fn status(&self) -> CustomerStatus {
        match (self.is_blocked, self.is_favourite, self.bookings) {
            (true, _, _) => CustomerStatus::Blocked,
            (_, true, _) => CustomerStatus::Favorite,
            (_, _, 5..) => CustomerStatus::Regular,
            (_, _, 2..) => CustomerStatus::Returning,
            _ => CustomerStatus::New,
        }
    }

    /// In thousandths, to the nearest.
    pub fn average(&self) -> Option<i64> {
        let (sum, count) = (self.ratings.iter().sum::<i64>(), i64::try_from(self.ratings.len()).expect("few"));
        (count > 0).then(|| (2_000 * sum + count) / (2 * count))
    }

    pub fn of(row: &RelationRow) -> Self {
        Self {
            name: row.person.name.clone(),
            email: row.person.email.clone(),
            phone: row.person.phone.clone(),
            bookings: row.bookings,
            spent: row.spent.minor(),
            ratings: Vec::new(),
            is_favourite: row.is_favourite,
            is_blocked: row.is_blocked,
            notes: row.notes.clone(),
            booked: Vec::new(),
        }
    }
}

/// Relations by provider and customer.
pub type Relations = BTreeMap<(String, String), Relation>;

fn of<'h>(history: &'h [Recorded], tenant: &'h TenantId) -> impl Iterator<Item = &'h Recorded> {
    history.iter().filter(move |recorded| recorded.envelope.stream.tenant == *tenant)
}

/// The relations of a tenant. The history is one of which nothing was forgotten, or the erased one.
pub fn relations(history: &[Recorded], tenant: &TenantId) -> Relations {
    let mut relations = Relations::new();
    let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
    let mut started: BTreeMap<String, (String, String)> = BTreeMap::new();
    for recorded in of(history, tenant) {
        let id = recorded.envelope.stream.id().to_owned();
        match &recorded.event {
            Event::Booking(event) => booking(&mut relations, &mut subjects, id, recorded, event),
            Event::Relation(RelationEvent::Started(data)) => {
                let key = (data.provider.to_string(), data.customer.to_string());
                relations.entry(key.clone()).or_default();
                started.insert(id, key);
            }
            Event::Relation(event) => {
                let Some(relation) = started.get(&id).and_then(|key| relations.get_mut(key)) else { continue };
                word(relation, event);
            }
            _ => {}
        }
    }
    for ((_, customer), relation) in &mut relations {
        (relation.name, relation.email, relation.phone) = person(history, tenant, customer);
    }
    relations
}

fn booking(
    relations: &mut Relations,
    subjects: &mut BTreeMap<String, Subject>,
    id: String,
    recorded: &Recorded,
    event: &BookingEvent,
) {
    let key = |subject: &Subject| (subject.provider.to_string(), subject.customer.to_string());
    let (subject, at, status) = match event {
        BookingEvent::Requested(data) => (&data.subject, recorded.envelope.recorded_at, Status::Requested),
        BookingEvent::Imported(data) => (&data.subject, data.booked_at, data.status),
        other => {
            let Some(subject) = subjects.get(&id) else { return };
            let relation = relations.get_mut(&key(subject)).expect("it was booked");
            match other {
                BookingEvent::Completed(_) => relation.spent += subject.amount.minor(),
                BookingEvent::Reviewed(data) => relation.ratings.push(data.rating.into()),
                _ => {}
            }
            return;
        }
    };
    let relation = relations.entry(key(subject)).or_default();
    relation.bookings += 1;
    relation.booked.push(at);
    relation.spent += if status == Status::Completed { subject.amount.minor() } else { 0 };
    subjects.insert(id, subject.clone());
}

fn word(relation: &mut Relation, event: &RelationEvent) {
    match event {
        RelationEvent::Favourited(_) => relation.is_favourite = true,
        RelationEvent::Unfavourited(_) => relation.is_favourite = false,
        RelationEvent::Blocked(_) => relation.is_blocked = true,
        RelationEvent::Unblocked(_) => relation.is_blocked = false,
        RelationEvent::Noted(data) => relation.notes.clone_from(&data.notes),
        RelationEvent::Started(_) | RelationEvent::Forgotten(_) => {}
    }
}

fn person(history: &[Recorded], tenant: &TenantId, customer: &str) -> (String, String, String) {
    let mut known = <(String, String, String)>::default();
    for recorded in of(history, tenant).filter(|recorded| recorded.envelope.stream.id() == customer) {
        match &recorded.event {
            Event::Customer(CustomerEvent::Registered(data)) => {
                known = (data.profile.name.clone(), data.profile.email.clone(), data.profile.phone.clone());
            }
            Event::Customer(CustomerEvent::ProfileChanged(data)) => {
                known.0 = data.name.clone().unwrap_or(known.0);
                known.2 = data.phone.clone().unwrap_or(known.2);
            }
            _ => {}
        }
    }
    (known.0.replace('\0', "\u{FFFD}"), known.1, known.2)
}
