//! A request by somebody who is signed in: who asks, for which tenant, and on what conditions.

use std::marker::PhantomData;
use std::sync::Arc;

use commands::{Idempotency, Meta};
use events::access::{Exported, Viewed};
use events::{AccessEvent, Actor, ActorKind, EventId, Position, Role, StreamKind, TenantId};
use poem::http::header;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody};
use query_api::Scope;

use super::conditions::{self, Tags};
use crate::app::{AppState, TenantFacts};
use crate::armour::About;
use crate::auth::{Operation, Permission, Reach, Session, permission};
use crate::problem::{Kind, Problem};

/// The most bytes of an idempotency key.
const MAX_KEY_BYTES: usize = 200;

/// A request by somebody who may do `O`.
pub struct Call<O> {
    /// What can be reached.
    pub app: AppState,
    /// Who asks.
    pub session: Arc<Session>,
    /// What is known of the request.
    pub about: Arc<About>,
    /// The tenant whose data it is about.
    pub tenant: Arc<TenantFacts>,
    /// Whether the client does not want to wait for the read models.
    pub respond_async: bool,
    /// What `If-None-Match` says.
    pub if_none_match: Option<Tags>,
    if_match: Option<Tags>,
    idempotency_key: Option<String>,
    causation: Option<EventId>,
    /// Method and path, which an idempotency key is bound to.
    target: String,
    operation: PhantomData<fn() -> O>,
}

impl<'a, O: Permission> FromRequest<'a> for Call<O> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&AppState>::from_request(request, body).await?;
        let Data(about) = Data::<&Arc<About>>::from_request(request, body).await?;
        Ok(Self::admit(app, about, request, Credentials::of_headers(request)).await?)
    }
}

impl<O: Permission> Call<O> {
    /// Lets a request in that shows these credentials.
    ///
    /// # Errors
    /// The problem when they are not good, or not for this.
    pub async fn admit(app: &AppState, about: &Arc<About>, request: &Request, credentials: Credentials) -> Result<Self, Problem> {
        let session = signed_in(app, about, request, credentials.token.as_deref()).await?;
        if !permission::allows(session.role, O::OPERATION) {
            return Err(forbidden(session.role, O::OPERATION));
        }
        if app.is_read_only() && !request.method().is_safe() {
            let sentence = "This shows the platform as it was at an earlier moment: nothing can be changed here.";
            return Err(Problem::new(Kind::ReadOnly, sentence));
        }
        let tenant = tenant_of(app, &session, credentials.tenant.as_deref(), O::OPERATION).await?;
        about.settle_tenant(&tenant.id);
        if let Some(position) = conditions::min_position(request)? {
            app.reach(&tenant.id, position).await?;
        }
        Ok(Self {
            app: app.clone(),
            session,
            about: Arc::clone(about),
            respond_async: conditions::prefers_async(request),
            if_match: conditions::tags(request, header::IF_MATCH)?,
            if_none_match: conditions::tags(request, header::IF_NONE_MATCH)?,
            idempotency_key: idempotency_key(request)?,
            causation: None,
            target: format!("{} {}", request.method(), request.uri().path()),
            tenant,
            operation: PhantomData,
        })
    }
}

impl<O> Call<O> {
    /// The scope of every question.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::tenant(self.tenant.id.clone())
    }

    /// The same without what holds for one request only: key and conditions. For a socket, whose handshake comes before its requests.
    #[must_use]
    pub fn opened(self) -> Self {
        Self { respond_async: false, if_match: None, if_none_match: None, idempotency_key: None, ..self }
    }

    /// The same request, with the event that its command goes back to.
    #[must_use]
    pub fn caused_by(mut self, event: EventId) -> Self {
        self.causation = Some(event);
        self
    }

    /// What goes with every command.
    #[must_use]
    pub fn meta(&self) -> Meta {
        let actor = Actor { id: self.session.user.to_string(), kind: ActorKind::User, name: self.session.name.clone() };
        Meta { causation_id: self.causation, ..Meta::new(actor, self.about.correlation_id().clone()) }
    }

    /// Notes that a record is shown, where the tenant audits its reading. Nothing waits for it.
    pub fn viewed(&self, kind: StreamKind, id: &str) {
        self.note(|| AccessEvent::Viewed(Viewed { kind, id: id.to_owned() }));
    }

    /// Notes that records are handed out as a file, where the tenant audits its reading.
    pub fn exported(&self, kind: StreamKind) {
        self.note(|| AccessEvent::Exported(Exported { kind }));
    }

    fn note(&self, event: impl FnOnce() -> AccessEvent) {
        if self.tenant.view_audit && !self.app.is_read_only() {
            self.app.reading.note(&self.tenant.id, self.meta(), event());
        }
    }

    /// The position that an answer from the read models is at least as of.
    #[must_use]
    pub fn read_position(&self) -> Position {
        self.app.position(Some(&self.tenant.id))
    }

    /// The key under which the request has its effect once, if the client gave one.
    #[must_use]
    pub fn idempotency(&self, body_digest: &[u8]) -> Option<Idempotency> {
        let key = format!("{}/{}", self.session.user, self.idempotency_key.as_ref()?);
        Some(Idempotency::new(key, &[self.target.as_bytes(), self.tenant.id.as_str().as_bytes(), body_digest]))
    }

    /// Whether the client gave an idempotency key.
    #[must_use]
    pub fn has_idempotency_key(&self) -> bool {
        self.idempotency_key.is_some()
    }

    /// The versions that `If-Match` names.
    #[must_use]
    pub const fn if_match(&self) -> Option<&Tags> {
        self.if_match.as_ref()
    }
}

/// What a request shows to be let in.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The access token.
    pub token: Option<String>,
    /// The id of the tenant that an operator picks.
    pub tenant: Option<String>,
}

impl Credentials {
    /// What its headers show: `Authorization` and `X-Tenant-ID`.
    #[must_use]
    pub fn of_headers(request: &Request) -> Self {
        // What is no text is no tenant either.
        let tenant = request.headers().get("x-tenant-id").map(|value| value.to_str().unwrap_or_default().trim().to_owned());
        Self { token: bearer(request).map(str::to_owned), tenant }
    }
}

async fn signed_in(app: &AppState, about: &About, request: &Request, token: Option<&str>) -> Result<Arc<Session>, Problem> {
    let session = match token {
        Some(token) => app.auth.session(token).await.map_err(|error| {
            tracing::warn!(error = &*error as &dyn std::error::Error, "a session cannot be looked up");
            Problem::unavailable("The service cannot check who you are at the moment.")
        })?,
        None => None,
    };
    let allowance = match &session {
        Some(session) => app.limits.request((&session.tenant, &session.user))?,
        None => app.limits.request(super::address(app, request))?,
    };
    if let Some(allowance) = allowance {
        about.settle_allowance(allowance);
    }
    session.ok_or_else(|| Problem::new(Kind::Unauthenticated, "A valid access token is needed: Authorization: Bearer …"))
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn forbidden(role: Role, operation: Operation) -> Problem {
    let roles: Vec<_> = operation.roles().iter().map(|role| role.name()).collect();
    Problem::new(Kind::Forbidden, format!("A {} may not do this; it takes {}.", role.name(), roles.join(", ")))
}

/// The tenant whose data the request is about: the user's own, or the one that an operator picks.
async fn tenant_of(
    app: &AppState,
    session: &Session,
    picked: Option<&str>,
    operation: Operation,
) -> Result<Arc<TenantFacts>, Problem> {
    let asked: Option<Option<TenantId>> = picked.map(|text| text.parse().ok());
    let not_found = || Problem::new(Kind::TenantNotFound, "Tenant not found");
    match (session.role, operation.reach(), asked) {
        (_, Reach::Own | Reach::Platform, _) => own_tenant(app, session).await,
        (Role::Operator, Reach::Tenant, Some(Some(id))) => app.tenant(&id).await?.ok_or_else(not_found),
        (Role::Operator, Reach::Tenant, None | Some(None)) => Err(not_found()),
        (_, Reach::Tenant, None) => own_tenant(app, session).await,
        (_, Reach::Tenant, Some(Some(id))) if id == session.tenant => own_tenant(app, session).await,
        (_, Reach::Tenant, Some(_)) => Err(Problem::new(Kind::ForeignTenant, "X-Tenant-ID names another tenant than yours.")),
    }
}

/// The user's own tenant. The platform's own is no business, and is shown although it is in no list.
async fn own_tenant(app: &AppState, session: &Session) -> Result<Arc<TenantFacts>, Problem> {
    if let Some(tenant) = app.tenant(&session.tenant).await? {
        return Ok(tenant);
    }
    if session.tenant.is_platform() {
        let (id, name) = (session.tenant.clone(), "Platform".to_owned());
        let currency = events::Currency::default();
        let facts = TenantFacts { id, name, currency, earning_rule: None, view_audit: false, audit_retention_days: None };
        return Ok(Arc::new(facts));
    }
    Err(Problem::new(Kind::TenantNotFound, "Tenant not found"))
}

fn idempotency_key(request: &Request) -> Result<Option<String>, Problem> {
    let mut given = request.headers().get_all("idempotency-key").iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        let sentence = "The header Idempotency-Key is given more than once.";
        return Err(Problem::field(Kind::InvalidParameter, "Idempotency-Key", sentence));
    }
    let key = value.to_str().ok().map(str::trim).unwrap_or_default();
    if (1..=MAX_KEY_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Ok(Some(key.to_owned()));
    }
    let sentence = format!("The key has 1 to {MAX_KEY_BYTES} printable ASCII characters.");
    Err(Problem::field(Kind::InvalidParameter, "Idempotency-Key", sentence))
}
