//! How rows stand in tables.

use events::UserId;
use sea_query::Value;

use super::activity::ActivityRow;
use super::booking::{BookingRow, PaymentRow};
use super::counts::COUNTS;
use super::fold::Of;
use super::person::Person;
use super::relation::RelationRow;
use super::service::ServiceRow;
use super::status::STATUS_RULE;
use crate::db::Target;
use crate::projection::Table;
use crate::value::{micros, number, text};

/// A time that never was: before every time, so that both databases order it alike.
pub const NEVER: i64 = i64::MIN;
/// The average of who never rated: below every rating.
pub const UNRATED: i64 = -1;

/// Who customers are.
pub const PEOPLE: Target = Target {
    table: "booking_customers",
    columns: &["tenant_id", "id", "name", "email", "phone", "city", "picture", "joined_at"],
    key: &["tenant_id", "id"],
};

/// Services.
pub const SERVICES: Target = Target {
    table: "services",
    columns: &[
        "no",
        "tenant_id",
        "id",
        "provider_id",
        "title",
        "price",
        "duration_minutes",
        "description",
        "is_active",
        "created_at",
        "updated_at",
    ],
    key: &["no"],
};

/// Bookings.
pub const BOOKINGS: Target = Target {
    table: "bookings",
    columns: &[
        "no",
        "tenant_id",
        "id",
        "relation_no",
        "version",
        "provider_id",
        "customer_id",
        "service_id",
        "title",
        "amount",
        "starts_at",
        "ends_at",
        "status",
        "paid",
        "rating",
        "review",
        "reviewed_at",
        "cancelled_by",
        "cancel_reason",
        "reference",
        "booked_at",
        "updated_at",
    ],
    key: &["no"],
};

/// Payments.
pub const PAYMENTS: Target = Target {
    table: "payments",
    columns: &["booking_no", "at", "event_index", "relation_no", "amount", "method", "reference", "paid_at"],
    key: &["booking_no", "at", "event_index"],
};

/// What happened.
pub const ACTIVITY: Target = Target {
    table: "activity",
    columns: &[
        "tenant_id",
        "provider_id",
        "happened_at",
        "at",
        "event_index",
        "activity",
        "customer_id",
        "relation_no",
        "booking_id",
        "title",
        "amount",
        "rating",
    ],
    key: &["tenant_id", "provider_id", "happened_at", "at", "event_index"],
};

/// Relations as they are now.
pub const RELATIONS: Target = Target { table: "relations", columns: &RELATION_COLUMNS, key: &["no"] };

/// Relations as they ever were.
pub const VERSIONS: Target = Target { table: "relation_versions", columns: &RELATION_COLUMNS, key: &["no", "at"] };

const RELATION_COLUMNS: [&str; 29] = [
    "no",
    "at",
    "tenant_id",
    "id",
    "provider_id",
    "customer_id",
    "name",
    "email",
    "phone",
    "city",
    "picture",
    "joined_at",
    "name_key",
    "search_text",
    "bookings",
    "completed",
    "spent",
    "rating_sum",
    "ratings",
    "average_rating",
    "first_booking_at",
    "last_booking_at",
    "is_favourite",
    "is_blocked",
    "block_reason",
    "notes",
    "status",
    "rule",
    "updated_at",
];
macro_rules! tables {
    ($( $target:ident ),+) => { &[$( Table { name: $target.table, columns: $target.columns, key: $target.key } ),+] };
}

/// The tables, for comparison.
pub const TABLES: &[Table] = tables!(PEOPLE, SERVICES, BOOKINGS, PAYMENTS, ACTIVITY, RELATIONS, VERSIONS, COUNTS);

pub fn person((tenant, id): &Of<events::CustomerId>, person: &Person) -> Vec<Value> {
    vec![
        text(tenant.as_str()),
        text(id.as_str()),
        text(&person.name),
        text(&person.email),
        text(&person.phone),
        text(&person.city),
        text(&person.picture),
        person.joined_at.map_or(NEVER, micros).into(),
    ]
}

pub fn service(row: &ServiceRow) -> Vec<Value> {
    vec![
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        text(row.provider.as_str()),
        text(&row.offer.title),
        row.offer.price.minor().into(),
        i64::from(row.offer.duration_minutes).into(),
        text(&row.offer.description),
        i64::from(row.is_active).into(),
        micros(row.created_at).into(),
        micros(row.updated_at).into(),
    ]
}

pub fn booking(row: &BookingRow) -> Vec<Value> {
    let (subject, review, cancelled) = (&row.subject, row.review.as_ref(), row.cancelled.as_ref());
    vec![
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        row.relation_no.into(),
        number(row.version).into(),
        text(subject.provider.as_str()),
        text(subject.customer.as_str()),
        text(subject.service.as_str()),
        text(&subject.title),
        subject.amount.minor().into(),
        micros(row.slot.starts_at).into(),
        micros(row.slot.ends_at).into(),
        text(row.status.name()),
        row.paid.minor().into(),
        review.map_or(0, |review| i64::from(review.rating)).into(),
        text(review.map_or("", |review| review.text.as_str())),
        review.map_or(NEVER, |review| micros(review.reviewed_at)).into(),
        text(cancelled.map_or("", |cancelled| cancelled.by.name())),
        text(cancelled.map_or("", |cancelled| cancelled.reason.as_str())),
        text(&row.reference),
        micros(row.booked_at).into(),
        micros(row.updated_at).into(),
    ]
}

pub fn payment(row: &PaymentRow) -> Vec<Value> {
    vec![
        row.booking_no.into(),
        row.at.0.into(),
        i64::from(row.index).into(),
        row.relation_no.into(),
        row.payment.amount.minor().into(),
        text(row.payment.method.name()),
        text(crate::value::storable(&row.payment.reference)),
        micros(row.payment.paid_at).into(),
    ]
}

pub fn activity(row: &ActivityRow) -> Vec<Value> {
    vec![
        text(row.tenant.as_str()),
        text(UserId::as_str(&row.provider)),
        micros(row.happened_at).into(),
        row.at.0.into(),
        i64::from(row.index).into(),
        (row.activity as i64).into(),
        text(row.customer.as_str()),
        row.relation_no.into(),
        text(&row.booking),
        text(&row.title),
        row.amount.minor().into(),
        i64::from(row.rating).into(),
    ]
}

pub fn relation(row: &RelationRow) -> Vec<Value> {
    let person = &row.person;
    vec![
        row.no.into(),
        row.at.0.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        text(row.provider.as_str()),
        text(row.customer.as_str()),
        text(&person.name),
        text(&person.email),
        text(&person.phone),
        text(&person.city),
        text(&person.picture),
        person.joined_at.map_or(NEVER, micros).into(),
        text(person.name_key()),
        text(person.search_text()),
        row.bookings.into(),
        row.completed.into(),
        row.spent.minor().into(),
        row.rating_sum.into(),
        row.ratings.into(),
        row.average_rating().unwrap_or(UNRATED).into(),
        row.first_booking_at.map_or(NEVER, micros).into(),
        row.last_booking_at.map_or(NEVER, micros).into(),
        i64::from(row.is_favourite).into(),
        i64::from(row.is_blocked).into(),
        text(&row.block_reason),
        text(&row.notes),
        row.status().number().into(),
        STATUS_RULE.into(),
        micros(row.updated_at).into(),
    ]
}
