//! By which index the rows of a filter are found: the one by which fewest are looked at. The counts tell beforehand.

use projections::Db;
use projections::audit_trail::AuditRow;
use projections::audit_trail::table::SELECTED;
use projections::db::{Backend, Sql};

use super::count::Counts;
use super::filter::{AuditFilter, Values};
use crate::{QueryError, Scope};

/// What looking a row up costs, measured in entries of an index that are passed over.
const LOOKUP: u64 = 16;

/// By which index rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the order of time, passing over what the filter does not let through.
    Time,
    /// Those of the record, in the order of time.
    Object,
    /// Those of the actor, in the order of time.
    Actor,
    /// All of the kind and the activities, then put in order.
    Activity,
    /// All that have the words, then put in order.
    Words,
}

impl Way {
    /// The way that looks at fewest rows to give the first `wanted` ones.
    pub fn cheapest(filter: &AuditFilter, counts: &Counts, wanted: u64) -> Self {
        if filter.object_id.is_some() {
            return Self::Object;
        }
        // Whether a row has the words is a look-up; all else is in the index.
        let look = if counts.found.is_some() { LOOKUP } else { 1 };
        let walk = |among: u64| wanted.saturating_mul(among) / counts.matching.max(1) * look;
        let total = counts.total.max(counts.matching);
        let mut ways = vec![(walk(total), Self::Time)];
        ways.extend(filter.actor_id.is_some().then(|| (walk(counts.who), Self::Actor)));
        let is_what = filter.kind.is_some() || filter.activities.is_some();
        ways.extend(is_what.then(|| (counts.what.saturating_mul(2).saturating_mul(look), Self::Activity)));
        ways.extend(counts.found.map(|found| (found.saturating_mul(LOOKUP), Self::Words)));
        ways.into_iter().min_by_key(|(cost, _)| *cost).map_or(Self::Time, |(_, way)| way)
    }

    const fn index(self) -> Option<&'static str> {
        match self {
            Self::Time => Some("audit_events_by_time"),
            Self::Object => Some("audit_events_by_object"),
            Self::Actor => Some("audit_events_by_actor"),
            Self::Activity => Some("audit_events_by_activity"),
            Self::Words => None,
        }
    }
}

/// `FROM … WHERE …` for the rows of a filter, as a table `e`, found by a way.
pub fn from_where(backend: Backend, scope: &Scope, filter: &AuditFilter, way: Way, values: &mut Values) -> String {
    let terms = (!filter.words.is_empty()).then(|| values.bind(backend.all_terms(&filter.terms(scope))));
    let tenant = values.bind(scope.id().as_str());
    let mut text = match (way.index(), terms) {
        (None, Some(terms)) => format!(
            "FROM ({}) s CROSS JOIN audit_events e WHERE e.no = s.no AND e.tenant_id = ${tenant}",
            backend.having_terms(terms)
        ),
        (index, terms) => {
            let index = index.map(|index| backend.indexed_by(index)).unwrap_or_default();
            let found = terms.map(|terms| format!(" AND {}", backend.has_terms("e.no", terms))).unwrap_or_default();
            format!("FROM audit_events e{index} WHERE e.tenant_id = ${tenant}{found}")
        }
    };
    if let Some(object) = &filter.object_id {
        text.push_str(&format!(" AND e.object_id = ${}", values.bind(object.as_str())));
    }
    // Without a kind, the index of activities is searched for each kind.
    if way == Way::Activity && filter.kind.is_none() {
        let kinds: Vec<String> = events::StreamKind::ALL.iter().map(|kind| format!("'{}'", kind.name())).collect();
        text.push_str(&format!(" AND e.model IN ({})", kinds.join(", ")));
    }
    text.push_str(&filter.kinds("e.", values));
    text.push_str(&filter.bounds.conditions("e.", values));
    text
}

/// The rows of a filter behind the first `offset` ones, at most `size`. They are found in an index first, and only they are looked
/// up.
pub async fn page_of(
    db: &Db,
    scope: &Scope,
    filter: &AuditFilter,
    counts: &Counts,
    size: u64,
    offset: u64,
) -> Result<Vec<AuditRow>, QueryError> {
    let wanted = offset.saturating_add(size).min(counts.matching);
    let way = Way::cheapest(filter, counts, wanted);
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, way, &mut values);
    let order = filter.order.keyword();
    let order = format!("ORDER BY e.recorded_at {order}, e.no {order}");
    let limit = values.bind(i64::try_from(size).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(offset).unwrap_or(i64::MAX));
    let text = format!(
        "SELECT {SELECTED} FROM (SELECT e.no AS no {from} {order} LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN audit_events e WHERE e.no = p.no {order}"
    );
    super::rows(db, Sql::composed(text, values.0)).await
}
