//! What is between a provider and a customer, as it is listed: the sum of their bookings, and what the provider says.

use chrono::{DateTime, Utc};
use events::booking::Status;
use events::{Amount, BookingEvent, CustomerId, Recorded, RelationEvent, RelationId, TenantId, UserId};

use super::booking::Begin;
use super::person::Person;
use super::status::CustomerStatus;
use crate::customer_history::Moment;
use crate::value::storable;

/// What is between a provider and a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationRow {
    /// The number of the row: the moment of the first commit.
    pub no: i64,
    /// The moment of the last commit that changed it: the row is valid from here.
    pub at: Moment,
    /// Whose it is.
    pub tenant: TenantId,
    /// The relation.
    pub id: RelationId,
    /// The provider.
    pub provider: UserId,
    /// The customer.
    pub customer: CustomerId,
    /// Who the customer is.
    pub person: Person,
    /// Bookings, whatever came of them.
    pub bookings: i64,
    /// Bookings that were completed.
    pub completed: i64,
    /// What the completed bookings cost, in the tenant's currency.
    pub spent: Amount,
    /// The sum of the customer's ratings.
    pub rating_sum: i64,
    /// How often the customer rated.
    pub ratings: i64,
    /// When the first booking was made.
    pub first_booking_at: Option<DateTime<Utc>>,
    /// When the last booking was made.
    pub last_booking_at: Option<DateTime<Utc>>,
    /// Whether the customer is a favourite.
    pub is_favourite: bool,
    /// Whether the provider takes no bookings.
    pub is_blocked: bool,
    /// Why the customer is blocked; may be empty.
    pub block_reason: String,
    /// The provider's notes.
    pub notes: String,
    /// When anything last changed.
    pub updated_at: DateTime<Utc>,
}

impl RelationRow {
    /// A relation of which nothing is known yet but who the two are.
    pub fn new(at: Moment, recorded: &Recorded, provider: &UserId, customer: &CustomerId, person: Person) -> Self {
        Self {
            no: at.0,
            at,
            tenant: recorded.envelope.stream.tenant.clone(),
            id: RelationId::of(provider, customer),
            provider: provider.clone(),
            customer: customer.clone(),
            person,
            bookings: 0,
            completed: 0,
            spent: Amount::ZERO,
            rating_sum: 0,
            ratings: 0,
            first_booking_at: None,
            last_booking_at: None,
            is_favourite: false,
            is_blocked: false,
            block_reason: String::new(),
            notes: String::new(),
            updated_at: recorded.envelope.recorded_at,
        }
    }

    /// What the customer is to the provider.
    #[must_use]
    pub const fn status(&self) -> CustomerStatus {
        CustomerStatus::of(self.bookings, self.is_favourite, self.is_blocked)
    }

    /// The average of the customer's ratings in thousandths, rounded half up; `None`: there is none.
    #[must_use]
    pub const fn average_rating(&self) -> Option<i64> {
        if self.ratings == 0 {
            return None;
        }
        Some((self.rating_sum * 1_000 + self.ratings / 2) / self.ratings)
    }

    /// One booking more.
    pub fn with_booking(self, begin: &Begin<'_>) -> Self {
        let at = Some(begin.booked_at);
        let row = Self {
            bookings: self.bookings.saturating_add(1),
            first_booking_at: self.first_booking_at.min(at).or(at),
            last_booking_at: self.last_booking_at.max(at),
            ..self
        };
        if begin.status == Status::Completed { row.with_completed(begin.subject.amount) } else { row }
    }

    /// After an event of one of its bookings that is neither the first nor the last.
    pub fn with(self, amount: Amount, event: &BookingEvent) -> Self {
        match event {
            BookingEvent::Completed(_) => self.with_completed(amount),
            BookingEvent::Reviewed(data) => Self {
                rating_sum: self.rating_sum.saturating_add(data.rating.into()),
                ratings: self.ratings.saturating_add(1),
                ..self
            },
            BookingEvent::Requested(_)
            | BookingEvent::Imported(_)
            | BookingEvent::Confirmed(_)
            | BookingEvent::Rescheduled(_)
            | BookingEvent::Cancelled(_)
            | BookingEvent::NoShow(_)
            | BookingEvent::PaymentRecorded(_)
            | BookingEvent::Forgotten(_) => self,
        }
    }

    /// After what the provider said.
    pub fn with_word(self, event: &RelationEvent) -> Self {
        match event {
            RelationEvent::Favourited(_) => Self { is_favourite: true, ..self },
            RelationEvent::Unfavourited(_) => Self { is_favourite: false, ..self },
            RelationEvent::Blocked(data) => Self { is_blocked: true, block_reason: storable(&data.reason), ..self },
            RelationEvent::Unblocked(_) => Self { is_blocked: false, block_reason: String::new(), ..self },
            RelationEvent::Noted(data) => Self { notes: storable(&data.notes), ..self },
            RelationEvent::Started(_) | RelationEvent::Forgotten(_) => self,
        }
    }

    fn with_completed(self, amount: Amount) -> Self {
        let spent = self.spent.checked_add(amount).unwrap_or(Amount::MAX);
        Self { completed: self.completed.saturating_add(1), spent, ..self }
    }
}
