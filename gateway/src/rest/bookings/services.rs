//! `/api/bookings/services/`: what providers offer.

use commands::service::{Change, Create};
use commands::user::UserState;
use commands::{Service, ServiceCommand, User};
use events::service::Offer;
use events::{Amount, Role, ServiceId, StreamRef, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use query_api::providers;

use super::forms::said;
use super::input::{ServiceInput, ServicePatch};
use super::objects::ServiceObject;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::{Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{Flag, Free, PageNumber, PageSize, Text};
use crate::rest::{Tag, unreadable};

/// Services.
pub struct ServicesApi;

/// A page of services.
#[derive(Debug, Clone, Object)]
pub struct ServicePage {
    /// How many services there are, exactly.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The services of this page.
    pub results: Vec<ServiceObject>,
}

#[OpenApi(prefix_path = "/api/bookings/services", tag = "Tag::Bookings")]
impl ServicesApi {
    /// List services
    ///
    /// The oldest first.
    #[oai(path = "/", method = "get", operation_id = "listServices")]
    async fn list(
        &self,
        call: Call<op::ProvidersRead>,
        url: ListUrl,
        /// The provider; all of the tenant when not given. Providers see their own services only.
        provider: Query<Text<Free>>,
        /// Only services that can be booked, or only those that cannot.
        is_active: Query<Text<Flag>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many services a page has.
        page_size: Query<PageSize>,
    ) -> Result<Read<ServicePage>, Problem> {
        let (whose, request) = (call.whose(provider.as_deref())?, page_request(page.0, page_size.0)?);
        let is_active = is_active.is("is_active")?;
        let position = call.trailing_position().await?;
        let page = providers::services(&call.app.models, &call.scope(), &whose, is_active, request).await.map_err(unreadable)?;
        let (next, previous) = url.neighbours(&page, request)?;
        let results = page.rows.into_iter().map(ServiceObject::from).collect();
        Ok(Read::new(ServicePage { count: page.count, next, previous, results }, position))
    }

    /// Offer a service
    #[oai(path = "/", method = "post", operation_id = "createService")]
    async fn create(
        &self,
        call: Call<op::ProvidersWork>,
        body: Body<ServiceInput>,
    ) -> Result<Written<ServiceObject, 201>, Problem> {
        let ServiceInput { provider, title, price, duration_minutes, description } = body.input;
        let provider = provider_named(&call, provider.as_deref()).await?;
        let offer = Offer { title, price: amount(&price)?, duration_minutes, description: description.unwrap_or_default() };
        let stream = StreamRef::service(&call.tenant.id, &ServiceId::generate());
        let done = call.execute::<Service>(&stream, ServiceCommand::Create(Create { provider, offer }), &body.digest).await?;
        let id = done.stream.id().to_owned();
        let written = Written::settle(&call, Some(ServiceObject::of_state(&id, &done.state)), done.position).await;
        Ok(written.version(done.version).location(format!("/api/bookings/services/{id}/")))
    }

    /// Get a service
    #[oai(path = "/:id/", method = "get", operation_id = "getService")]
    async fn get(
        &self,
        call: Call<op::ProvidersRead>,
        /// The service.
        id: Path<String>,
    ) -> Result<Read<ServiceObject>, Problem> {
        let position = call.read_position();
        let (stream, state) = call.service(&id).await?;
        Ok(Read::new(ServiceObject::of_state(stream.id(), &state), position))
    }

    /// Change a service
    ///
    /// What is not given stays, and so does what was booked.
    #[oai(path = "/:id/", method = "patch", operation_id = "changeService")]
    async fn change(
        &self,
        call: Call<op::ProvidersWork>,
        /// The service.
        id: Path<String>,
        body: Body<ServicePatch>,
    ) -> Result<Written<ServiceObject, 200>, Problem> {
        let (stream, _) = call.service(&id).await?;
        let ServicePatch { title, price, duration_minutes, description, is_active } = body.input;
        let price = price.map(|price| amount(&price)).transpose()?;
        let change = ServiceCommand::Change(Change { title, price, duration_minutes, description });
        let activity = is_active.map(|is| if is { ServiceCommand::Activate } else { ServiceCommand::Deactivate });
        let commands: Vec<_> = [Some(change), activity].into_iter().flatten().collect();
        let done = call.execute_all::<Service>(&stream, &commands, &body.digest).await?;
        let service = ServiceObject::of_state(stream.id(), &done.state);
        Ok(Written::settle(&call, Some(service), done.position).await.version(done.version))
    }
}

/// The amount that a checked text is.
pub fn amount(text: &str) -> Result<Amount, Problem> {
    text.parse().map_err(|error: events::amount::AmountError| Problem::field(Kind::Invalid, "amount", said(&error)))
}

/// The provider who is to offer something: a user of the tenant with that role. Providers offer their own.
async fn provider_named<O>(call: &Call<O>, named: Option<&str>) -> Result<UserId, Problem> {
    let wrong = |sentence: &str| Problem::field(Kind::Invalid, "provider", sentence);
    let is_provider = call.session.role == Role::Provider;
    let id: UserId = match named {
        None if is_provider => call.session.user.clone(),
        None => return Err(wrong("This field is required.")),
        Some(text) => text.parse().map_err(|_| wrong("There is no such provider."))?,
    };
    if is_provider && id != call.session.user {
        return Err(wrong("Providers offer their own services only."));
    }
    let state = call.present::<User>(&StreamRef::user(&call.tenant.id, &id)).await?.state;
    let UserState { role, is_active, .. } = &*state;
    if *role == Some(Role::Provider) && *is_active { Ok(id) } else { Err(wrong("There is no such provider.")) }
}
