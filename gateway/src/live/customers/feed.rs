//! The feed of changes: however many follow lists of a tenant, its changes are read once.
//!
//! A feed starts with the first who follows and ends when nobody is left. It goes by the hub: something happened, so it waits until
//! the read models show it, reads what changed, and hands it out. Who does not keep up loses the place, and reads for themselves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use events::{Position, TenantId};
use query_api::contacts::{self, Change, ContactChange, Stretch, TagNames};
use query_api::{QueryError, Scope};
use tokio::sync::broadcast;

use super::look::Looks;
use crate::app::AppState;
use crate::live::EventFilter;
use crate::live::written::Written;

/// How many batches of changes somebody may be behind.
const MOST_BEHIND: usize = 256;
/// How many changes are read at once.
pub const AT_ONCE: usize = 500;
/// How long the read models are waited for before it is said that they are late.
const PATIENCE: Duration = Duration::from_secs(5);

/// Changes of a tenant's list, in order.
#[derive(Debug)]
pub struct Changes {
    /// What changed.
    pub changes: Vec<SharedChange>,
    /// What the tags are called since.
    pub names: Arc<TagNames>,
    /// These are all up to here.
    pub position: Position,
}

/// A change, and what all who are told of it have in common.
#[derive(Debug)]
pub struct SharedChange {
    /// The change.
    pub change: ContactChange,
    /// The customer of the row that it left.
    pub customer: Written,
}

impl Changes {
    /// The changes of a stretch, by what the tags are called.
    pub fn of(stretch: Stretch, names: Arc<TagNames>) -> Self {
        let shared = |change| SharedChange { change, customer: Written::default() };
        Self { changes: stretch.changes.into_iter().map(shared).collect(), names, position: stretch.position }
    }
}

/// The feeds of all tenants.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    feeds: Arc<Mutex<HashMap<TenantId, Feed>>>,
    looks: Looks,
}

#[derive(Debug)]
struct Feed {
    sender: broadcast::Sender<Arc<Changes>>,
    names: Arc<TagNames>,
}

/// A place at a feed: what changes from some position on, which is none behind what the read models show now.
pub type Place = broadcast::Receiver<Arc<Changes>>;

impl Feeds {
    /// Looks at lists behind what is handed out.
    #[must_use]
    pub const fn looks(&self) -> &Looks {
        &self.looks
    }

    /// A place at a tenant's feed.
    ///
    /// # Errors
    /// When the read models cannot be read.
    pub async fn join(&self, app: &AppState, tenant: &TenantId) -> Result<Place, QueryError> {
        if let Some(place) = self.lock().get(tenant).map(Feed::place) {
            return Ok(place);
        }
        let scope = Scope::tenant(tenant.clone());
        let (position, names) = contacts::tag_names(&app.models, &scope, app.log.partition_of(tenant)).await?;
        let mut feeds = self.lock();
        // Somebody else may have been faster.
        if let Some(feed) = feeds.get(tenant) {
            return Ok(feed.place());
        }
        let feed = Feed { sender: broadcast::channel(MOST_BEHIND).0, names: Arc::new(names) };
        let place = feed.place();
        feeds.insert(tenant.clone(), feed);
        drop(feeds);
        tokio::spawn(follow(self.clone(), app.clone(), tenant.clone(), position));
        Ok(place)
    }

    /// Hands changes out. Answers whether anybody is still there.
    fn publish(&self, tenant: &TenantId, stretch: Stretch, names: Option<TagNames>) -> bool {
        let mut feeds = self.lock();
        let Some(feed) = feeds.get_mut(tenant) else { return false };
        if feed.sender.receiver_count() == 0 {
            feeds.remove(tenant);
            return false;
        }
        if let Some(names) = names {
            feed.names = Arc::new(names);
        }
        // Who has just gone is not there to be told.
        let _ = feed.sender.send(Arc::new(Changes::of(stretch, Arc::clone(&feed.names))));
        true
    }

    /// Nobody follows the tenant any more: those who did join again, and find out what is wrong.
    fn give_up(&self, tenant: &TenantId) {
        self.lock().remove(tenant);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Feed>> {
        // Nothing that holds the lock can panic halfway through a change.
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feed {
    fn place(&self) -> Place {
        self.sender.subscribe()
    }
}

/// Reads what changes behind a position, until nobody wants to know any more.
async fn follow(feeds: Feeds, app: AppState, tenant: TenantId, after: Position) {
    let stopping = app.live.stopping().clone();
    let told = stopping.run_until_cancelled(tell(&feeds, &app, &tenant, after)).await;
    if let Some(Err(error)) = told {
        tracing::warn!(error = &*error, tenant = tenant.as_str(), "changes of the customer list cannot be followed");
    }
    feeds.give_up(&tenant);
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Why changes cannot be followed although all can be read.
#[derive(Debug, thiserror::Error)]
#[error("changes that were to come next are not kept any more")]
struct Lost;

async fn tell(feeds: &Feeds, app: &AppState, tenant: &TenantId, after: Position) -> Result<(), Failure> {
    let (scope, partition) = (Scope::tenant(tenant.clone()), app.log.partition_of(tenant));
    let mut happening = app.live.subscribe(tenant.clone(), EventFilter::default(), after);
    let mut told = after;
    loop {
        let position = happening.next().await?.position;
        if position <= told {
            continue;
        }
        while !app.trailing.wait_for(partition, position, PATIENCE).await {
            tracing::warn!(tenant = tenant.as_str(), position = position.0, "the customer list is late");
        }
        loop {
            let stretch = contacts::changes(&app.models, &scope, partition, told, AT_ONCE).await?.ok_or(Lost)?;
            told = told.max(stretch.position);
            let more = stretch.more;
            let names = if stretch.changes.iter().any(is_of_tag) {
                Some(contacts::tag_names(&app.models, &scope, partition).await?.1)
            } else {
                None
            };
            if !feeds.publish(tenant, stretch, names) {
                return Ok(());
            }
            if !more {
                break;
            }
        }
    }
}

fn is_of_tag(change: &ContactChange) -> bool {
    matches!(change.what, Change::Tag(_))
}
