//! The application: what every request handler can reach, and the endpoint that is made of it.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use commands::Executor;
use event_log::Log;
use events::tenant::EarningRule;
use events::{Currency, Position, TenantId};
use moka::future::Cache;
use poem::http::Method;
use poem::http::header::HeaderName;
use poem::middleware::Cors;
use poem::{Endpoint, EndpointExt, Response};
use projections::{Health, Progress, ReadModels};
use query_api::Scope;

use crate::armour::{Door, metrics};
use crate::auth::limits::Limits;
use crate::auth::{Auth, AuthError};
use crate::problem::{Kind, Problem};
use crate::rest;

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

/// How the door behaves.
#[derive(Debug, Clone)]
pub struct DoorOptions {
    /// Signs access tokens; unset: a secret that is made once and kept in the log's secrets.
    pub jwt_secret: Option<String>,
    /// Requests that one user (or, before sign-in, one address) may make per second; 0: no limit.
    pub requests_per_second: u32,
    /// Whether the last address in `X-Forwarded-For` is the client's, because a proxy that can be trusted put it there.
    pub behind_proxy: bool,
    /// Origins whose pages may call the API; none by default.
    pub cors_origins: Vec<String>,
    /// Whether the service is ready although the log does not sync every write.
    pub relaxed: bool,
}

impl Default for DoorOptions {
    fn default() -> Self {
        Self { jwt_secret: None, requests_per_second: 300, behind_proxy: false, cors_origins: Vec::new(), relaxed: false }
    }
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
    /// When the log's secrets cannot be read, or the configured secret is too short.
    pub async fn new(parts: Parts, options: DoorOptions) -> Result<Self, AuthError> {
        let Parts { executor, models, progress, trailing, health } = parts;
        let log = executor.log().clone();
        let auth = Auth::new(log.clone(), models.clone(), options.jwt_secret.as_deref()).await?;
        let limits = Limits::new(options.requests_per_second);
        let tenants = Cache::builder().max_capacity(MOST_TENANTS).time_to_live(TENANT_BELIEF).build();
        let shared = Arc::new(Shared { executor, log, models, progress, trailing, health, auth, limits, options, tenants });
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
                Arc::new(TenantFacts { id: row.id, name: row.name, currency: row.currency, earning_rule: row.earning_rule })
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

    /// How far the read models of a tenant's partition have come; of the first partition where there is no tenant.
    #[must_use]
    pub fn position(&self, tenant: Option<&TenantId>) -> Position {
        let partition = tenant.map_or(events::subject::Partition(0), |tenant| self.log.partition_of(tenant));
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
        if self.log.head(partition).await.is_ok_and(|head| position > head) {
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
const PATIENCE: Duration = Duration::from_secs(2);

/// The endpoint that answers every request. It never fails: whatever goes wrong is a problem document.
pub fn build(state: AppState) -> impl Endpoint<Output = Response> + 'static {
    let (routes, paths) = rest::routes(&state);
    let door = Door::new(routes.data(state.clone()), state.clone(), paths);
    let cors = (!state.options.cors_origins.is_empty()).then(|| cors(&state.options.cors_origins));
    door.with_if(cors.is_some(), cors.unwrap_or_default()).map_to_response()
}

fn cors(origins: &[String]) -> Cors {
    Cors::new()
        .allow_origins(origins.iter().map(String::as_str))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .expose_headers(
            ["kith-position", "etag", "location", "x-request-id", "ratelimit", "ratelimit-policy", "retry-after"]
                .map(HeaderName::from_static),
        )
        .max_age(600)
}
