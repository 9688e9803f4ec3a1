//! How the row of a customer stands in its table.

use sea_query::Value;

use crate::customer::{self, CustomerRow};
use crate::value::{micros, number, text};

/// Every column of table `customers`, in the order of [`values`].
pub const COLUMNS: &[&str] = &[
    "no",
    "tenant_id",
    "id",
    "name_key",
    "search_text",
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

/// Every column of table `customer_history`, in the order of [`past_values`].
pub const PAST_COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "no",
    "valid_to",
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

/// The values of a current row.
pub fn values(row: &CustomerRow) -> Vec<Value> {
    let head = [row.no.into(), text(row.tenant.as_str()), text(row.id.as_str()), text(row.name_key()), text(row.search_text())];
    head.into_iter().chain(shared_values(row)).collect()
}

/// The values of a past row.
pub fn past_values(row: &CustomerRow, valid_to: u64) -> Vec<Value> {
    let head = [text(row.tenant.as_str()), text(row.id.as_str()), row.no.into(), number(valid_to).into()];
    head.into_iter().chain(shared_values(row)).collect()
}

/// The columns that events about points change, where the tier stays.
pub const POINTS_COLUMNS: &[&str] = &["version", "position", "updated_at", "loyalty_points"];

/// The row's number and the values of [`POINTS_COLUMNS`].
pub fn points_values(row: &CustomerRow) -> Vec<Value> {
    vec![
        row.no.into(),
        number(row.version).into(),
        number(row.position.0).into(),
        micros(row.updated_at).into(),
        row.loyalty_points.into(),
    ]
}

/// The columns that orders change, where the tier stays.
pub const ORDER_COLUMNS: &[&str] =
    &["version", "position", "updated_at", "loyalty_points", "total_orders", "total_spent", "last_order_at"];

/// The row's number and the values of [`ORDER_COLUMNS`].
pub fn order_values(row: &CustomerRow) -> Vec<Value> {
    let orders = [row.total_orders.into(), row.total_spent.minor().into(), customer::last_order(row).into()];
    points_values(row).into_iter().chain(orders).collect()
}

fn shared_values(row: &CustomerRow) -> impl Iterator<Item = Value> {
    customer::values(row).into_iter().skip(3)
}
