//! Customers as they were right after a commit: looked up once for all sockets that tell of it.

use std::sync::Arc;
use std::time::Duration;

use events::subject::Partition;
use events::{ConversationId, Position, TenantId};
use moka::future::Cache;
use projections::ReadModels;
use query_api::customers::as_of::AsOf;
use query_api::desk::{self, ConversationRow};
use query_api::{QueryError, Scope};

/// The most commits that are remembered.
const MOST: u64 = 4_096;
/// How long one is: sockets tell of it at about the same time.
const MEMORY: Duration = Duration::from_secs(10);

/// What a tenant's conversations were after their last commits, by position. What was does not change.
#[derive(Clone)]
pub struct Moments {
    models: ReadModels,
    rows: Cache<(TenantId, Position), Option<Arc<ConversationRow>>>,
}

impl Moments {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(models: ReadModels) -> Self {
        Self { models, rows: Cache::builder().max_capacity(MOST).time_to_live(MEMORY).build() }
    }

    /// A conversation right after the commit on it at a position; `None`: its customer was forgotten since.
    ///
    /// # Errors
    /// When the read models do not answer.
    pub async fn after(
        &self,
        tenant: &TenantId,
        partition: Partition,
        position: Position,
        id: &ConversationId,
    ) -> Result<Option<Arc<ConversationRow>>, Arc<QueryError>> {
        let look_up = async {
            let (scope, moment) = (Scope::tenant(tenant.clone()), AsOf::new(partition, position));
            Ok(desk::conversation(&self.models, &scope, Some(moment), id).await?.map(Arc::new))
        };
        self.rows.try_get_with((tenant.clone(), position), look_up).await
    }
}
