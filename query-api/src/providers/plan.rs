//! The parts that statements about relations have in common.

use projections::bookings::counts::ALL_PROVIDERS;
use projections::customer::search;
use projections::db::{Backend, TextIndex};

use super::filter::{RelationFilter, Whose};
use crate::Scope;
use crate::customers::Values;
use crate::customers::as_of::AsOf;

impl Whose {
    /// The name under which the counts stand.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Provider(id) => id.as_str(),
            Self::Tenant => ALL_PROVIDERS,
        }
    }

    /// The condition on a table.
    pub(super) fn condition(&self, table: &str, scope: &Scope, values: &mut Values) -> String {
        let tenant = values.bind(scope.id().as_str());
        match self {
            Self::Provider(id) => {
                format!("{table}.tenant_id = ${tenant} AND {table}.provider_id = ${}", values.bind(id.as_str()))
            }
            Self::Tenant => format!("{table}.tenant_id = ${tenant}"),
        }
    }
}

/// The version of each relation `r` that was valid at the moment at `place`, as table `c`; and the condition of that. Whoever is not in
/// the table of now was never there: nothing is kept of the forgotten.
pub(super) fn versions_of(backend: Backend, place: usize) -> (String, String) {
    backend.last_of("relation_versions", "c", ("no", "r.no"), ("at", place))
}

/// `FROM … WHERE …` for the relations that a filter lets through, as table `c`; without `as_of` those of now.
pub(super) fn from_where(
    backend: Backend,
    scope: &Scope,
    filter: &RelationFilter,
    as_of: Option<AsOf>,
    values: &mut Values,
) -> String {
    let terms = filter.terms();
    let mut text = match as_of {
        Some(as_of) => {
            let (versions, condition) = versions_of(backend, values.bind(as_of.moment().0));
            format!("FROM relations r{versions} WHERE {} AND {condition} AND ", filter.whose.condition("r", scope, values))
        }
        None if terms.is_empty() => format!("FROM relations c{} WHERE ", backend.indexed_by(filter.index())),
        None => {
            let needles: Vec<_> = terms.iter().map(|term| search::needle(scope.id(), term)).collect();
            let place = values.bind(backend.needles(&needles));
            format!("FROM ({}) m CROSS JOIN relations c WHERE c.no = m.no AND ", backend.matching(TextIndex::Search, place))
        }
    };
    text.push_str(&filter.whose.condition("c", scope, values));
    if let Some(status) = filter.status {
        text.push_str(&format!(" AND c.status = ${}", values.bind(status.number())));
    }
    if as_of.is_some() || !backend.matching_is_exact() {
        for term in terms {
            let place = values.bind(term);
            text.push_str(&format!(" AND {}", backend.contains("c.search_text", place)));
        }
    }
    text
}

/// The order of a filter, for a table `c`.
pub(super) fn order_by(filter: &RelationFilter) -> String {
    let direction = if filter.ordering.descending { "DESC" } else { "ASC" };
    format!("c.{} {direction}, c.no {direction}", filter.ordering.field.column())
}
