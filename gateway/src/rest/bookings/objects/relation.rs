//! What is between a provider and a customer, as JSON.

use poem_openapi::Object;
use query_api::providers::{Person, RelationRow, STATUS_RULE};

use super::{float, part};
use crate::rest::moment::Moment;

/// A customer of a provider, as a person.
#[derive(Debug, Clone, Object)]
pub struct PersonObject {
    /// Names the customer; an opaque text.
    id: String,
    /// The first word of the name.
    first_name: String,
    /// The rest of the name.
    last_name: String,
    /// Email address.
    email: String,
    /// Phone number; empty when not known.
    phone: String,
    /// The address of a picture; `null`: none.
    #[oai(nullable)]
    profile_picture: Option<String>,
    /// City; empty when not known.
    city: String,
    /// When they became a customer; `null` when nothing is known of them any more.
    #[oai(nullable)]
    date_joined: Option<Moment>,
}

impl PersonObject {
    fn of(id: String, person: Person) -> Self {
        let (first_name, last_name) = person.name.split_once(' ').unwrap_or((&person.name, ""));
        Self {
            id,
            first_name: first_name.to_owned(),
            last_name: last_name.trim_start().to_owned(),
            email: person.email,
            phone: person.phone,
            profile_picture: Some(person.picture).filter(|picture| !picture.is_empty()),
            city: person.city,
            date_joined: person.joined_at.map(Moment),
        }
    }
}

/// What is between a provider and a customer.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerRelation")]
pub struct RelationObject {
    /// Names the relation; an opaque text.
    id: String,
    /// Names the provider.
    provider: String,
    /// Who the customer is.
    customer: PersonObject,
    /// All bookings, whatever came of them.
    total_bookings: i64,
    /// Bookings that were completed.
    completed_bookings: i64,
    /// What the completed bookings cost, in the tenant's currency.
    total_spent: f64,
    /// The average of the customer's ratings; 0 without one.
    average_rating: f64,
    /// Whether the customer is a favourite.
    is_favorite_customer: bool,
    /// Whether the provider takes no bookings of the customer.
    is_blocked: bool,
    /// Why the customer is blocked; empty when not said.
    block_reason: String,
    /// The provider's notes.
    notes: String,
    /// `blocked`, `favorite`, `regular` (5 bookings or more), `returning` (more than one) or `new`.
    customer_status: String,
    /// The version of the rule that gave the status.
    status_rule: i64,
    /// When the first booking was made; `null`: none yet.
    #[oai(nullable)]
    first_booking_date: Option<Moment>,
    /// When the last booking was made; `null`: none yet.
    #[oai(nullable)]
    last_booking_date: Option<Moment>,
    /// When anything last changed.
    updated_at: Moment,
}

impl From<RelationRow> for RelationObject {
    fn from(row: RelationRow) -> Self {
        let (status, average) = (row.status(), row.average_rating().unwrap_or(0));
        Self {
            id: row.id.into(),
            provider: row.provider.into(),
            customer: PersonObject::of(row.customer.into(), row.person),
            total_bookings: row.bookings,
            completed_bookings: row.completed,
            total_spent: float(row.spent),
            average_rating: part(average.unsigned_abs(), 1_000),
            is_favorite_customer: row.is_favourite,
            is_blocked: row.is_blocked,
            block_reason: row.block_reason,
            notes: row.notes,
            customer_status: status.name().to_owned(),
            status_rule: STATUS_RULE,
            first_booking_date: row.first_booking_at.map(Moment),
            last_booking_date: row.last_booking_at.map(Moment),
            updated_at: row.updated_at.into(),
        }
    }
}
