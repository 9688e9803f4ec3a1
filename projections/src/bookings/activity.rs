//! What lately happened between providers and customers (spec 003, "Recent Activity Timeline").

use chrono::{DateTime, Utc};
use events::{Amount, BookingEvent, CustomerId, Recorded, RelationEvent, TenantId, UserId};

use super::booking::BookingRow;
use super::relation::RelationRow;

use crate::customer_history::Moment;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activity {
    /// A booking was made.
    Booking,
    /// A booking was confirmed.
    Confirmed,
    /// A booking was moved.
    Rescheduled,
    /// A service was given.
    Completed,
    /// A booking was cancelled.
    Cancelled,
    /// The customer did not come.
    NoShow,
    /// The customer paid.
    Payment,
    /// The customer rated.
    Review,
    /// The customer became a favourite.
    Favourited,
    /// The customer is no favourite any more.
    Unfavourited,
    /// The customer was blocked.
    Blocked,
    /// The customer was unblocked.
    Unblocked,
    /// The provider wrote notes.
    Noted,
}

impl Activity {
    /// Every activity there is, in the order of their numbers in tables.
    pub const ALL: [Self; 13] = [
        Self::Booking,
        Self::Confirmed,
        Self::Rescheduled,
        Self::Completed,
        Self::Cancelled,
        Self::NoShow,
        Self::Payment,
        Self::Review,
        Self::Favourited,
        Self::Unfavourited,
        Self::Blocked,
        Self::Unblocked,
        Self::Noted,
    ];

    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Confirmed => "confirmed",
            Self::Rescheduled => "rescheduled",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
            Self::Payment => "payment",
            Self::Review => "review",
            Self::Favourited => "favourited",
            Self::Unfavourited => "unfavourited",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Noted => "noted",
        }
    }

    /// What an event of a booking is; `None`: nothing that is told.
    pub const fn of_booking(event: &BookingEvent) -> Option<Self> {
        match event {
            BookingEvent::Requested(_) | BookingEvent::Imported(_) => Some(Self::Booking),
            BookingEvent::Confirmed(_) => Some(Self::Confirmed),
            BookingEvent::Rescheduled(_) => Some(Self::Rescheduled),
            BookingEvent::Completed(_) => Some(Self::Completed),
            BookingEvent::Cancelled(_) => Some(Self::Cancelled),
            BookingEvent::NoShow(_) => Some(Self::NoShow),
            BookingEvent::PaymentRecorded(_) => Some(Self::Payment),
            BookingEvent::Reviewed(_) => Some(Self::Review),
            BookingEvent::Forgotten(_) => None,
        }
    }

    /// What an event of a relation is; `None`: nothing that is told.
    pub const fn of_relation(event: &RelationEvent) -> Option<Self> {
        match event {
            RelationEvent::Favourited(_) => Some(Self::Favourited),
            RelationEvent::Unfavourited(_) => Some(Self::Unfavourited),
            RelationEvent::Blocked(_) => Some(Self::Blocked),
            RelationEvent::Unblocked(_) => Some(Self::Unblocked),
            RelationEvent::Noted(_) => Some(Self::Noted),
            RelationEvent::Started(_) | RelationEvent::Forgotten(_) => None,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityRow {
    /// The moment of its commit.
    pub at: Moment,
    /// Its place in the commit, from 0.
    pub index: u32,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// What.
    pub activity: Activity,
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which provider.
    pub provider: UserId,
    /// Of which customer.
    pub customer: CustomerId,
    /// What the customer is called now.
    pub customer_name: String,
    /// The number of the row of the relation.
    pub relation_no: i64,
    /// The booking; empty where it is about none.
    pub booking: String,
    /// The title of what was booked; empty where it is about no booking.
    pub title: String,
    /// What was booked or paid.
    pub amount: Amount,
    /// The rating; 0: none.
    pub rating: u8,
}

impl ActivityRow {
    /// What an event of a relation, or of one of its bookings, is.
    pub fn of(
        at: Moment,
        relation: &RelationRow,
        recorded: &Recorded,
        activity: Activity,
        of: Option<(&BookingRow, &BookingEvent)>,
    ) -> Self {
        let now = recorded.envelope.recorded_at;
        let row = Self {
            at,
            index: recorded.index,
            happened_at: now,
            activity,
            tenant: relation.tenant.clone(),
            provider: relation.provider.clone(),
            customer: relation.customer.clone(),
            customer_name: relation.person.name.clone(),
            relation_no: relation.no,
            booking: String::new(),
            title: String::new(),
            amount: Amount::ZERO,
            rating: 0,
        };
        let Some((booking, event)) = of else { return row };
        let (happened_at, amount, rating) = match event {
            BookingEvent::PaymentRecorded(data) => (data.paid_at, data.amount, 0),
            BookingEvent::Reviewed(data) => (data.reviewed_at, booking.subject.amount, data.rating),
            BookingEvent::Requested(_) | BookingEvent::Imported(_) => (booking.booked_at, booking.subject.amount, 0),
            BookingEvent::Confirmed(_)
            | BookingEvent::Rescheduled(_)
            | BookingEvent::Completed(_)
            | BookingEvent::Cancelled(_)
            | BookingEvent::NoShow(_)
            | BookingEvent::Forgotten(_) => (now, booking.subject.amount, 0),
        };
        let (id, title) = (booking.id.to_string(), booking.subject.title.clone());
        Self { happened_at, booking: id, title, amount, rating, ..row }
    }
}
