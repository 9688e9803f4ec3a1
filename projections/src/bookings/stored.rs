//! Rows as they are read.

use chrono::{DateTime, Utc};
use events::Amount;
use events::booking::{Cancelled, PaymentRecorded, Reviewed, Slot, Subject};
use events::service::Offer;

use super::activity::{Activity, ActivityRow};
use super::booking::{BookingRow, PaymentRow};
use super::person::Person;
use super::relation::RelationRow;
use super::service::ServiceRow;
use super::table::{ACTIVITY, BOOKINGS, NEVER, PAYMENTS, RELATIONS, SERVICES};
use crate::customer_history::Moment;
use crate::db::DbError;
use crate::value::{named, parsed, time, version};

/// The columns of a table `c` of relations, or of versions of them, that make a [`StoredRelation`].
pub const RELATION_SELECTED: &str = "c.no, c.at, c.tenant_id, c.id, c.provider_id, c.customer_id, c.name, c.email, c.phone, c.city, \
     c.picture, c.joined_at, c.bookings, c.completed, c.spent, c.rating_sum, c.ratings, c.first_booking_at, c.last_booking_at, \
     c.is_favourite, c.is_blocked, c.block_reason, c.notes, c.updated_at";
/// The columns of a table `c` of services that make a [`StoredService`].
pub const SERVICE_SELECTED: &str = "c.no, c.tenant_id, c.id, c.provider_id, c.title, c.price, c.duration_minutes, c.description, \
     c.is_active, c.created_at, c.updated_at";
/// The columns of a table `c` of bookings that make a [`StoredBooking`].
pub const BOOKING_SELECTED: &str = "c.no, c.tenant_id, c.id, c.relation_no, c.version, c.provider_id, c.customer_id, c.service_id, \
     c.title, c.amount, c.starts_at, c.ends_at, c.status, c.paid, c.rating, c.review, c.reviewed_at, c.cancelled_by, \
     c.cancel_reason, c.reference, c.booked_at, c.updated_at";
/// The columns of a table `c` of payments that make a [`StoredPayment`].
pub const PAYMENT_SELECTED: &str = "c.booking_no, c.at, c.event_index, c.relation_no, c.amount, c.method, c.reference, c.paid_at";
/// The columns of a table `c` of activity and a table `p` of customers that make a [`StoredActivity`].
pub const ACTIVITY_SELECTED: &str = "c.tenant_id, c.provider_id, c.happened_at, c.at, c.event_index, c.activity, c.customer_id, \
     c.relation_no, c.booking_id, c.title, c.amount, c.rating, COALESCE(p.name, '') AS customer_name";

/// A relation as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredRelation {
    no: i64,
    at: i64,
    tenant_id: String,
    id: String,
    provider_id: String,
    customer_id: String,
    name: String,
    email: String,
    phone: String,
    city: String,
    picture: String,
    joined_at: i64,
    bookings: i64,
    completed: i64,
    spent: i64,
    rating_sum: i64,
    ratings: i64,
    first_booking_at: i64,
    last_booking_at: i64,
    is_favourite: i64,
    is_blocked: i64,
    block_reason: String,
    notes: String,
    updated_at: i64,
}

/// A service as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredService {
    no: i64,
    tenant_id: String,
    id: String,
    provider_id: String,
    title: String,
    price: i64,
    duration_minutes: i64,
    description: String,
    is_active: i64,
    created_at: i64,
    updated_at: i64,
}

/// A booking as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredBooking {
    no: i64,
    tenant_id: String,
    id: String,
    relation_no: i64,
    version: i64,
    provider_id: String,
    customer_id: String,
    service_id: String,
    title: String,
    amount: i64,
    starts_at: i64,
    ends_at: i64,
    status: String,
    paid: i64,
    rating: i64,
    review: String,
    reviewed_at: i64,
    cancelled_by: String,
    cancel_reason: String,
    reference: String,
    booked_at: i64,
    updated_at: i64,
}

/// A payment as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredPayment {
    booking_no: i64,
    at: i64,
    event_index: i64,
    relation_no: i64,
    amount: i64,
    method: String,
    reference: String,
    paid_at: i64,
}

/// Something that happened, as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredActivity {
    tenant_id: String,
    provider_id: String,
    happened_at: i64,
    at: i64,
    event_index: i64,
    activity: i64,
    customer_id: String,
    relation_no: i64,
    booking_id: String,
    title: String,
    amount: i64,
    rating: i64,
    customer_name: String,
}

fn amount(minor: i64, table: &'static str, column: &'static str) -> Result<Amount, DbError> {
    Amount::from_minor(minor).map_err(|_| DbError::Value { table, column })
}

fn perhaps(micros: i64, table: &'static str, column: &'static str) -> Result<Option<DateTime<Utc>>, DbError> {
    if micros == NEVER { Ok(None) } else { time(micros, table, column).map(Some) }
}

fn small<T: TryFrom<i64>>(value: i64, table: &'static str, column: &'static str) -> Result<T, DbError> {
    T::try_from(value).map_err(|_| DbError::Value { table, column })
}

impl StoredRelation {
    /// The person and the relation.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    pub fn row(self) -> Result<RelationRow, DbError> {
        const TABLE: &str = RELATIONS.table;
        let person = Person {
            name: self.name,
            email: self.email,
            phone: self.phone,
            city: self.city,
            picture: self.picture,
            joined_at: perhaps(self.joined_at, TABLE, "joined_at")?,
        };
        Ok(RelationRow {
            no: self.no,
            at: Moment(self.at),
            tenant: parsed(self.tenant_id, TABLE, "tenant_id")?,
            id: parsed(self.id, TABLE, "id")?,
            provider: parsed(self.provider_id, TABLE, "provider_id")?,
            customer: parsed(self.customer_id, TABLE, "customer_id")?,
            person,
            bookings: self.bookings,
            completed: self.completed,
            spent: amount(self.spent, TABLE, "spent")?,
            rating_sum: self.rating_sum,
            ratings: self.ratings,
            first_booking_at: perhaps(self.first_booking_at, TABLE, "first_booking_at")?,
            last_booking_at: perhaps(self.last_booking_at, TABLE, "last_booking_at")?,
            is_favourite: self.is_favourite != 0,
            is_blocked: self.is_blocked != 0,
            block_reason: self.block_reason,
            notes: self.notes,
            updated_at: time(self.updated_at, TABLE, "updated_at")?,
        })
    }
}

impl StoredService {
    /// The service.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    pub fn row(self) -> Result<ServiceRow, DbError> {
        const TABLE: &str = SERVICES.table;
        Ok(ServiceRow {
            no: self.no,
            tenant: parsed(self.tenant_id, TABLE, "tenant_id")?,
            id: parsed(self.id, TABLE, "id")?,
            provider: parsed(self.provider_id, TABLE, "provider_id")?,
            offer: Offer {
                title: self.title,
                price: amount(self.price, TABLE, "price")?,
                duration_minutes: small(self.duration_minutes, TABLE, "duration_minutes")?,
                description: self.description,
            },
            is_active: self.is_active != 0,
            created_at: time(self.created_at, TABLE, "created_at")?,
            updated_at: time(self.updated_at, TABLE, "updated_at")?,
        })
    }
}

impl StoredBooking {
    /// The booking.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    pub fn row(self) -> Result<BookingRow, DbError> {
        const TABLE: &str = BOOKINGS.table;
        let reviewed_at = perhaps(self.reviewed_at, TABLE, "reviewed_at")?;
        let (rating, text) = (small(self.rating, TABLE, "rating")?, self.review);
        let by = if self.cancelled_by.is_empty() { None } else { Some(named(&self.cancelled_by, TABLE, "cancelled_by")?) };
        Ok(BookingRow {
            no: self.no,
            tenant: parsed(self.tenant_id, TABLE, "tenant_id")?,
            id: parsed(self.id, TABLE, "id")?,
            relation_no: self.relation_no,
            version: version(self.version),
            subject: Subject {
                provider: parsed(self.provider_id, TABLE, "provider_id")?,
                customer: parsed(self.customer_id, TABLE, "customer_id")?,
                service: parsed(self.service_id, TABLE, "service_id")?,
                title: self.title,
                amount: amount(self.amount, TABLE, "amount")?,
            },
            slot: Slot { starts_at: time(self.starts_at, TABLE, "starts_at")?, ends_at: time(self.ends_at, TABLE, "ends_at")? },
            status: named(&self.status, TABLE, "status")?,
            paid: amount(self.paid, TABLE, "paid")?,
            review: reviewed_at.map(|reviewed_at| Reviewed { rating, text, reviewed_at }),
            cancelled: by.map(|by| Cancelled { by, reason: self.cancel_reason }),
            reference: self.reference,
            booked_at: time(self.booked_at, TABLE, "booked_at")?,
            updated_at: time(self.updated_at, TABLE, "updated_at")?,
        })
    }
}

impl StoredPayment {
    /// The payment.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    pub fn row(self) -> Result<PaymentRow, DbError> {
        const TABLE: &str = PAYMENTS.table;
        let payment = PaymentRecorded {
            amount: amount(self.amount, TABLE, "amount")?,
            method: named(&self.method, TABLE, "method")?,
            reference: self.reference,
            paid_at: time(self.paid_at, TABLE, "paid_at")?,
        };
        let (at, index) = (Moment(self.at), small(self.event_index, TABLE, "event_index")?);
        Ok(PaymentRow { at, index, relation_no: self.relation_no, booking_no: self.booking_no, payment })
    }
}

impl StoredActivity {
    /// What happened.
    ///
    /// # Errors
    /// When the table holds what cannot be.
    pub fn row(self) -> Result<ActivityRow, DbError> {
        const TABLE: &str = ACTIVITY.table;
        let activity = usize::try_from(self.activity).ok().and_then(|number| Activity::ALL.get(number)).copied();
        Ok(ActivityRow {
            at: Moment(self.at),
            index: small(self.event_index, TABLE, "event_index")?,
            happened_at: time(self.happened_at, TABLE, "happened_at")?,
            activity: activity.ok_or(DbError::Value { table: TABLE, column: "activity" })?,
            tenant: parsed(self.tenant_id, TABLE, "tenant_id")?,
            provider: parsed(self.provider_id, TABLE, "provider_id")?,
            customer: parsed(self.customer_id, TABLE, "customer_id")?,
            customer_name: self.customer_name,
            relation_no: self.relation_no,
            booking: self.booking_id,
            title: self.title,
            amount: amount(self.amount, TABLE, "amount")?,
            rating: small(self.rating, TABLE, "rating")?,
        })
    }
}
