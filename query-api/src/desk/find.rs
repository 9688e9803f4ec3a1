//! How a filter is answered: what it says in SQL, and by which index its rows are found.

use projections::customer::search;
use projections::customer_history::Moment;
use projections::db::{Backend, TextIndex};
use sea_query::Value;

use super::filter::{Assigned, ConversationFilter, ConversationOrder};
use crate::Scope;

/// A statement in the making: values go in as they are met.
#[derive(Debug, Default)]
pub struct Values(pub Vec<Value>);

impl Values {
    /// Binds a value and answers its place.
    pub fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.0.push(value.into());
        self.0.len()
    }
}

/// `FROM … WHERE …` of the versions `r` that a filter lets through at a moment.
pub fn from_where(backend: Backend, scope: &Scope, moment: Moment, filter: &ConversationFilter, values: &mut Values) -> String {
    let mut all = conditions(scope, filter, "r", values);
    let terms = filter.terms();
    if !terms.is_empty() {
        let from = by_name(backend, scope, moment, &terms, &mut all, values);
        return format!("{from} WHERE {}", all.join(" AND "));
    }
    let valid = valid("r", "valid_from", moment, values);
    if filter.is_about_help() {
        all.push("r.stopped > 0".to_owned());
    } else if moment != Moment::OPEN {
        // What was active later was so in a later version: the walk begins at the moment.
        all.push(format!("r.active <= ${}", values.bind(moment.0)));
    }
    let index = backend.indexed_by(index_of(moment == Moment::OPEN, filter.is_about_help()));
    format!("FROM desk_versions r{index} WHERE {} AND {valid}", all.join(" AND "))
}

/// `FROM …` of the versions of those whose customers' names have these words, and the conditions that belong to it.
fn by_name(
    backend: Backend,
    scope: &Scope,
    moment: Moment,
    terms: &[String],
    all: &mut Vec<String>,
    values: &mut Values,
) -> String {
    let needles: Vec<search::Needle> = terms.iter().map(|term| search::needle(scope.id(), term)).collect();
    let found = backend.matching(TextIndex::Search, values.bind(backend.needles(&needles)));
    let (version, condition) = backend.last_of("desk_versions", "r", ("no", "k.no"), ("valid_from", values.bind(moment.0)));
    all.push(format!(
        "n.at = s.no AND n.tenant_id = ${} AND {}",
        values.bind(scope.id().as_str()),
        valid("n", "at", moment, values)
    ));
    all.push(format!("k.tenant_id = n.tenant_id AND k.customer_id = n.id AND {condition}"));
    if !backend.matching_is_exact() {
        all.extend(terms.iter().map(|term| backend.contains("n.name_key", values.bind(term.as_str()))));
    }
    format!("FROM ({found}) s CROSS JOIN desk_names n CROSS JOIN desk_conversations k{version}")
}

/// The condition that a row is valid at a moment. That it is now stands as a number and not as a value: only so do the partial
/// indexes fit.
fn valid(table: &str, from: &str, moment: Moment, values: &mut Values) -> String {
    if moment == Moment::OPEN {
        return format!("{table}.valid_to = 9223372036854775807");
    }
    let place = values.bind(moment.0);
    format!("{table}.{from} <= ${place} AND {table}.valid_to > ${place}")
}

/// The index that rows are found by.
const fn index_of(is_now: bool, is_about_help: bool) -> &'static str {
    match (is_now, is_about_help) {
        (true, true) => "desk_versions_by_wait",
        (true, false) => "desk_versions_by_activity",
        (false, true) => "desk_versions_by_wait_then",
        (false, false) => "desk_versions_by_activity_then",
    }
}

/// Every part of a filter but the search, as conditions on a table that has the columns of the kinds.
pub fn conditions(scope: &Scope, filter: &ConversationFilter, table: &str, values: &mut Values) -> Vec<String> {
    let mut all = vec![format!("{table}.tenant_id = ${}", values.bind(scope.id().as_str()))];
    if let Some(page) = &filter.page {
        all.push(format!("{table}.page_id = ${}", values.bind(page.as_str())));
    }
    let wants = filter.order == ConversationOrder::LongestWaiting;
    if filter.stopped == Some(true) || wants {
        all.push(format!("{table}.stopped > 0"));
    }
    if filter.stopped == Some(false) {
        all.push(format!("{table}.stopped = 0"));
    }
    match &filter.assigned {
        Assigned::Anyone => {}
        Assigned::Nobody => all.push(format!("{table}.agent_id = ''")),
        Assigned::Somebody => all.push(format!("{table}.agent_id <> ''")),
        Assigned::To(agent) => all.push(format!("{table}.agent_id = ${}", values.bind(agent.as_str()))),
    }
    if let Some(status) = filter.status {
        all.push(format!("{table}.status = ${}", values.bind(status.name())));
    }
    if let Some(priority) = filter.priority {
        all.push(format!("{table}.priority = ${}", values.bind(priority as i64)));
    }
    all
}

/// The order of a list as SQL.
pub const fn order_by(order: ConversationOrder) -> &'static str {
    match order {
        ConversationOrder::NewestActivity => "r.active DESC, r.no DESC",
        ConversationOrder::LongestWaiting => "r.priority DESC, r.stopped, r.no",
    }
}

/// The moment since which somebody was called what they were called at the moment in the value `moment`.
pub fn name_of(tenant: &str, kind: i64, id: &str, moment: usize) -> String {
    format!(
        "(SELECT MAX(w.at) FROM desk_names w WHERE w.tenant_id = {tenant} AND w.kind = {kind} AND w.id = {id} AND w.at <= ${moment})"
    )
}
