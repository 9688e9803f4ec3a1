//! What the events of a batch do to providers' books. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use events::subject::Partition;
use events::{
    BookingEvent, BookingId, CustomerEvent, CustomerId, Event, Recorded, RelationEvent, RelationId, ServiceEvent, ServiceId,
    TenantId, UserId,
};

use super::activity::{Activity, ActivityRow};
use super::booking::{self, BookingRow, PaymentRow};
use super::history::History;
use super::person::{self, Person};
use super::relation::RelationRow;
use super::service::{self, ServiceRow};
use crate::customer::says_who;
use crate::customer_history::Moment;
use crate::projection::{ApplyError, Batch};

/// Something of a tenant.
pub type Of<Id> = (TenantId, Id);

/// What an event says, and of what.
#[derive(Debug)]
pub enum What<'a> {
    Customer(Of<CustomerId>, &'a CustomerEvent),
    Service(Of<ServiceId>, &'a ServiceEvent),
    Booking(Of<BookingId>, &'a BookingEvent),
    Relation(Of<RelationId>, &'a RelationEvent),
}

/// An event of a batch.
#[derive(Debug)]
pub struct Fact<'a> {
    pub recorded: &'a Recorded,
    pub what: What<'a>,
}

/// The events of a batch that concern providers' books.
///
/// # Errors
/// When a stream's id is none.
pub fn facts<'a>(batch: &Batch<'a>) -> Result<Vec<Fact<'a>>, ApplyError> {
    let fact = |recorded: &'a Recorded| {
        let what = match &recorded.event {
            Event::Customer(event) if says_who(event) => What::Customer(named(recorded)?, event),
            Event::Service(event) => What::Service(named(recorded)?, event),
            Event::Booking(event) => What::Booking(named(recorded)?, event),
            Event::Relation(event) => What::Relation(named(recorded)?, event),
            Event::Customer(_)
            | Event::Tenant(_)
            | Event::User(_)
            | Event::Access(_)
            | Event::Tag(_)
            | Event::Page(_)
            | Event::Conversation(_) => return Ok(None),
        };
        Ok(Some(Fact { recorded, what }))
    };
    batch.events.iter().filter_map(|recorded| fact(recorded).transpose()).collect()
}

fn named<Id: std::str::FromStr>(recorded: &Recorded) -> Result<Of<Id>, ApplyError> {
    let stream = &recorded.envelope.stream;
    let id = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream has a malformed id"))?;
    Ok((stream.tenant.clone(), id))
}

/// A row as it stands in the table, and as it is to stand there.
#[derive(Debug, Clone)]
pub struct Touched<T> {
    pub stored: Option<T>,
    pub now: Option<T>,
}

impl<T> Default for Touched<T> {
    fn default() -> Self {
        Self { stored: None, now: None }
    }
}

impl<T: Clone> Touched<T> {
    pub fn stored(row: T) -> Self {
        Self { stored: Some(row.clone()), now: Some(row) }
    }
}

/// What a batch touches.
#[derive(Debug, Default)]
pub struct Books {
    pub people: BTreeMap<Of<CustomerId>, Touched<Person>>,
    pub services: BTreeMap<Of<ServiceId>, Touched<ServiceRow>>,
    pub bookings: BTreeMap<Of<BookingId>, Touched<BookingRow>>,
    pub relations: BTreeMap<Of<RelationId>, History>,
    pub payments: Vec<PaymentRow>,
    pub activity: Vec<ActivityRow>,
    /// Relations of whom nothing may stay, as they stand in the tables.
    pub gone: Vec<RelationRow>,
    /// The relations of each customer.
    of_customer: HashMap<Of<CustomerId>, BTreeSet<RelationId>>,
}

impl Books {
    /// A relation as it stands in the table.
    pub fn add_stored(&mut self, row: RelationRow) {
        let (tenant, customer) = (row.tenant.clone(), row.customer.clone());
        self.of_customer.entry((tenant.clone(), customer)).or_default().insert(row.id.clone());
        let key = (tenant, row.id.clone());
        self.relations.entry(key).or_default().stored = Some(row);
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(&mut self, partition: Partition, Fact { recorded, what }: &Fact<'_>) -> Result<(), ApplyError> {
        let at = Moment::of(partition, recorded.position);
        match what {
            What::Customer(key, event) => self.customer(at, key, recorded, event),
            What::Service(key, event) => {
                let entry = self.services.entry(key.clone()).or_default();
                entry.now = Some(service::evolve(partition, entry.now.take(), recorded, event)?);
            }
            What::Booking(key, event) => return self.booking(at, key, recorded, event),
            What::Relation((tenant, id), event) => self.relation(at, (tenant, id), recorded, event),
        }
        Ok(())
    }

    fn customer(&mut self, at: Moment, key: &Of<CustomerId>, recorded: &Recorded, event: &CustomerEvent) {
        let entry = self.people.entry(key.clone()).or_default();
        let before = entry.now.take();
        entry.now = person::evolve(before.clone().unwrap_or_default(), recorded, event);
        let person = entry.now.clone();
        if person == before {
            return;
        }
        for id in self.of_customer.get(key).cloned().unwrap_or_default() {
            let relation = (key.0.clone(), id);
            match &person {
                Some(person) => {
                    let person = person.clone();
                    self.change(at, &relation, recorded, |row| RelationRow { person, ..row });
                }
                None => self.erase(&relation),
            }
        }
    }

    fn booking(&mut self, at: Moment, key: &Of<BookingId>, recorded: &Recorded, event: &BookingEvent) -> Result<(), ApplyError> {
        if let BookingEvent::Forgotten(data) = event {
            self.erase(&(key.0.clone(), RelationId::of(&data.provider, &data.customer)));
            return Ok(());
        }
        let known = self.bookings.get(key).and_then(|entry| entry.now.clone());
        let (row, relation) = match (known, booking::beginning(recorded, event)) {
            (Some(_), Some(_)) => return Err(ApplyError::event(recorded, "the booking is there already")),
            (None, Some(begin)) => {
                let relation = self.meet(at, recorded, &begin.subject.provider, &begin.subject.customer);
                self.change(at, &relation, recorded, |row| row.with_booking(&begin));
                let relation_no = self.relations.get(&relation).and_then(History::last).map_or(at.0, |row| row.no);
                (booking::begun(at, relation_no, recorded, begin)?, relation)
            }
            (Some(row), None) => {
                let relation = (key.0.clone(), RelationId::of(&row.subject.provider, &row.subject.customer));
                let amount = row.subject.amount;
                if changes_relation(event) {
                    self.change(at, &relation, recorded, |row| row.with(amount, event));
                }
                (booking::evolve(row, recorded, event)?, relation)
            }
            // Its relation was erased, and its own turn is still to come.
            (None, None) => return Ok(()),
        };
        if let BookingEvent::PaymentRecorded(payment) = event {
            let (relation_no, booking_no, payment) = (row.relation_no, row.no, payment.clone());
            self.payments.push(PaymentRow { at, index: recorded.index, relation_no, booking_no, payment });
        }
        if let Some(activity) = Activity::of_booking(event) {
            self.note(at, &relation, recorded, activity, Some((&row, event)));
        }
        self.bookings.entry(key.clone()).or_default().now = Some(row);
        Ok(())
    }

    fn relation(&mut self, at: Moment, (tenant, id): (&TenantId, &RelationId), recorded: &Recorded, event: &RelationEvent) {
        let key = (tenant.clone(), id.clone());
        match event {
            RelationEvent::Started(data) => {
                self.meet(at, recorded, &data.provider, &data.customer);
            }
            RelationEvent::Forgotten(_) => self.erase(&key),
            RelationEvent::Favourited(_)
            | RelationEvent::Unfavourited(_)
            | RelationEvent::Blocked(_)
            | RelationEvent::Unblocked(_)
            | RelationEvent::Noted(_) => {
                self.change(at, &key, recorded, |row| row.with_word(event));
                if let Some(activity) = Activity::of_relation(event) {
                    self.note(at, &key, recorded, activity, None);
                }
            }
        }
    }

    /// The relation of the two, which comes into being where there is none.
    fn meet(&mut self, at: Moment, recorded: &Recorded, provider: &UserId, customer: &CustomerId) -> Of<RelationId> {
        let tenant = recorded.envelope.stream.tenant.clone();
        let (of_customer, key) = ((tenant.clone(), customer.clone()), (tenant, RelationId::of(provider, customer)));
        let history = self.relations.entry(key.clone()).or_default();
        if history.last().is_none() {
            let person = self.people.get(&of_customer).and_then(|entry| entry.now.clone()).unwrap_or_default();
            history.step(at, RelationRow::new(at, recorded, provider, customer, person));
            self.of_customer.entry(of_customer).or_default().insert(key.1.clone());
        }
        key
    }

    /// What is not there (any more) does not change.
    fn change(&mut self, at: Moment, key: &Of<RelationId>, recorded: &Recorded, change: impl FnOnce(RelationRow) -> RelationRow) {
        let Some(history) = self.relations.get_mut(key) else { return };
        let Some(row) = history.last().cloned() else { return };
        history.step(at, RelationRow { updated_at: recorded.envelope.recorded_at, ..change(row) });
    }

    fn note(
        &mut self,
        at: Moment,
        key: &Of<RelationId>,
        recorded: &Recorded,
        activity: Activity,
        of: Option<(&BookingRow, &BookingEvent)>,
    ) {
        let Some(relation) = self.relations.get(key).and_then(History::last) else { return };
        self.activity.push(ActivityRow::of(at, relation, recorded, activity, of));
    }

    /// Leaves nothing of a relation: it is the customer who is forgotten, so all of it is about to be erased, and which of its
    /// streams comes first must make no difference.
    fn erase(&mut self, key: &Of<RelationId>) {
        let Some(history) = self.relations.get_mut(key) else { return };
        let numbers: BTreeSet<i64> = history.stored.iter().chain(history.last()).map(|row| row.no).collect();
        self.gone.extend(history.stored.take());
        history.steps.clear();
        self.payments.retain(|payment| !numbers.contains(&payment.relation_no));
        self.activity.retain(|activity| !numbers.contains(&activity.relation_no));
        for entry in self.bookings.values_mut() {
            if entry.now.as_ref().is_some_and(|row| numbers.contains(&row.relation_no)) {
                *entry = Touched::default();
            }
        }
    }
}

/// Whether an event of a booking that is not its first makes the relation another.
const fn changes_relation(event: &BookingEvent) -> bool {
    match event {
        BookingEvent::Completed(_) | BookingEvent::Reviewed(_) => true,
        BookingEvent::Requested(_)
        | BookingEvent::Imported(_)
        | BookingEvent::Confirmed(_)
        | BookingEvent::Rescheduled(_)
        | BookingEvent::Cancelled(_)
        | BookingEvent::NoShow(_)
        | BookingEvent::PaymentRecorded(_)
        | BookingEvent::Forgotten(_) => false,
    }
}
