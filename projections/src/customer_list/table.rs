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
    /// What changes when the customer is activated or deactivated.
    Activity,
    /// What changes when the tier does.
    Tier,
}

impl Columns {
    /// The group that covers the change from a row to another; `None` where only the whole row does.
    pub fn of(before: &CustomerRow, now: &CustomerRow) -> Option<Self> {
        let same_self = before.no == now.no
            && before.state == now.state
            && before.profile == now.profile
            && before.created_at == now.created_at;
        let same_tier = before.tier() == now.tier();
        let same_activity = before.is_active == now.is_active;
        let same_points = before.loyalty_points == now.loyalty_points;
        let same_orders = before.total_orders == now.total_orders
            && before.total_spent == now.total_spent
            && before.last_order_at == now.last_order_at;
        if !same_self {
            return None;
        }
        match (same_tier, same_activity, same_orders) {
            (true, true, true) => Some(Self::Points),
            (true, true, false) => Some(Self::Orders),
            (true, false, true) if same_points => Some(Self::Activity),
            (false, true, true) => Some(Self::Tier),
            (_, false, _) | (false, true, false) => None,
        }
    }

    /// The columns, in the order of [`Columns::values`] behind the number.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Points => &["version", "position", "updated_at", "loyalty_points"],
            Self::Orders => {
                &["version", "position", "updated_at", "loyalty_points", "total_orders", "total_spent", "last_order_at"]
            }
            Self::Activity => &["version", "position", "updated_at", "is_active"],
            Self::Tier => &["version", "position", "updated_at", "loyalty_points", "tier"],
        }
    }

    /// The row's number and the values of these columns.
    pub fn values(self, row: &CustomerRow) -> Vec<Value> {
        let mut values =
            vec![row.no.into(), number(row.version).into(), number(row.position.0).into(), micros(row.updated_at).into()];
        match self {
            Self::Points => values.push(row.loyalty_points.into()),
            Self::Orders => values.extend([
                row.loyalty_points.into(),
                row.total_orders.into(),
                row.total_spent.minor().into(),
                last_order(row).into(),
            ]),
            Self::Activity => values.push(i64::from(row.is_active).into()),
            Self::Tier => values.extend([row.loyalty_points.into(), tier_number(row.tier()).into()]),
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many indexes of SQLite's table hold one of these columns: each is written twice for every row.
    fn indexes(columns: Columns) -> usize {
        let tables = include_str!("../../migrations/sqlite/customer_list.sql");
        let listed = tables.lines().filter(|line| line.starts_with("CREATE INDEX")).filter_map(|line| line.split_once(" ("));
        let holds = |list: &str| columns.names().iter().any(|name| list.split([',', ')', ' ']).any(|word| word == *name));
        listed.filter(|(_, list)| holds(list)).count()
    }

    #[test]
    fn what_happens_often_is_in_few_indexes() {
        assert_eq!([Columns::Points, Columns::Activity, Columns::Orders].map(indexes), [1, 2, 4]);
        assert_eq!(indexes(Columns::Tier), 9);
    }
}
