//! Looks at a list: what its page was at a position. Whoever follows the same list has to look again behind the same changes, so that
//! look is taken once for all of them.

use std::sync::Arc;
use std::time::Duration;

use events::{Position, TenantId};
use moka::future::Cache;
use query_api::QueryError;
use query_api::contacts::{ContactRow, Listed, TagNames};
use serde_json::{Map, Value};

/// The most customers whose rows are remembered.
const MOST_ROWS: u64 = 20_000;
/// How long a look is: those who follow a list look at about the same time.
const MEMORY: Duration = Duration::from_secs(10);

/// A page of a list as it was at a position.
#[derive(Debug)]
pub struct Look {
    /// How many customers the whole list has.
    pub count: u64,
    /// The customers of the page.
    pub rows: Vec<Arc<ContactRow>>,
    /// What the tenant's tags are called.
    pub names: Arc<TagNames>,
    /// Everything up to here is in it, and nothing behind.
    pub position: Position,
}

impl From<Listed> for Look {
    fn from(Listed { count, rows, names, position }: Listed) -> Self {
        Self { count, rows: rows.into_iter().map(Arc::new).collect(), names, position }
    }
}

/// Which list is looked at, and behind which changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reason {
    /// Whose list.
    pub tenant: TenantId,
    /// The list, as it was asked for.
    pub filters: Map<String, Value>,
    /// The changes up to here are told when it is looked: whatever a look sees, it sees those.
    pub position: Position,
}

/// The looks that were taken lately.
#[derive(Debug, Clone)]
pub struct Looks(Cache<Reason, Arc<Look>>);

impl Default for Looks {
    fn default() -> Self {
        let rows = |_: &Reason, look: &Arc<Look>| u32::try_from(look.rows.len().max(1)).unwrap_or(u32::MAX);
        Self(Cache::builder().weigher(rows).max_capacity(MOST_ROWS).time_to_live(MEMORY).build())
    }
}

impl Looks {
    /// The look that was taken for this reason; `look` takes it where nobody else did.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub async fn share(
        &self,
        reason: Reason,
        look: impl Future<Output = Result<Look, QueryError>>,
    ) -> Result<Arc<Look>, Arc<QueryError>> {
        self.0.try_get_with(reason, async { look.await.map(Arc::new) }).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_list_is_looked_at_once_behind_the_same_changes() {
        let (looks, taken) = (Looks::default(), Cell::new(0));
        let take = async || {
            taken.set(taken.get() + 1);
            Ok(Look { count: 0, rows: Vec::new(), names: Arc::default(), position: Position(taken.get()) })
        };
        let tenant = TenantId::generate();
        let filters = |source: &str| Map::from_iter([("source".to_owned(), source.into())]);
        let reason = |source, position| Reason { tenant: tenant.clone(), filters: filters(source), position: Position(position) };
        for (reason, seen) in [
            (reason("telegram", 7), 1),
            (reason("telegram", 7), 1),
            (reason("instagram", 7), 2),
            (reason("telegram", 8), 3),
            (Reason { tenant: TenantId::generate(), ..reason("telegram", 8) }, 4),
            (reason("telegram", 7), 1),
        ] {
            let look = looks.share(reason, take()).await.expect("a look");
            assert_eq!(look.position, Position(seen));
        }
        assert_eq!(taken.get(), 4);
    }
}
