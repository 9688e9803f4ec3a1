//! What changed between two moments: every version of a relation that came in between, beside the one before it.

use projections::ReadModels;
use projections::bookings::{NAME, RELATION_SELECTED, RelationRow, StoredRelation};
use projections::db::Sql;

use super::filter::Whose;
use crate::customers::Values;
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// What a commit did to a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationChange {
    /// As it was; `None`: it came into being.
    pub before: Option<RelationRow>,
    /// As it became.
    pub after: RelationRow,
}

/// What changed behind a moment, up to another, in the order in which it happened. Nothing is told of the forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn changes(
    models: &ReadModels,
    scope: &Scope,
    whose: &Whose,
    after: AsOf,
    up_to: AsOf,
) -> Result<Vec<RelationChange>, QueryError> {
    let mut values = Values::default();
    let condition = whose.condition("r", scope, &mut values);
    let (from, to) = (values.bind(after.moment().0), values.bind(up_to.moment().0));
    let text = format!(
        "SELECT {RELATION_SELECTED} FROM relations r CROSS JOIN relation_versions c WHERE {condition} AND r.at > ${from} \
         AND c.no = r.no AND c.at <= ${to} AND c.at >= COALESCE((SELECT MAX(w.at) FROM relation_versions w \
         WHERE w.no = r.no AND w.at <= ${from}), 0) ORDER BY c.no, c.at"
    );
    let stored: Vec<StoredRelation> = models.of(NAME)?.fetch_all(Sql::composed(text, values.0)).await?;
    let rows = stored.into_iter().map(StoredRelation::row).collect::<Result<Vec<_>, _>>()?;
    let mut changes = Vec::new();
    let mut before: Option<RelationRow> = None;
    for row in rows {
        let known = before.take().filter(|known| known.no == row.no);
        before = Some(row.clone());
        if row.at > after.moment() {
            changes.push(RelationChange { before: known, after: row });
        }
    }
    changes.sort_by_key(|change| change.after.at);
    Ok(changes)
}
