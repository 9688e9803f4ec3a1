//! How many conversations there are of every kind, kept so that the count of any filtered list is a sum of a few rows: there are
//! no more of them than pages, agents, states and priorities make.

use std::collections::BTreeMap;

use sea_query::Value;

use super::conversation::{Identity, Version};
use super::table::FACETS;
use crate::db::{DbError, Existing, Tx};
use crate::value::text;

/// What tells kinds apart: what lists can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    tenant: String,
    page: String,
    is_stopped: bool,
    agent: String,
    status: &'static str,
    priority: i64,
}

impl Facet {
    /// The kind of a conversation.
    #[must_use]
    pub fn of(identity: &Identity, version: &Version) -> Self {
        Self {
            tenant: identity.tenant.to_string(),
            page: identity.page.to_string(),
            is_stopped: version.stopped.is_some(),
            agent: version.agent_id().to_owned(),
            status: version.status.name(),
            priority: version.priority as i64,
        }
    }

    fn key(&self) -> Vec<Value> {
        let Self { tenant, page, is_stopped, agent, status, priority } = self;
        vec![text(tenant), text(page), i64::from(*is_stopped).into(), text(agent), text(*status), (*priority).into()]
    }
}

/// How the counts change.
#[derive(Debug, Default)]
pub struct Deltas(BTreeMap<Facet, i64>);

impl Deltas {
    /// A conversation was of one kind and is of another now.
    pub fn change(&mut self, before: Option<Facet>, now: Option<Facet>) {
        if before == now {
            return;
        }
        for (facet, by) in [(before, -1), (now, 1)] {
            if let Some(facet) = facet {
                *self.0.entry(facet).or_default() += by;
            }
        }
    }

    /// Writes the changes.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn save(self, tx: &mut Tx) -> Result<(), DbError> {
        let changed = || self.0.iter().filter(|(_, by)| **by != 0);
        let rows = changed().map(|(facet, by)| facet.key().into_iter().chain([(*by).into()]).collect()).collect();
        tx.insert(FACETS, Existing::Add, rows).await?;
        let fewer = changed().filter(|(_, by)| **by < 0).map(|(facet, _)| facet.key()).collect();
        // A kind that nothing is of any more leaves no trace: a rebuild would not know of it either.
        tx.delete(FACETS.table, FACETS.key, "n = 0", fewer).await
    }
}
