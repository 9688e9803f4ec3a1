//! How the row of a customer stands in table `customers`.

use sea_query::Value;

use crate::customer::{self, CustomerRow, last_order, tier_number};
use crate::db::Target;
use crate::value::{micros, number, text};

/// The table.
pub const CUSTOMERS: Target = Target { table: "customers", columns: &COLUMNS, key: &["no"] };

/// What stands beside the row itself, for orders and searches.
const DERIVED: [&str; 2] = ["name_key", "search_text"];
const WIDTH: usize = customer::COLUMNS.len() + DERIVED.len();
/// The columns of the row, and the derived ones.
const COLUMNS: [&str; WIDTH] = {
    let mut all = [""; WIDTH];
    let mut at = 0;
    while at < WIDTH {
        let row = customer::COLUMNS.len();
        all[at] = if at < row { customer::COLUMNS[at] } else { DERIVED[at - row] };
        at += 1;
    }
    all
};

/// All values of a row.
pub fn values(row: &CustomerRow) -> Vec<Value> {
    customer::values(row).into_iter().chain([text(row.name_key()), text(row.search_text())]).collect()
}

/// Columns that are set together. What is not set again need not be taken out of its indexes and put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Columns {
    /// What events about points change, where the tier stays.
    Points,
    /// What orders change, where the tier stays.
    Orders,
    /// What changes when the tier does, or when the customer is activated or deactivated.
    Kind,
}

impl Columns {
    /// The group that covers the change from a row to another; `None` where only the whole row does.
    pub fn of(before: &CustomerRow, now: &CustomerRow) -> Option<Self> {
        let same_self = before.no == now.no
            && before.state == now.state
            && before.profile == now.profile
            && before.created_at == now.created_at;
        let same_kind = before.is_active == now.is_active && before.tier() == now.tier();
        let same_orders = before.total_orders == now.total_orders
            && before.total_spent == now.total_spent
            && before.last_order_at == now.last_order_at;
        match (same_self, same_kind, same_orders) {
            (true, true, true) => Some(Self::Points),
            (true, true, false) => Some(Self::Orders),
            (true, false, true) => Some(Self::Kind),
            (true, false, false) | (false, _, _) => None,
        }
    }

    /// The columns, in the order of [`Columns::values`] behind the number.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Points => &["version", "position", "updated_at", "loyalty_points"],
            Self::Orders => {
                &["version", "position", "updated_at", "loyalty_points", "total_orders", "total_spent", "last_order_at"]
            }
            Self::Kind => &["version", "position", "updated_at", "loyalty_points", "is_active", "tier"],
        }
    }

    /// The row's number and the values of these columns.
    pub fn values(self, row: &CustomerRow) -> Vec<Value> {
        let mut values = vec![
            row.no.into(),
            number(row.version).into(),
            number(row.position.0).into(),
            micros(row.updated_at).into(),
            row.loyalty_points.into(),
        ];
        match self {
            Self::Points => {}
            Self::Orders => {
                values.extend([row.total_orders.into(), row.total_spent.minor().into(), last_order(row).into()]);
            }
            Self::Kind => values.extend([i64::from(row.is_active).into(), tier_number(row.tier()).into()]),
        }
        values
    }
}
