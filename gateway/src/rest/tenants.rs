//! `/api/tenant/`: the tenant's own settings; `/api/tenants/`: the platform's tenants.

use commands::tenant::{Create, Rename, SetEarningRule};
use commands::{Tenant, TenantCommand, TenantState};
use events::tenant::EarningRule;
use events::{Amount, Currency, StreamRef, TenantId};
use poem_openapi::param::Query;
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{Object, OpenApi};
use query_api::Page;
use query_api::directory::{self, TenantRow};
use uuid::Uuid;

use super::answer::{Read, Written};
use super::call::Call;
use super::fields::{Body, Fields, Input};
use super::moment::Moment;
use super::paging::{ListUrl, page_request};
use super::params::{PageNumber, PageSize};
use super::{Tag, unreadable};
use crate::auth::op;
use crate::problem::Problem;

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
    /// What is not given stays; `earning_rule: null` ends the rule.
    #[oai(path = "/tenant/", method = "patch", operation_id = "changeTenant")]
    async fn change(&self, call: Call<op::TenantChange>, body: Body<TenantPatch>) -> Result<Written<TenantObject, 200>, Problem> {
        let stream = StreamRef::tenant(&call.tenant.id);
        let rule = match body.input.earning_rule {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(rule) => Some(Some(rule.rule())),
        };
        let commands: Vec<TenantCommand> = [
            body.input.name.map(|name| TenantCommand::Rename(Rename { name })),
            rule.map(|rule| TenantCommand::SetEarningRule(SetEarningRule { rule })),
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

/// The id of a new tenant. With an idempotency key it comes from the key: the repeat must find the stream that the first
/// request made, for claims are kept by tenant.
fn new_id<O>(call: &Call<O>) -> Result<TenantId, Problem> {
    let Some(idempotency) = call.idempotency(&[]) else { return Ok(TenantId::generate()) };
    let hash = <sha2::Sha256 as sha2::Digest>::digest(idempotency.key.as_bytes());
    let bytes = hash.first_chunk::<16>().copied().unwrap_or_default();
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    Uuid::to_string(&id).parse().map_err(|error: events::IdError| Problem::internal(&error))
}

/// How orders earn points: so many for every full amount.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EarningRule", example)]
pub struct RuleObject {
    /// The points given.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    points: i64,
    /// For every full such amount, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    per: String,
}

impl RuleObject {
    fn read(fields: &mut Fields) -> Self {
        fields.require("points");
        fields.require("per");
        let per: Option<Amount> = fields.parsed("per");
        Self { points: fields.integer("points").unwrap_or_default(), per: per.unwrap_or_default().to_string() }
    }

    fn rule(&self) -> EarningRule {
        EarningRule { points: self.points, per: self.per.parse().unwrap_or_default() }
    }
}

impl From<EarningRule> for RuleObject {
    fn from(rule: EarningRule) -> Self {
        Self { points: rule.points, per: rule.per.to_string() }
    }
}

impl Example for RuleObject {
    fn example() -> Self {
        Self { points: 1, per: "10000.00".to_owned() }
    }
}

/// A new tenant.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TenantInput {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
    /// What all its amounts are in, for ever; USD when not given.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}

impl Input for TenantInput {
    fn read(fields: &mut Fields) -> Self {
        Self { name: fields.text("name").unwrap_or_default(), currency: fields.text("currency") }
    }
}

impl Example for TenantInput {
    fn example() -> Self {
        Self { name: "My Restaurant".to_owned(), currency: Some("IDR".to_owned()) }
    }
}

/// What clients send back with a tenant although it is not theirs to change.
const READ_ONLY: &[&str] = &["id", "currency", "created_at", "updated_at"];

/// Parts of a tenant's settings; what is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TenantPatch {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// How orders earn points; `null`: they earn none.
    #[oai(nullable)]
    pub earning_rule: MaybeUndefined<RuleObject>,
}

impl Input for TenantPatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        let name = fields.text("name");
        let earning_rule = match fields.object("earning_rule", RuleObject::read) {
            None => MaybeUndefined::Undefined,
            Some(None) => MaybeUndefined::Null,
            Some(Some(rule)) => MaybeUndefined::Value(rule),
        };
        Self { name, earning_rule }
    }
}

impl Example for TenantPatch {
    fn example() -> Self {
        Self { name: None, earning_rule: MaybeUndefined::Value(RuleObject::example()) }
    }
}

/// A tenant.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Tenant")]
pub struct TenantObject {
    /// Names the tenant.
    id: String,
    /// The name to show.
    name: String,
    /// What all its amounts are in.
    currency: String,
    /// How orders earn points; `null`: they earn none.
    #[oai(nullable)]
    earning_rule: Option<RuleObject>,
    /// When it joined.
    created_at: Moment,
    /// When anything about it last changed.
    updated_at: Moment,
}

impl From<TenantRow> for TenantObject {
    fn from(row: TenantRow) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            currency: row.currency.into(),
            earning_rule: row.earning_rule.map(RuleObject::from),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl TenantObject {
    fn of_state(id: &TenantId, state: &TenantState) -> Self {
        Self {
            id: id.to_string(),
            name: state.name.clone(),
            currency: state.currency.as_str().to_owned(),
            earning_rule: state.earning_rule.map(RuleObject::from),
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}

/// A page of tenants.
#[derive(Debug, Clone, Object)]
pub struct TenantPage {
    /// How many tenants the platform has.
    count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    previous: Option<String>,
    /// The tenants of this page.
    results: Vec<TenantObject>,
}
