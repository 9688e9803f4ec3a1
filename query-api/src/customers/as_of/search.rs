//! Customers who are found by the words of a search, as of a moment.
//!
//! A text that contains the words names a profile; what it led to at the moment stands in a narrow table, and in the versions.

use events::customer::LoyaltyTier;
use projections::customer::search;
use projections::customer_history::{Moment, total_of};
use projections::db::{Backend, TextIndex};

use super::super::plan::{Values, order_column};
use super::super::{CustomerFilter, OrderField};
use super::plan::{Source, is_of_profile, order_of_rows, row_column, tier_bounds, version_of};
use crate::Scope;

/// The index that tells, of a profile that was found by its text, what filters and the default order ask.
const NARROW_PROFILES: &str = "customer_profiles_by_moment";

/// Customers whose profiles contain the words.
pub fn found(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> Source {
    if is_of_profile(filter.ordering.field) {
        sorted_profiles(backend, scope, moment, filter, values)
    } else {
        found_versions(backend, scope, moment, filter, values)
    }
}

/// In the order of what stands in profiles: these are sorted first. To whom each led is asked only until the page is full.
fn sorted_profiles(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> Source {
    let field = filter.ordering.field;
    let rows = if field == OrderField::CreatedAt { backend.indexed_by(NARROW_PROFILES) } else { String::new() };
    let (tables, conditions) = texts(backend, scope, moment, filter, Some(&rows), values);
    let (direction, key) = (filter.ordering.direction(), order_column(field));
    let sorted = format!(
        "SELECT p.no AS no, p.at AS at, p.{key} AS {key} FROM {tables} WHERE {} \
         ORDER BY p.{key} {direction}, p.no {direction} LIMIT {}",
        conditions.join(" AND "),
        i64::MAX
    );
    let (joined, leads) = leads_to(backend, "o.at", filter, values.bind(moment.0));
    let order = backend.already_sorted(format!("ORDER BY o.{key} {direction}, o.no {direction}"));
    Source { from: format!("FROM ({sorted}) o{joined} WHERE {leads}"), no: "o.no", order }
}

/// In the order of what stands in versions: the version of the moment tells, too, whether the text still led to the customer.
fn found_versions(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> Source {
    let rows = backend.indexed_by(NARROW_PROFILES);
    let (mut tables, mut all) = texts(backend, scope, moment, filter, Some(&rows), values);
    let (version, condition) = version_of(backend, "p.no", values.bind(moment.0));
    tables.push_str(&version);
    all.extend([condition, "c.profile_at = p.at AND c.state = 0".to_owned()]);
    all.extend(filter.is_active.map(|active| format!("c.is_active = ${}", values.bind(i64::from(active)))));
    if let Some(tier) = filter.loyalty_level {
        let (least, next) = tier_bounds(tier);
        all.extend(least.map(|least| format!("c.loyalty_points >= ${}", values.bind(least))));
        all.extend(next.map(|next| format!("c.loyalty_points < ${}", values.bind(next))));
    }
    let order = order_of_rows(&[row_column(filter.ordering.field)], "p.no", filter);
    Source { from: format!("FROM {tables} WHERE {}", all.join(" AND ")), no: "p.no", order }
}

/// The texts that contained the words at some time until the moment: tables and conditions, with the profile `p` where it is
/// asked for, with how its rows are read. The grams carry the mark of the tenant.
fn texts(
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
    (tables, all)
}

/// What looks up to whom a text led at the moment in the value `at`, joined behind the tables that the text is from, and the
/// condition that it was a live customer of the right kind.
fn leads_to(backend: Backend, text: &str, filter: &CustomerFilter, at: usize) -> (String, String) {
    let last =
        format!("SELECT w.kind FROM customer_finds w WHERE w.text_at = {text} AND w.at <= ${at} ORDER BY w.at DESC LIMIT 1");
    let (joined, kind) = backend.looked_up("f", &format!("({last})"));
    let kinds: Vec<String> = kinds(filter.is_active, filter.loyalty_level).map(|kind| kind.to_string()).collect();
    (joined, format!("{kind} IN ({})", kinds.join(", ")))
}

/// `FROM … WHERE …` of the same, only to be counted: no more is looked at than the filter asks.
pub fn found_to_count(backend: Backend, scope: &Scope, moment: Moment, filter: &CustomerFilter, values: &mut Values) -> String {
    let asks_place = filter.city.is_some() || filter.province.is_some();
    let asks_profile = asks_place || !backend.matching_is_exact();
    let profile = asks_profile.then(|| backend.indexed_by(NARROW_PROFILES));
    let (tables, mut all) = texts(backend, scope, moment, filter, profile.as_deref(), values);
    // The kind is asked as soon as the text is known, but where a place is asked for, only of those who lived there.
    let text = if asks_place { "p.at" } else { "m.no" };
    let (joined, leads) = leads_to(backend, text, filter, values.bind(moment.0));
    all.push(leads);
    format!("FROM {tables}{joined} WHERE {}", all.join(" AND "))
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
