//! How many live customers there are of every kind, in all and with each tag, so that the count of most filters is the sum of a
//! few rows.

use std::collections::BTreeMap;

use events::TenantId;
use sea_query::Value;

use super::kind::kind;
use super::row::ContactRow;
use crate::db::{DbError, Existing, Target, Tx};
use crate::value::text;

/// The table.
pub const FACETS: Target =
    Target { table: "contact_facets", columns: &["tenant_id", "tag_id", "kind", "n"], key: &["tenant_id", "tag_id", "kind"] };
/// Stands for all customers, whatever their tags. No tag has such an id.
pub const ALL: &str = "";

/// By how much the facets change: tenant, tag or [`ALL`], kind.
#[derive(Debug, Default)]
pub struct Deltas(BTreeMap<(TenantId, String, i64), i64>);

impl Deltas {
    /// A row changed from one to the other.
    pub fn change(&mut self, tenant: &TenantId, before: Option<&ContactRow>, now: Option<&ContactRow>) {
        for (row, by) in before.map(|row| (row, -1)).into_iter().chain(now.map(|row| (row, 1))).filter(|(row, _)| row.is_live) {
            let kind = kind(row);
            let tags = row.tags.iter().map(|tag| tag.as_str());
            for tag in std::iter::once(ALL).chain(tags) {
                *self.0.entry((tenant.clone(), tag.to_owned(), kind)).or_default() += by;
            }
        }
    }

    /// Adds the changes to the table.
    pub async fn save(self, tx: &mut Tx) -> Result<(), DbError> {
        let changed: Vec<_> = self.0.into_iter().filter(|(_, by)| *by != 0).collect();
        let key = |(tenant, tag, kind): &(TenantId, String, i64)| -> Vec<Value> {
            vec![text(tenant.as_str()), text(tag), (*kind).into()]
        };
        let fewer = changed.iter().filter(|(_, by)| *by < 0).map(|(facet, _)| key(facet)).collect();
        let rows = changed.iter().map(|(facet, by)| [key(facet), vec![(*by).into()]].concat()).collect();
        tx.insert(FACETS, Existing::Add, rows).await?;
        // A kind that nobody is of any more leaves no trace: a rebuild would not know of it either.
        tx.delete(FACETS.table, FACETS.key, "n = 0", fewer).await
    }
}
