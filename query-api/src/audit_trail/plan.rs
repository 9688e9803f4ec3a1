//! By which index the rows of a filter are found: the one by which fewest are looked at. The counts tell beforehand.

use projections::Db;
use projections::audit_trail::AuditRow;
use projections::audit_trail::table::SELECTED;
use projections::db::{Backend, Sql};

use super::count::{Counts, by_day};
use super::filter::{AuditFilter, Values};
use super::stretch::Stretch;
use crate::{QueryError, Scope};

/// What looking a row up costs, measured in entries of an index that are passed over.
const LOOKUP: u64 = 16;
/// From so many entries on that might be passed over, it pays to ask first which days a page is of.
const LONG: u64 = 20_000;

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
        Self::with_cost(filter, counts, wanted).0
    }

    /// The way that looks at fewest rows, and how many entries it passes over at worst: all that is not wanted stands in front.
    fn with_cost(filter: &AuditFilter, counts: &Counts, wanted: u64) -> (Self, u64) {
        if filter.object_id.is_some() {
            return (Self::Object, wanted);
        }
        // Whether a row has the words is a look-up; all else is in the index.
        let look = if counts.found.is_some() { LOOKUP } else { 1 };
        let walk = |among: u64| wanted.saturating_add(among.saturating_sub(counts.matching)).saturating_mul(look);
        let total = counts.total.max(counts.matching);
        let mut ways = vec![(walk(total), Self::Time)];
        ways.extend(filter.actor_id.is_some().then(|| (walk(counts.who), Self::Actor)));
        let is_what = filter.kind.is_some() || filter.activities.is_some();
        ways.extend(is_what.then(|| (counts.what.saturating_mul(2).saturating_mul(look), Self::Activity)));
        ways.extend(counts.found.map(|found| (found.saturating_mul(LOOKUP), Self::Words)));
        ways.into_iter().min_by_key(|(cost, _)| *cost).map_or((Self::Time, 0), |(cost, way)| (way, cost))
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
    let terms = filter.words.is_some().then(|| values.bind(backend.all_terms(&filter.terms(scope))));
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

/// How a page is found.
pub struct Plan {
    /// The filter, perhaps with narrower bounds.
    pub filter: AuditFilter,
    /// By which index.
    pub way: Way,
    /// How many of what is counted stand before the page within the filter.
    pub offset: u64,
}

/// What pages are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Rows.
    Row,
    /// Fields that changed.
    Field,
}

impl Plan {
    /// How to find the page behind the first `offset` ones of what the filter lets through.
    pub async fn of(
        db: &Db,
        scope: &Scope,
        filter: &AuditFilter,
        counts: &Counts,
        (unit, offset, size): (Unit, u64, u64),
    ) -> Result<Self, QueryError> {
        let (way, cost) = Way::with_cost(filter, counts, offset.saturating_add(size));
        if !filter.is_kept() || cost <= LONG {
            return Ok(Self { filter: filter.clone(), way, offset });
        }
        let days = by_day(db, scope, filter).await?;
        let number = |counts: &Counts| match unit {
            Unit::Row => counts.matching,
            Unit::Field => counts.fields,
        };
        let numbers: Vec<(i64, u64)> = days.iter().map(|(day, counts)| (*day, number(counts))).collect();
        let Some(stretch) = Stretch::of(&numbers, filter.order, offset, size) else {
            return Ok(Self { filter: filter.clone(), way, offset });
        };
        let mut within = Counts::default();
        for (_, counts) in days.iter().filter(|(day, _)| (stretch.first..=stretch.last).contains(day)) {
            within.total += counts.total;
            within.who += counts.who;
            within.matching += counts.matching;
        }
        // The index of activities is not searched within days.
        within.what = counts.what;
        let filter = AuditFilter { bounds: stretch.within(filter.bounds), ..filter.clone() };
        let way = Way::cheapest(&filter, &within, stretch.offset.saturating_add(size));
        Ok(Self { filter, way, offset: stretch.offset })
    }
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
    let Plan { filter, way, offset } = Plan::of(db, scope, filter, counts, (Unit::Row, offset, size)).await?;
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, &filter, way, &mut values);
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
