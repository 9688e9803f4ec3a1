//! The application: what every request handler can reach, and the endpoint that is made of it.

mod options;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use commands::{Executor, Reading};
use event_log::{Log, LogError};
use events::subject::Partition;
use events::tenant::EarningRule;
use events::{Currency, Position, TenantId};
use moka::future::Cache;
use poem::{Endpoint, EndpointExt, Response};
use projections::{Health, Progress, ReadModels};
use query_api::Scope;

use crate::armour::{Door, allow_origins, metrics};
use crate::auth::limits::Limits;
use crate::auth::{Auth, AuthError};
use crate::channel::{Channel, ChannelError};
use crate::live::Hub;
use crate::live::customers::feed::Feeds;
use crate::live::desk::Moments;
use crate::problem::{Kind, Problem};
use crate::rest;
use crate::rest::as_of::Times;

pub use options::DoorOptions;

/// How long a tenant's name and rules are believed without another look.
const TENANT_BELIEF: Duration = Duration::from_secs(2);
/// The most tenants that are remembered.
const MOST_TENANTS: u64 = 10_000;

/// What the door is made of.
pub struct Parts {
    /// Carries commands out.
    pub executor: Executor,
    /// The read models.
    pub models: ReadModels,
    /// How far the prompt read models have come.
    pub progress: Progress,
    /// How far the trailing read models have come.
    pub trailing: Progress,
    /// How the projections are doing.
    pub health: Arc<dyn Fn() -> Health + Send + Sync>,
}

/// Why the application cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Passwords or tokens.
    #[error("passwords and tokens cannot be set up")]
    Auth(#[from] AuthError),
    /// Channels.
    #[error("channels cannot be set up")]
    Channel(#[from] ChannelError),
}

/// What every request handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What clones of [`AppState`] share.
pub struct Shared {
    /// Carries commands out.
    pub executor: Executor,
    /// Where what happened is kept.
    pub log: Log,
    /// The read models.
    pub models: ReadModels,
    /// How far the prompt read models have come.
    pub progress: Progress,
    /// How far the trailing read models have come.
    pub trailing: Progress,
    /// How the projections are doing.
    pub health: Arc<dyn Fn() -> Health + Send + Sync>,
    /// Who is at the door.
    pub auth: Auth,
    /// How often somebody may knock.
    pub limits: Arc<Limits>,
    /// How the door behaves.
    pub options: DoorOptions,
    /// What happens, as it happens.
    pub live: Hub,
    /// Which positions times are.
    pub times: Times,
    /// Where it is noted who looked at which record.
    pub reading: Reading,
    /// What changes in customer lists, for those who follow them.
    pub contacts: Feeds,
    /// Customers of the desk as they were a moment ago, for those who work there.
    pub desk: Moments,
    /// How messages come in, and how answers go out.
    pub channel: Channel,
    tenants: Cache<TenantId, Option<Arc<TenantFacts>>>,
}

/// What requests need to know of a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantFacts {
    /// The tenant.
    pub id: TenantId,
    /// The name to show.
    pub name: String,
    /// What its amounts are in.
    pub currency: Currency,
    /// How orders earn points; `None`: not at all.
    pub earning_rule: Option<EarningRule>,
    /// Whether it is noted who looked at which record.
    pub view_audit: bool,
    /// For how many days audit views show what happened; `None`: for ever.
    pub audit_retention_days: Option<u32>,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// Sets up.
    ///
    /// # Errors
    /// When the log's secrets cannot be read, the configured secret is too short, or an address of another service is none.
    pub async fn new(parts: Parts, options: DoorOptions) -> Result<Self, SetUpError> {
        let Parts { executor, models, progress, trailing, health } = parts;
        let log = executor.log().clone();
        let auth = Auth::new(log.clone(), models.clone(), options.jwt_secret.as_deref()).await?;
        let auth = if options.as_of.is_some() { auth.as_of_now(executor.clone()) } else { auth };
        let limits = Limits::new(options.requests_per_second);
        let tenants = Cache::builder().max_capacity(MOST_TENANTS).time_to_live(TENANT_BELIEF).build();
        let live = Hub::new(log.clone(), options.as_of.clone());
        let times = Times::new(log.clone());
        let reading = Reading::start(log.clone());
        let channel = Channel::new(log.secrets(), options.detector.clone(), &options.outbox)?;
        let desk = Moments::new(models.clone());
        let shared = Arc::new(Shared {
            executor,
            log,
            models,
            progress,
            trailing,
            health,
            auth,
            limits,
            options,
            live,
            contacts: Feeds::default(),
            desk,
            times,
            reading,
            channel,
            tenants,
        });
        metrics::install(&shared);
        Ok(Self(shared))
    }

    /// What is known of a tenant; `None` when there is no such tenant.
    ///
    /// # Errors
    /// When the read models do not answer.
    pub async fn tenant(&self, id: &TenantId) -> Result<Option<Arc<TenantFacts>>, Problem> {
        let look_up = async {
            let row = query_api::directory::tenant(&self.models, &Scope::tenant(id.clone())).await?;
            Ok(row.map(|row| {
                Arc::new(TenantFacts {
                    id: row.id,
                    name: row.name,
                    currency: row.currency,
                    earning_rule: row.earning_rule,
                    view_audit: row.view_audit,
                    audit_retention_days: row.audit_retention_days,
                })
            }))
        };
        self.tenants.try_get_with_by_ref(id, look_up).await.map_err(|error: Arc<query_api::QueryError>| {
            tracing::warn!(error = &*error as &dyn std::error::Error, "the directory cannot be read");
            Problem::unavailable("The service cannot look this up at the moment.")
        })
    }

    /// Looks a tenant up again, after it changed.
    pub async fn look_again_at(&self, tenant: &TenantId) {
        self.tenants.invalidate(tenant).await;
    }

    /// Where the log ends for a tenant now, or for good where the door shows a past moment.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn horizon(&self, tenant: &TenantId) -> Result<Position, LogError> {
        let partition = self.log.partition_of(tenant);
        match self.end(partition) {
            Some(end) => Ok(end),
            None => self.log.head(partition).await,
        }
    }

    /// Where a partition ends for good, where the door shows a past moment.
    fn end(&self, partition: Partition) -> Option<Position> {
        self.options.as_of.as_ref()?.get(usize::from(partition.0)).copied()
    }

    /// Whether the door shows a past moment and takes no writes.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.options.as_of.is_some()
    }

    /// How far the read models of a tenant's partition have come; of the first partition where there is no tenant.
    #[must_use]
    pub fn position(&self, tenant: Option<&TenantId>) -> Position {
        let partition = tenant.map_or(Partition(0), |tenant| self.log.partition_of(tenant));
        self.progress.position(partition)
    }

    /// Waits until the read models of a tenant's partition have passed a position; whether they have.
    pub async fn wait_for(&self, tenant: &TenantId, position: Position) -> bool {
        self.progress.wait_for(self.log.partition_of(tenant), position, PATIENCE).await
    }

    /// Waits until the trailing read models show what the prompt ones show now, so that what was seen in a list is in the
    /// history too. Whoever reads a trailing one asks for this first.
    ///
    /// # Errors
    /// The 503 problem when they are not there in time.
    pub async fn reach_trailing(&self, tenant: &TenantId) -> Result<(), Problem> {
        let (partition, shown) = (self.log.partition_of(tenant), self.position(Some(tenant)));
        if self.trailing.wait_for(partition, shown, PATIENCE).await {
            return Ok(());
        }
        let sentence = format!("The histories have not reached position {shown} yet.");
        Err(Problem::new(Kind::NotYetReached, sentence).retry_after(Duration::from_secs(1)))
    }

    /// Waits as [`AppState::wait_for`] does, for a position that a client names.
    ///
    /// # Errors
    /// The 400 problem when the log has no such position yet, and the 503 problem when the read models are not there in time.
    pub async fn reach(&self, tenant: &TenantId, position: Position) -> Result<(), Problem> {
        let partition = self.log.partition_of(tenant);
        if self.progress.position(partition) >= position {
            return Ok(());
        }
        // Where the log cannot be asked, time will tell.
        if self.horizon(tenant).await.is_ok_and(|head| position > head) {
            let sentence = format!("There is no position {position} yet; take one from a Kith-Position header.");
            return Err(Problem::field(Kind::InvalidParameter, "min_position", sentence));
        }
        if self.wait_for(tenant, position).await {
            return Ok(());
        }
        let sentence = format!("The read models have not reached position {position} yet.");
        Err(Problem::new(Kind::NotYetReached, sentence).retry_after(Duration::from_secs(1)))
    }
}

/// How long a request waits for the read models.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The endpoint that answers every request. It never fails: whatever goes wrong is a problem document.
pub fn build(state: AppState) -> impl Endpoint<Output = Response> + 'static {
    let (routes, table) = rest::routes(&state);
    let door = Door::new(routes.data(state.clone()), state.clone(), table);
    allow_origins(door, &state.options.cors_origins)
}
