//! `/api/tenant/`: the tenant's own settings; `/api/tenants/`: the platform's tenants.

mod objects;

use commands::tenant::{Create, Rename, SetAuditRetention, SetEarningRule, SetViewAudit};
use commands::{Tenant, TenantCommand};
use events::{Currency, StreamRef, TenantId};
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::types::MaybeUndefined;
use query_api::Page;
use query_api::directory;
use uuid::Uuid;

use super::answer::{Read, Written};
use super::call::Call;
use super::fields::Body;
use super::paging::{ListUrl, page_request};
use super::params::{PageNumber, PageSize};
use super::{Tag, unreadable};
use crate::auth::op;
use crate::problem::Problem;

pub use objects::{RuleObject, TenantInput, TenantObject, TenantPage, TenantPatch};

/// Tenants.
pub struct TenantsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Tenants")]
impl TenantsApi {
    /// The tenant's settings
    #[oai(path = "/tenant/", method = "get", operation_id = "getTenant")]
    async fn get(&self, call: Call<op::TenantRead>) -> Result<Read<TenantObject>, Problem> {
        let position = call.read_position();
        let row = directory::tenant(&call.app.models, &call.scope()).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        let version = row.version;
        Ok(Read::versioned(&call, row.into(), position, version))
    }

    /// Change the tenant's settings
    ///
    /// What is not given stays; `earning_rule: null` ends the rule, `audit_retention_days: null` lets audit views go back for ever.
    #[oai(path = "/tenant/", method = "patch", operation_id = "changeTenant")]
    async fn change(&self, call: Call<op::TenantChange>, body: Body<TenantPatch>) -> Result<Written<TenantObject, 200>, Problem> {
        let stream = StreamRef::tenant(&call.tenant.id);
        let TenantPatch { name, earning_rule, view_audit, audit_retention_days } = body.input;
        let rule = given(earning_rule).map(|rule| rule.map(|rule| rule.rule()));
        let commands: Vec<TenantCommand> = [
            name.map(|name| TenantCommand::Rename(Rename { name })),
            rule.map(|rule| TenantCommand::SetEarningRule(SetEarningRule { rule })),
            view_audit.map(|on| TenantCommand::SetViewAudit(SetViewAudit { on })),
            given(audit_retention_days).map(|days| TenantCommand::SetAuditRetention(SetAuditRetention { days })),
        ]
        .into_iter()
        .flatten()
        .collect();
        let done = call.execute_all::<Tenant>(&stream, &commands, &body.digest).await?;
        let tenant = TenantObject::of_state(&call.tenant.id, &done.state);
        let written = Written::settle(&call, Some(tenant), done.position).await.version(done.version);
        call.app.look_again_at(&call.tenant.id).await;
        Ok(written)
    }

    /// List the platform's tenants
    ///
    /// For operators.
    #[oai(path = "/tenants/", method = "get", operation_id = "listTenants")]
    async fn list(
        &self,
        call: Call<op::TenantsList>,
        url: ListUrl,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many tenants a page has.
        page_size: Query<PageSize>,
    ) -> Result<Read<TenantPage>, Problem> {
        let request = page_request(page.0, page_size.0)?;
        let position = call.read_position();
        let rows = directory::tenants(&call.app.models).await.map_err(unreadable)?;
        let count = rows.len() as u64;
        let skip = usize::try_from(request.offset()).unwrap_or(usize::MAX);
        let take = usize::try_from(request.page_size()).unwrap_or(usize::MAX);
        let page = Page { count, rows: rows.into_iter().skip(skip).take(take).collect::<Vec<_>>() };
        let (next, previous) = url.neighbours(&page, request)?;
        let results = page.rows.into_iter().map(TenantObject::from).collect();
        Ok(Read::new(TenantPage { count, next, previous, results }, position))
    }

    /// Add a tenant
    ///
    /// For operators.
    #[oai(path = "/tenants/", method = "post", operation_id = "createTenant")]
    async fn create(
        &self,
        call: Call<op::TenantsCreate>,
        body: Body<TenantInput>,
    ) -> Result<Written<TenantObject, 201>, Problem> {
        let id = new_id(&call)?;
        let currency = body.input.currency.map(Currency::try_from).transpose();
        let currency = currency.map_err(|error| {
            Problem::field(crate::problem::Kind::Invalid, "currency", super::fields::sentence(&error.to_string()))
        })?;
        let command = TenantCommand::Create(Create { name: body.input.name, currency: currency.unwrap_or_default() });
        let done = call.execute::<Tenant>(&StreamRef::tenant(&id), command, &body.digest).await?;
        let tenant = TenantObject::of_state(&id, &done.state);
        let written = Written::settle_in(&call, &id, Some(tenant), done.position).await;
        Ok(written.version(done.version).location("/api/tenant/".to_owned()))
    }
}

/// What a field that may be `null` is to be; `None`: it was not given.
fn given<T>(field: MaybeUndefined<T>) -> Option<Option<T>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// The id of a new tenant. With an idempotency key it comes from the key: the repeat must find the stream that the first
/// request made, for claims are kept by tenant.
fn new_id<O>(call: &Call<O>) -> Result<TenantId, Problem> {
    let Some(idempotency) = call.idempotency(&[]) else { return Ok(TenantId::generate()) };
    let hash = <sha2::Sha256 as sha2::Digest>::digest(idempotency.key.as_bytes());
    let bytes = hash.first_chunk::<16>().copied().unwrap_or_default();
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    Uuid::to_string(&id).parse().map_err(|error: events::IdError| Problem::internal(&error))
}
