//! How a filter of the live list is answered: what it says in SQL, and by which index its rows are found.

use std::collections::BTreeSet;

use events::TagId;
use projections::contact_list::TagNames;
use projections::customer::search;
use projections::db::{Backend, TextIndex};

use super::filter::{ContactFilter, ContactOrderField};
use crate::Scope;
use crate::customers::Values;

/// What looking up a row costs, measured in entries of an index that are passed over.
const LOOKUP: u64 = 24;
/// What looking up whether a customer has a tag costs.
const PROBE: u64 = 6;
/// The index by the time of the last change.
const BY_UPDATED: &str = "contacts_by_updated";

/// A filter that is asked of a database.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Of which kind the database is.
    pub backend: Backend,
    /// Whose customers.
    pub scope: &'a Scope,
    /// Which of them.
    pub filter: &'a ContactFilter,
    /// What the tags are called.
    pub names: &'a TagNames,
}

/// How many rows there are, as far as that is known without looking at them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the tenant.
    pub total: u64,
    /// With the tags of the first set, some of them perhaps counted twice; `None`: no tags are asked for.
    pub tagged: Option<u64>,
    /// That contain the words, as far as the text index tells; `None`: no words are searched.
    pub found: Option<u64>,
    /// That the whole filter lets through.
    pub matching: u64,
}

/// By which index rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the order of the list, passing over what the filter does not let through.
    Ordered,
    /// By the time when they were entered.
    Created,
    /// By the time of the last change: nobody was active later than that.
    Updated,
    /// All that have one of the tags of the first set, then put in order.
    Tagged,
    /// All that contain the words, then put in order.
    Search,
}

impl Way {
    /// The way that looks at fewest rows to give `wanted` rows of the list (those before the page and those on it).
    pub fn to_page(counts: &Counts, wanted: u64) -> Self {
        let walk = wanted.saturating_mul(counts.total) / counts.matching.max(1);
        Self::narrower(counts, walk).unwrap_or(Self::Ordered)
    }

    /// The way that looks at fewest rows to count what the filter lets through.
    pub fn to_count(filter: &ContactFilter, counts: &Counts) -> Self {
        let by_activity = filter.created.is_open() && filter.active.from.is_some();
        let walk = if by_activity { Self::Updated } else { Self::Created };
        Self::narrower(counts, counts.total).unwrap_or(walk)
    }

    /// By tags or by words, where that is cheaper than to walk so many entries of an index.
    fn narrower(counts: &Counts, walk: u64) -> Option<Self> {
        let look = if counts.found.is_some() { LOOKUP } else { counts.tagged.map_or(1, |_| PROBE) };
        let tagged = counts.tagged.map(|tagged| (tagged.saturating_mul(LOOKUP), Self::Tagged));
        let found = counts.found.map(|found| (found.saturating_mul(LOOKUP), Self::Search));
        let (cost, way) = tagged.into_iter().chain(found).min_by_key(|(cost, _)| *cost)?;
        (cost < walk.saturating_mul(look)).then_some(way)
    }

    const fn index(self, field: ContactOrderField) -> Option<&'static str> {
        match self {
            Self::Ordered => Some(match field {
                ContactOrderField::CreatedAt => "contacts_by_created",
                ContactOrderField::UpdatedAt => BY_UPDATED,
                ContactOrderField::FirstName => "contacts_by_name",
            }),
            Self::Created => Some("contacts_by_created"),
            Self::Updated => Some(BY_UPDATED),
            Self::Tagged | Self::Search => None,
        }
    }
}

impl Asked<'_> {
    /// The order of the list.
    pub fn order_by(self) -> String {
        let column = match self.filter.order.field {
            ContactOrderField::CreatedAt => "created_at",
            ContactOrderField::UpdatedAt => "updated_at",
            ContactOrderField::FirstName => "name_key",
        };
        let direction = if self.filter.order.descending { "DESC" } else { "ASC" };
        format!("c.{column} {direction}, c.no {direction}")
    }

    /// `FROM … WHERE …` of the rows that the filter lets through, found this way.
    pub fn rows(self, way: Way, values: &mut Values) -> String {
        let tenant = values.bind(self.scope.id().as_str());
        let sets = self.filter.tag_sets(self.names);
        let places = |tags: &BTreeSet<TagId>, values: &mut Values| {
            // No tag has an empty id: a set without tags is one that nobody has.
            let ids = tags.iter().map(|tag| tag.as_str()).chain(tags.is_empty().then_some(""));
            ids.map(|id| format!("${}", values.bind(id))).collect::<Vec<_>>().join(", ")
        };
        // The flag stands as a number and not as a value: only so do the partial indexes fit.
        let mut conditions = vec![format!("c.tenant_id = ${tenant} AND c.is_live = 1")];
        let mut rest = sets.iter();
        let from = match way.index(self.filter.order.field) {
            Some(index) => format!("FROM contacts c{}", self.backend.indexed_by(index)),
            None if way == Way::Tagged => {
                let first = rest.next().map(|tags| places(tags, values)).unwrap_or_default();
                conditions.push("c.no = s.no".to_owned());
                format!(
                    "FROM (SELECT DISTINCT t.no FROM contact_tagged t WHERE t.tenant_id = ${tenant} AND t.tag_id IN ({first})) s \
                     CROSS JOIN contacts c"
                )
            }
            None => {
                conditions.push("c.no = s.no".to_owned());
                format!("FROM ({}) s CROSS JOIN contacts c", self.found(values))
            }
        };
        for tags in rest {
            let tags = places(tags, values);
            conditions.push(format!(
                "EXISTS (SELECT 1 FROM contact_tagged t WHERE t.tenant_id = ${tenant} AND t.tag_id IN ({tags}) AND t.no = c.no)"
            ));
        }
        self.column_conditions(way, values, &mut conditions);
        if way != Way::Search || !self.backend.matching_is_exact() {
            let contains = |term: String| self.backend.contains("c.search_text", values.bind(term));
            conditions.extend(self.filter.terms().into_iter().map(contains));
        }
        format!("{from} WHERE {}", conditions.join(" AND "))
    }

    /// The numbers of rows that contain the words, as far as the text index tells.
    pub fn found(self, values: &mut Values) -> String {
        let terms = self.filter.terms();
        let needles: Vec<search::Needle> = terms.iter().map(|term| search::needle(self.scope.id(), term)).collect();
        self.backend.matching(TextIndex::Search, values.bind(self.backend.needles(&needles)))
    }

    fn column_conditions(self, way: Way, values: &mut Values, all: &mut Vec<String>) {
        let ContactFilter { created, active, .. } = self.filter;
        let wanted = self.filter.wanted();
        if wanted.mask != 0 {
            all.push(format!("(c.kind & ${}) = ${}", values.bind(wanted.mask), values.bind(wanted.value)));
        }
        for (column, time, sign) in [
            ("created_at", created.from, ">="),
            ("created_at", created.before, "<"),
            ("last_activity", active.from, ">="),
            ("last_activity", active.before, "<"),
            // Nobody was active before they were entered, nor after the last change: that stands in one index only.
            ("created_at", active.before, "<"),
            ("updated_at", active.from.filter(|_| way.index(self.filter.order.field) == Some(BY_UPDATED)), ">="),
        ] {
            if let Some(time) = time {
                all.push(format!("c.{column} {sign} ${}", values.bind(time.timestamp_micros())));
            }
        }
    }
}
