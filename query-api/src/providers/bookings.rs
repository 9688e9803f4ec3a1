//! Bookings of providers, and what was paid for them.

use chrono::{DateTime, Utc};
use events::booking::Status;
use events::{BookingId, CustomerId, RelationId};
use projections::ReadModels;
use projections::bookings::{BOOKING_SELECTED, BookingRow, NAME, PAYMENT_SELECTED, PaymentRow, StoredBooking, StoredPayment};
use projections::db::Sql;

use super::filter::Whose;
use super::stats;
use crate::customers::Values;
use crate::{Page, PageRequest, QueryError, Scope};

/// Which bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingFilter {
    /// Whose.
    pub whose: Whose,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// With this status.
    pub status: Option<Status>,
    /// Starting at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Starting before this time.
    pub to: Option<DateTime<Utc>>,
}

impl BookingFilter {
    /// Whether it lets through all that a provider has: their number is kept.
    const fn is_plain(&self) -> bool {
        self.customer.is_none() && self.status.is_none() && self.from.is_none() && self.to.is_none()
    }
}

/// A page of bookings, the latest start first, with the exact count of all.
///
/// # Errors
/// When the database does not answer.
pub async fn bookings(
    models: &ReadModels,
    scope: &Scope,
    filter: &BookingFilter,
    request: PageRequest,
) -> Result<Page<BookingRow>, QueryError> {
    let db = models.of(NAME)?;
    let mut values = Values::default();
    let mut condition = filter.whose.condition("c", scope, &mut values);
    let and = |condition: String, also: &str, place: usize| format!("{condition} AND c.{also} ${place}");
    if let Some(customer) = &filter.customer {
        let place = values.bind(customer.as_str());
        condition = and(condition, "customer_id =", place);
    }
    if let Some(status) = filter.status {
        condition = and(condition, "status =", values.bind(status.name()));
    }
    if let Some(from) = filter.from {
        condition = and(condition, "starts_at >=", values.bind(from.timestamp_micros()));
    }
    if let Some(to) = filter.to {
        condition = and(condition, "starts_at <", values.bind(to.timestamp_micros()));
    }
    let count = if filter.is_plain() {
        stats::counts(&db, scope, &filter.whose, None).await?.bookings
    } else {
        let counted = Sql::composed(format!("SELECT COUNT(*) FROM bookings c WHERE {condition}"), values.0.clone());
        let (count,): (i64,) = db.fetch_optional(counted).await?.unwrap_or_default();
        count.unsigned_abs()
    };
    let limit = values.bind(i64::try_from(request.page_size()).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(request.offset()).unwrap_or(i64::MAX));
    let text = format!(
        "SELECT {BOOKING_SELECTED} FROM (SELECT c.no AS no FROM bookings c WHERE {condition} \
         ORDER BY c.starts_at DESC, c.no DESC LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN bookings c WHERE c.no = p.no ORDER BY c.starts_at DESC, c.no DESC"
    );
    let stored: Vec<StoredBooking> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let rows = stored.into_iter().map(StoredBooking::row).collect::<Result<_, _>>()?;
    Ok(Page { count, rows })
}

/// A booking; `None`: none that the tenant has.
///
/// # Errors
/// When the database does not answer.
pub async fn booking(models: &ReadModels, scope: &Scope, id: &BookingId) -> Result<Option<BookingRow>, QueryError> {
    let text = format!("SELECT {BOOKING_SELECTED} FROM bookings c WHERE c.tenant_id = $1 AND c.id = $2");
    let sql = Sql::composed(text, [scope.id().as_str().into(), id.as_str().into()]);
    let stored: Option<StoredBooking> = models.of(NAME)?.fetch_optional(sql).await?;
    Ok(stored.map(StoredBooking::row).transpose()?)
}

/// What was paid for a booking, in the order in which it was recorded.
///
/// # Errors
/// When the database does not answer.
pub async fn payments(models: &ReadModels, booking: &BookingRow) -> Result<Vec<PaymentRow>, QueryError> {
    let text = format!("SELECT {PAYMENT_SELECTED} FROM payments c WHERE c.booking_no = $1 ORDER BY c.at, c.event_index");
    let stored: Vec<StoredPayment> = models.of(NAME)?.fetch_all(Sql::composed(text, [booking.no.into()])).await?;
    Ok(stored.into_iter().map(StoredPayment::row).collect::<Result<_, _>>()?)
}

/// All that a customer has with providers: the relations and the bookings, to be forgotten with the customer.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    models: &ReadModels,
    scope: &Scope,
    customer: &CustomerId,
) -> Result<(Vec<RelationId>, Vec<BookingId>), QueryError> {
    let db = models.of(NAME)?;
    let key = || [scope.id().as_str().into(), customer.as_str().into()];
    let relations = Sql::fixed("SELECT id FROM relations WHERE tenant_id = $1 AND customer_id = $2 ORDER BY no", key());
    let bookings = Sql::fixed(
        "SELECT b.id FROM relations r CROSS JOIN bookings b \
         WHERE r.tenant_id = $1 AND r.customer_id = $2 AND b.relation_no = r.no ORDER BY b.no",
        key(),
    );
    let relations: Vec<(String,)> = db.fetch_all(relations).await?;
    let bookings: Vec<(String,)> = db.fetch_all(bookings).await?;
    let relations = relations.into_iter().filter_map(|(id,)| id.parse().ok()).collect();
    Ok((relations, bookings.into_iter().filter_map(|(id,)| id.parse().ok()).collect()))
}
