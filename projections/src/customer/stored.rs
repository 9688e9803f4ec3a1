//! How the row of a customer stands in tables.

use events::Amount;
use events::customer::{LoyaltyTier, Profile};
use sea_query::Value;

use super::row::{CustomerRow, RowState};
use crate::db::DbError;
use crate::value::{micros, number, parsed, position, text, time, version};

/// `last_order_at` of who never ordered: before every time, so that both databases order it alike.
pub const NEVER: i64 = i64::MIN;

/// The columns that hold a row, in the order of [`values`].
pub const COLUMNS: [&str; 22] = [
    "no",
    "tenant_id",
    "id",
    "state",
    "version",
    "position",
    "name",
    "email",
    "phone",
    "address",
    "city",
    "province",
    "postal_code",
    "notes",
    "is_active",
    "loyalty_points",
    "tier",
    "total_orders",
    "total_spent",
    "created_at",
    "updated_at",
    "last_order_at",
];

/// The columns of a table `c` that make a [`StoredCustomer`].
pub const SELECTED: &str = "c.no, c.tenant_id, c.id, c.state, c.version, c.position, c.name, c.email, c.phone, c.address, c.city, \
     c.province, c.postal_code, c.notes, c.is_active, c.loyalty_points, c.total_orders, c.total_spent, c.created_at, c.updated_at, \
     c.last_order_at";

/// A row as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredCustomer {
    no: i64,
    tenant_id: String,
    id: String,
    state: i64,
    version: i64,
    position: i64,
    name: String,
    email: String,
    phone: String,
    address: String,
    city: String,
    province: String,
    postal_code: String,
    notes: String,
    is_active: i64,
    loyalty_points: i64,
    total_orders: i64,
    total_spent: i64,
    created_at: i64,
    updated_at: i64,
    last_order_at: i64,
}

impl TryFrom<StoredCustomer> for CustomerRow {
    type Error = DbError;

    fn try_from(stored: StoredCustomer) -> Result<Self, DbError> {
        const TABLE: &str = "customers";
        let last_order_at = match stored.last_order_at {
            NEVER => None,
            at => Some(time(at, TABLE, "last_order_at")?),
        };
        Ok(Self {
            tenant: parsed(stored.tenant_id, TABLE, "tenant_id")?,
            id: parsed(stored.id, TABLE, "id")?,
            no: stored.no,
            state: state_of(stored.state).ok_or(DbError::Value { table: TABLE, column: "state" })?,
            version: version(stored.version),
            position: position(stored.position),
            profile: Profile {
                name: stored.name,
                email: stored.email,
                phone: stored.phone,
                address: stored.address,
                city: stored.city,
                province: stored.province,
                postal_code: stored.postal_code,
                notes: stored.notes,
            },
            is_active: stored.is_active != 0,
            loyalty_points: stored.loyalty_points,
            total_orders: stored.total_orders,
            total_spent: Amount::from_minor(stored.total_spent)
                .map_err(|_| DbError::Value { table: TABLE, column: "total_spent" })?,
            created_at: time(stored.created_at, TABLE, "created_at")?,
            updated_at: time(stored.updated_at, TABLE, "updated_at")?,
            last_order_at,
        })
    }
}

/// The values of a row, in the order of [`COLUMNS`].
#[must_use]
pub fn values(row: &CustomerRow) -> [Value; 22] {
    let profile = &row.profile;
    [
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        (row.state as i64).into(),
        number(row.version).into(),
        number(row.position.0).into(),
        text(&profile.name),
        text(&profile.email),
        text(&profile.phone),
        text(&profile.address),
        text(&profile.city),
        text(&profile.province),
        text(&profile.postal_code),
        text(&profile.notes),
        i64::from(row.is_active).into(),
        row.loyalty_points.into(),
        tier_number(row.tier()).into(),
        row.total_orders.into(),
        row.total_spent.minor().into(),
        micros(row.created_at).into(),
        micros(row.updated_at).into(),
        last_order(row).into(),
    ]
}

/// The number of a tier in tables.
#[must_use]
pub const fn tier_number(tier: LoyaltyTier) -> i64 {
    tier as i64
}

/// The time of the last order as it stands in tables: microseconds since 1970, or [`NEVER`].
#[must_use]
pub fn last_order(row: &CustomerRow) -> i64 {
    row.last_order_at.map_or(NEVER, micros)
}

/// The state with this number.
#[must_use]
pub const fn state_of(number: i64) -> Option<RowState> {
    match number {
        0 => Some(RowState::Live),
        1 => Some(RowState::Deleted),
        2 => Some(RowState::Forgotten),
        _ => None,
    }
}

const _: () = assert!(RowState::Live as i64 == 0, "partial indexes count on the number of the live state");
