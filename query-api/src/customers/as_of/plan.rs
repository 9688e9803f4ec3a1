//! How a filter is answered as of a moment: what it says in SQL, and by which list its page is found.

use events::customer::LoyaltyTier;
use projections::customer::tier_number;
use projections::customer_history::{Moment, Order};
use projections::db::Backend;

use super::super::plan::{Values, Way, order_column};
use super::super::{CustomerFilter, OrderField};
use super::search;
use crate::Scope;

/// The rows that a filter lets through, as parts of a statement.
pub struct Source {
    /// `FROM … WHERE …`.
    pub from: String,
    /// The column with the customer's number.
    pub no: &'static str,
    /// `ORDER BY …` in the order of the list; empty where they come in it.
    pub order: String,
}

/// `ORDER BY …` these columns, and then the number.
pub fn order_of_rows(columns: &[String], no: &str, filter: &CustomerFilter) -> String {
    let direction = filter.ordering.direction();
    let columns = columns.iter().map(String::as_str).chain([no]);
    format!("ORDER BY {}", columns.map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", "))
}

/// The version `c` and the profile `p` of a customer that were the last ones at the moment in the value `moment`: what is
/// joined behind the tables that the number is from, and on which condition.
pub fn versions_of(backend: Backend, no: &str, moment: usize) -> (String, String) {
    let (version, condition) = version_of(backend, no, moment);
    (format!("{version} CROSS JOIN customer_profiles p"), format!("{condition} AND p.at = c.profile_at"))
}

/// The profile `p` alone: the first one of the customer, unless there was a later one.
fn profile_of(backend: Backend, no: &str, moment: usize) -> (String, String) {
    let later = format!("SELECT MAX(w.at) FROM customer_profiles w WHERE w.no = {no} AND w.at <= ${moment} AND w.at <> w.no");
    let (joined, at) = backend.looked_up("l", &format!("COALESCE(({later}), {no})"));
    (format!("{joined} CROSS JOIN customer_profiles p"), format!("p.at = {at}"))
}

/// The version `c` alone.
pub fn version_of(backend: Backend, no: &str, moment: usize) -> (String, String) {
    backend.last_of("customer_versions", "c", ("no", no), ("at", moment))
}

/// The column of a version `c` or a profile `p` that a list is ordered by.
pub fn row_column(field: OrderField) -> String {
    format!("{}.{}", if is_of_profile(field) { 'p' } else { 'c' }, order_column(field))
}

/// Whether a list is ordered by what stands in profiles.
pub const fn is_of_profile(field: OrderField) -> bool {
    match field {
        OrderField::Name | OrderField::CreatedAt => true,
        OrderField::LoyaltyPoints | OrderField::TotalOrders | OrderField::TotalSpent | OrderField::LastOrderDate => false,
    }
}

/// The rows that the filter lets through as of a moment, found this way.
pub fn source(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, way: Way, values: &mut Values) -> Source {
    match list_of(way, filter.ordering.field) {
        Some(list) => in_list(backend, scope, moment, filter, list, values),
        None => search::found(backend, scope, moment, filter, values),
    }
}

/// `FROM … WHERE …` of the same, only to be counted: of what is found by its text no more is looked at than the filter asks.
pub fn source_to_count(
    backend: Backend,
    scope: &Scope,
    moment: Moment,
    filter: &CustomerFilter,
    way: Way,
    values: &mut Values,
) -> String {
    match list_of(way, filter.ordering.field) {
        Some(list) => in_list(backend, scope, moment, filter, list, values).from,
        None => search::found_to_count(backend, scope, moment, filter, values),
    }
}

/// The list that a way goes by, if it goes by one.
const fn list_of(way: Way, field: OrderField) -> Option<Order> {
    match way {
        Way::Ordered => Some(order_of(field)),
        Way::Tier => Some(Order::LoyaltyPoints),
        Way::City => Some(Order::City),
        Way::Province => Some(Order::Province),
        Way::Search => None,
    }
}

const fn order_of(field: OrderField) -> Order {
    match field {
        OrderField::Name => Order::Name,
        OrderField::CreatedAt => Order::CreatedAt,
        OrderField::LoyaltyPoints => Order::LoyaltyPoints,
        OrderField::TotalOrders => Order::TotalOrders,
        OrderField::TotalSpent => Order::TotalSpent,
        OrderField::LastOrderDate => Order::LastOrder,
    }
}

/// Whether a list stands in the order of a field. The lists of one city and of one province do by the time of entry.
fn stands_by(list: Order, field: OrderField) -> bool {
    list == order_of(field) || (matches!(list, Order::City | Order::Province) && field == OrderField::CreatedAt)
}

fn in_list(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, list: Order, values: &mut Values) -> Source {
    let (terms, field) = (filter.terms(), filter.ordering.field);
    let at = values.bind(moment.0);
    // The list stands as a number and not as a value: a planner that has statistics knows then how long it is.
    let mut all = vec![format!(
        "s.list = {list} AND s.chapter = (SELECT k.begins FROM customer_chapters k WHERE k.tenant_id = ${tenant} \
         AND k.list = {list} AND k.begins <= ${at} ORDER BY k.begins DESC LIMIT 1)",
        list = list.number(),
        tenant = values.bind(scope.id().as_str()),
    )];
    all.extend(under_text(filter, list, values));
    all.extend(bounds(scope, filter, list, at, values));
    all.push(format!("s.valid_from <= ${at} AND (s.valid_to IS NULL OR s.valid_to > ${at})"));
    all.extend(filter.loyalty_level.map(|tier| format!("s.tier = ${}", values.bind(tier_number(tier)))));
    all.extend(filter.city.as_deref().map(|city| format!("s.city = ${}", values.bind(city))));
    all.extend(filter.province.as_deref().map(|province| format!("s.province = ${}", values.bind(province))));
    let ordered = stands_by(list, field);
    let mut tables = "customer_stays s".to_owned();
    let asks_version = !ordered && !is_of_profile(field);
    let is_active = filter.is_active.map(|active| values.bind(i64::from(active)));
    if let Some(active) = is_active.filter(|_| !asks_version) {
        if list.tells_activity() {
            all.push(format!("s.is_active = ${active}"));
        } else {
            let last = format!(
                "SELECT w.is_active FROM customer_versions w WHERE w.no = s.no AND w.at <= ${at} ORDER BY w.at DESC LIMIT 1"
            );
            let (joined, is_active) = backend.looked_up("a", &format!("({last})"));
            tables.push_str(&joined);
            all.push(format!("{is_active} = ${active}"));
        }
    }
    let asks_profile = !terms.is_empty() || !ordered && is_of_profile(field);
    let of = match (asks_version, asks_profile) {
        (true, true) => Some(versions_of(backend, "s.no", at)),
        (true, false) => Some(version_of(backend, "s.no", at)),
        (false, true) => Some(profile_of(backend, "s.no", at)),
        (false, false) => None,
    };
    if let Some((joined, condition)) = of {
        tables.push_str(&joined);
        all.push(condition);
    }
    all.extend(is_active.filter(|_| asks_version).map(|active| format!("c.is_active = ${active}")));
    all.extend(terms.into_iter().map(|term| backend.contains("p.search_text", values.bind(term))));
    let keys = if !ordered {
        vec![row_column(field)]
    } else if list == Order::Name {
        // All columns of the key that are not fixed: only so does a planner see that nothing is left to sort.
        vec!["s.text".to_owned(), "s.number".to_owned()]
    } else {
        vec!["s.number".to_owned()]
    };
    let order = order_of_rows(&keys, "s.no", filter);
    Source { from: format!("FROM {tables} WHERE {}", all.join(" AND ")), no: "s.no", order }
}

/// Under which text of a list the rows are; by name, that is what it is ordered by.
fn under_text(filter: &CustomerFilter, list: Order, values: &mut Values) -> Option<String> {
    let text = match list {
        Order::Name => return None,
        Order::City => filter.city.as_deref().unwrap_or_default(),
        Order::Province => filter.province.as_deref().unwrap_or_default(),
        Order::CreatedAt | Order::LoyaltyPoints | Order::TotalOrders | Order::TotalSpent | Order::LastOrder => "",
    };
    Some(format!("s.text = ${}", values.bind(text)))
}

/// Between which numbers of a list the rows are: those of the tier, and none above the peak of the moment. Numbers that came
/// later would stand before all others in a falling list, and be passed over one by one.
fn bounds(scope: &Scope, filter: &CustomerFilter, list: Order, at: usize, values: &mut Values) -> Vec<String> {
    let (least, next) = match filter.loyalty_level.filter(|_| list == Order::LoyaltyPoints) {
        Some(tier) => tier_bounds(tier),
        None => (None, None),
    };
    let mut bounds: Vec<String> = least.map(|least| format!("s.number >= ${}", values.bind(least))).into_iter().collect();
    if let Some(next) = next {
        bounds.push(format!("s.number < ${}", values.bind(next)));
    } else if let Some(peaks) = list.peaks() {
        bounds.push(format!(
            "s.number <= COALESCE((SELECT k.number FROM customer_peaks k WHERE k.tenant_id = ${} AND k.list = {} \
             AND k.at <= ${at} ORDER BY k.at DESC LIMIT 1), ${})",
            values.bind(scope.id().as_str()),
            peaks.number(),
            values.bind(i64::MIN),
        ));
    }
    bounds
}

/// The least balance of a tier and the least of the next. Balances are never below zero, but a range that says so at the bottom
/// would leave out what is.
pub fn tier_bounds(tier: LoyaltyTier) -> (Option<i64>, Option<i64>) {
    let (least, next) = tier.bounds();
    (Some(least).filter(|least| *least > 0), next)
}
