//! How a filter is answered as of a moment: what it says in SQL, and by which list its page is found.

use events::customer::LoyaltyTier;
use projections::customer::{search, tier_number};
use projections::customer_history::{Moment, Order, total_of};
use projections::db::{Backend, TextIndex};

use super::super::plan::{Values, Way, order_column};
use super::super::{CustomerFilter, OrderField};
use crate::Scope;

/// The index that tells, of a profile that was found by its text, what filters and the default order ask.
const NARROW_PROFILES: &str = "customer_profiles_by_moment";

/// The rows that a filter lets through, as parts of a statement.
pub struct Source {
    /// `FROM … WHERE …`.
    pub from: String,
    /// The column with the customer's number.
    pub no: &'static str,
    /// The columns that the list is ordered by, before that number.
    keys: Vec<String>,
}

impl Source {
    /// The order of the list.
    pub fn order(&self, descending: bool) -> String {
        let direction = if descending { "DESC" } else { "ASC" };
        let columns = self.keys.iter().map(String::as_str).chain([self.no]);
        columns.map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", ")
    }
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
fn version_of(backend: Backend, no: &str, moment: usize) -> (String, String) {
    backend.last_of("customer_versions", "c", ("no", no), ("at", moment))
}

/// The column of a version `c` or a profile `p` that a list is ordered by.
pub fn row_column(field: OrderField) -> String {
    format!("{}.{}", if is_of_profile(field) { 'p' } else { 'c' }, order_column(field))
}

/// Whether a list is ordered by what stands in profiles.
const fn is_of_profile(field: OrderField) -> bool {
    match field {
        OrderField::Name | OrderField::CreatedAt => true,
        OrderField::LoyaltyPoints | OrderField::TotalOrders | OrderField::TotalSpent | OrderField::LastOrderDate => false,
    }
}

/// The rows that the filter lets through as of a moment, found this way.
pub fn source(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, way: Way, values: &mut Values) -> Source {
    let Some(list) = list_of(way, filter.ordering.field) else { return by_search(backend, scope, moment, filter, values) };
    in_list(backend, scope, moment, filter, list, values)
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
    let Some(list) = list_of(way, filter.ordering.field) else {
        let asks_profile = asks_place(filter) || !backend.matching_is_exact();
        let profile = asks_profile.then(|| backend.indexed_by(NARROW_PROFILES));
        let (tables, conditions) = found(backend, scope, moment, filter, profile.as_deref(), values);
        return format!("FROM {tables} WHERE {}", conditions.join(" AND "));
    };
    in_list(backend, scope, moment, filter, list, values).from
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
    let mut all = vec![format!("s.tenant_id = ${} AND s.list = {}", values.bind(scope.id().as_str()), list.number())];
    all.extend(under_text(filter, list, values));
    all.extend(bounds(scope, filter, list, at, values));
    all.push(format!("s.valid_from <= ${at} AND s.valid_to > ${at}"));
    all.extend(filter.loyalty_level.map(|tier| format!("s.tier = ${}", values.bind(tier_number(tier)))));
    all.extend(filter.city.as_deref().map(|city| format!("s.city = ${}", values.bind(city))));
    all.extend(filter.province.as_deref().map(|province| format!("s.province = ${}", values.bind(province))));
    let ordered = stands_by(list, field);
    let mut tables = "customer_stays s".to_owned();
    if let Some(active) = filter.is_active {
        let active = values.bind(i64::from(active));
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
    let asks_version = !ordered && !is_of_profile(field);
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
    all.extend(terms.into_iter().map(|term| backend.contains("p.search_text", values.bind(term))));
    let keys = if !ordered {
        vec![row_column(field)]
    } else if list == Order::Name {
        // All columns of the key that are not fixed: only so does a planner see that nothing is left to sort.
        vec!["s.text".to_owned(), "s.number".to_owned()]
    } else {
        vec!["s.number".to_owned()]
    };
    Source { from: format!("FROM {tables} WHERE {}", all.join(" AND ")), no: "s.no", keys }
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
fn tier_bounds(tier: LoyaltyTier) -> (Option<i64>, Option<i64>) {
    let (least, next) = tier.bounds();
    (Some(least).filter(|least| *least > 0), next)
}

/// Customers whose profiles contain the words.
fn by_search(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> Source {
    let field = filter.ordering.field;
    let rows = if field == OrderField::CreatedAt { backend.indexed_by(NARROW_PROFILES) } else { String::new() };
    let (mut tables, mut all) = found(backend, scope, moment, filter, Some(&rows), values);
    if !is_of_profile(field) {
        let (version, condition) = version_of(backend, "p.no", values.bind(moment.0));
        tables.push_str(&version);
        all.push(condition);
    }
    Source { from: format!("FROM {tables} WHERE {}", all.join(" AND ")), no: "p.no", keys: vec![row_column(field)] }
}

/// The texts that contain the words, as far as they led to live customers of the right kind then: tables and conditions, with
/// the profile `p` where it is asked for, with how its rows are read. The grams carry the mark of the tenant.
fn found(
    backend: Backend,
    scope: &Scope,
    moment: Moment,
    filter: &CustomerFilter,
    profile: Option<&str>,
    values: &mut Values,
) -> (String, Vec<String>) {
    let terms = filter.terms();
    let at = values.bind(moment.0);
    let matching = matching(backend, TextIndex::Search, scope, &terms, at, values);
    let (mut tables, mut all) = (format!("({matching}) m"), Vec::new());
    if let Some(indexed_by) = profile {
        tables.push_str(&format!(" CROSS JOIN customer_profiles p{indexed_by}"));
        all.push("p.at = m.no".to_owned());
        all.extend(filter.city.as_deref().map(|city| format!("p.city = ${}", values.bind(city))));
        all.extend(filter.province.as_deref().map(|province| format!("p.province = ${}", values.bind(province))));
        if !backend.matching_is_exact() {
            all.extend(terms.into_iter().map(|term| backend.contains("p.search_text", values.bind(term))));
        }
    }
    // The kind is asked as soon as the text is known, but where a place is asked for, only of those who lived there.
    let text = if asks_place(filter) { "p.at" } else { "m.no" };
    let last =
        format!("SELECT w.kind FROM customer_finds w WHERE w.text_at = {text} AND w.at <= ${at} ORDER BY w.at DESC LIMIT 1");
    let (joined, kind) = backend.looked_up("f", &format!("({last})"));
    tables.push_str(&joined);
    let kinds: Vec<String> = kinds(filter.is_active, filter.loyalty_level).map(|kind| kind.to_string()).collect();
    all.push(format!("{kind} IN ({})", kinds.join(", ")));
    (tables, all)
}

const fn asks_place(filter: &CustomerFilter) -> bool {
    filter.city.is_some() || filter.province.is_some()
}

/// The numbers of the kinds of customers of an activity and a tier: their places among [`TOTALS`].
///
/// [`TOTALS`]: projections::customer_history::TOTALS
pub fn kinds(is_active: Option<bool>, tier: Option<LoyaltyTier>) -> impl Iterator<Item = usize> {
    let activities = [false, true].into_iter().filter(move |one| is_active.is_none_or(|wanted| wanted == *one));
    let tiers = move || LoyaltyTier::ALL.into_iter().filter(move |one| tier.is_none_or(|wanted| wanted == *one));
    activities.flat_map(move |active| tiers().map(move |tier| total_of(active, tier)))
}

/// The moments up to that in the value `at` that a text index has under all words.
pub fn matching(backend: Backend, index: TextIndex, scope: &Scope, terms: &[String], at: usize, values: &mut Values) -> String {
    let needles: Vec<search::Needle> = terms.iter().map(|term| search::needle(scope.id(), term)).collect();
    let place = values.bind(backend.needles(&needles));
    backend.matching_up_to(index, place, at)
}
