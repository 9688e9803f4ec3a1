//! How many customers wait, and how many are helped.

use events::PageId;
use projections::ReadModels;
use projections::db::Sql;
use projections::desk::NAME;

use super::filter::{Assigned, ConversationFilter};
use super::list::count_sql;
use super::moment;
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// How many conversations want a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    /// Those that nobody handles.
    pub waiting: u64,
    /// Those that an agent handles.
    pub handled: u64,
}

/// How many conversations of the tenant, or of one page, want a person.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(models: &ReadModels, scope: &Scope, as_of: Option<AsOf>, page: Option<&PageId>) -> Result<Queue, QueryError> {
    let (db, moment) = (&models.of(NAME)?, moment(as_of));
    let count = async |assigned| {
        let filter = ConversationFilter { page: page.cloned(), stopped: Some(true), assigned, ..ConversationFilter::default() };
        let found: Option<(i64,)> = db.fetch_optional(count_sql(db.backend(), scope, moment, &filter)).await?;
        Ok::<_, QueryError>(found.unwrap_or_default().0.unsigned_abs())
    };
    Ok(Queue { waiting: count(Assigned::Nobody).await?, handled: count(Assigned::Somebody).await? })
}

/// How many conversations of all tenants together want a person. For the operators' metrics only.
///
/// # Errors
/// When the database does not answer.
pub async fn queues(models: &ReadModels) -> Result<Queue, QueryError> {
    let text = "SELECT CAST(COALESCE(SUM(CASE WHEN f.agent_id = '' THEN f.n END), 0) AS BIGINT), \
                CAST(COALESCE(SUM(CASE WHEN f.agent_id <> '' THEN f.n END), 0) AS BIGINT) FROM desk_facets f WHERE f.stopped = 1";
    let found: Option<(i64, i64)> = models.of(NAME)?.fetch_optional(Sql::fixed(text, [])).await?;
    let (waiting, handled) = found.unwrap_or_default();
    Ok(Queue { waiting: waiting.unsigned_abs(), handled: handled.unsigned_abs() })
}
