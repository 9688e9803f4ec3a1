//! Reads over HTTP on many customers, beside the same questions asked of the database directly.

use std::path::Path;
use std::sync::Arc;

use events::TenantId;
use projections::{DatabaseUrl, DbOptions, ReadModels, registry};
use query_api::customers::{self, CustomerFilter, FilterParams};
use query_api::{PageRequest, Scope};
use serde_json::Value;

use super::load::{Call, Client, drive, repeat};
use super::report::{Figure, Report};
use super::service::Service;
use super::{BenchError, Plan};

/// How many clients at a time.
pub(super) const CLIENTS: usize = 16;
/// Rows of a page.
const PAGE_SIZE: u64 = 10;
/// How many single customers are asked for in turn.
pub(super) const DETAILS: u64 = 1_000;
/// Requests per second to reach for lists, unless the database itself gives less than this times 1 / 0.4.
const LIST_GOAL: f64 = 2_000.0;
const LIST_SHARE: f64 = 0.4;
/// Requests per second to reach for details and statistics.
const ROW_GOAL: f64 = 8_000.0;
const GROUP: &str = "reads, 16 clients";

/// A list as it is asked for.
pub(super) struct Question {
    /// What it is called.
    pub(super) what: &'static str,
    params: FilterParams<'static>,
    page: u64,
}

/// The lists that are asked for.
pub(super) const QUESTIONS: [Question; 6] = [
    ask("list, default", 1, NONE),
    ask("list, gold by points", 1, FilterParams { loyalty_level: Some("gold"), ordering: Some("-loyalty_points"), ..NONE }),
    ask("list, city and active", 1, FilterParams { city: Some("Bandung"), is_active: Some("true"), ..NONE }),
    ask("list, page 100", 100, NONE),
    ask("list, search john", 1, JOHN),
    ask("list, search john and active", 1, FilterParams { is_active: Some("true"), ..JOHN }),
];
/// More lists: seldom asked for, and hard for a question about the past.
pub(super) const HARD_QUESTIONS: [Question; 9] = [
    ask("list, page 1,000", 1_000, NONE),
    ask("list, by points, page 100", 100, FilterParams { ordering: Some("-loyalty_points"), ..NONE }),
    ask("list, by points, page 1,000", 1_000, FilterParams { ordering: Some("-loyalty_points"), ..NONE }),
    ask("list, search john, page 50", 50, JOHN),
    ask("list, search john by points", 1, FilterParams { ordering: Some("-loyalty_points"), ..JOHN }),
    ask("list, search john and gold", 1, FilterParams { loyalty_level: Some("gold"), ..JOHN }),
    ask("list, inactive, page 100", 100, FilterParams { is_active: Some("false"), ..NONE }),
    ask("list, active by points", 1, FilterParams { is_active: Some("true"), ordering: Some("-loyalty_points"), ..NONE }),
    ask("list, city by spent", 1, FilterParams { city: Some("Bandung"), ordering: Some("-total_spent"), ..NONE }),
];
const NONE: FilterParams<'static> =
    FilterParams { search: None, is_active: None, loyalty_level: None, city: None, province: None, ordering: None };
const JOHN: FilterParams<'static> = FilterParams { search: Some("john"), ..NONE };

const fn ask(what: &'static str, page: u64, params: FilterParams<'static>) -> Question {
    Question { what, params, page }
}

/// Measures every question.
pub async fn measure(plan: &Plan, service: &Service, report: &mut Report) -> Result<(), BenchError> {
    let direct = Direct::open(service.data_dir(), &service.tenant).await?;
    for question in &QUESTIONS {
        plan.tell(question.what);
        let beside = direct.list(plan, question).await?;
        let path = question.path();
        let measured = drive(&service.target, CLIENTS, plan.span, move |_, _| Call::get(path.clone())).await?;
        let goal = LIST_GOAL.min(beside * LIST_SHARE);
        let figure = Figure::rate(GROUP, question.what, &measured).beside(beside);
        report.add(figure.at_least(goal, format!("{goal:.0}/s")));
    }
    plan.tell("detail");
    let ids = Arc::new(some_ids(service, DETAILS).await?);
    let beside = direct.details(plan, ids.clone()).await?;
    let next = move |client: usize, n: u64| Call::get(format!("/api/customers/{}/", pick(&ids, client, n)));
    let measured = drive(&service.target, CLIENTS, plan.span, next).await?;
    report.add(Figure::rate(GROUP, "detail", &measured).beside(beside).at_least(ROW_GOAL, "8,000/s"));
    plan.tell("stats");
    let beside = direct.stats(plan).await?;
    let measured = drive(&service.target, CLIENTS, plan.span, |_, _| Call::get("/api/customers/stats/")).await?;
    report.add(Figure::rate(GROUP, "stats", &measured).beside(beside).at_least(ROW_GOAL, "8,000/s"));
    direct.models.close().await;
    Ok(())
}

impl Question {
    /// Its path, to which more parameters can be added.
    pub(super) fn path(&self) -> String {
        let FilterParams { search, is_active, loyalty_level, city, province, ordering } = self.params;
        let names = ["search", "is_active", "loyalty_level", "city", "province", "ordering"];
        let given = names.into_iter().zip([search, is_active, loyalty_level, city, province, ordering]);
        let mut path = format!("/api/customers/?page={}&page_size={PAGE_SIZE}", self.page);
        given
            .filter_map(|(name, value)| Some((name, value?)))
            .for_each(|(name, value)| path.push_str(&format!("&{name}={value}")));
        path
    }
}

/// One of the ids, another one each time.
pub(super) fn pick(ids: &[String], client: usize, n: u64) -> &str {
    &ids[(client * 61 + usize::try_from(n).unwrap_or(0)) % ids.len()]
}

/// The ids of so many customers, spread over the list.
pub async fn some_ids(service: &Service, many: u64) -> Result<Vec<String>, BenchError> {
    let mut client = Client::connect(&service.target).await?;
    let mut ids = Vec::new();
    for page in 1..=many.div_ceil(100) {
        let answer = client.call(Call::get(format!("/api/customers/?page={page}&page_size=100"))).await?;
        let body: Value = serde_json::from_slice(&answer)?;
        let rows = body["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        ids.extend(rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned));
    }
    if ids.is_empty() { Err(BenchError::Patience("there are customers")) } else { Ok(ids) }
}

/// The same questions without HTTP: what the database gives on this machine.
struct Direct {
    models: ReadModels,
    scope: Scope,
}

impl Direct {
    async fn open(data_dir: &Path, tenant: &str) -> Result<Self, BenchError> {
        let models = ReadModels::open(&DatabaseUrl::in_dir(data_dir), DbOptions::default(), &registry::all()).await?;
        let tenant: TenantId = tenant.parse()?;
        Ok(Self { models, scope: Scope::tenant(tenant) })
    }

    async fn list(&self, plan: &Plan, question: &Question) -> Result<f64, BenchError> {
        let filter: Arc<CustomerFilter> = Arc::new(question.params.parse()?);
        let request = PageRequest::new(question.page, PAGE_SIZE)?;
        let (models, scope) = (self.models.clone(), self.scope.clone());
        let ask = move |_, _| {
            let (models, scope, filter) = (models.clone(), scope.clone(), filter.clone());
            async move { Ok(customers::list(&models, &scope, &filter, request).await.map(drop)?) }
        };
        Ok(repeat(CLIENTS, plan.span, ask).await?.rate())
    }

    async fn details(&self, plan: &Plan, ids: Arc<Vec<String>>) -> Result<f64, BenchError> {
        let (models, scope) = (self.models.clone(), self.scope.clone());
        let ask = move |client, n| {
            let (models, scope, ids) = (models.clone(), scope.clone(), ids.clone());
            async move { Ok(customers::get(&models, &scope, &pick(&ids, client, n).parse()?).await.map(drop)?) }
        };
        Ok(repeat(CLIENTS, plan.span, ask).await?.rate())
    }

    async fn stats(&self, plan: &Plan) -> Result<f64, BenchError> {
        let (models, scope) = (self.models.clone(), self.scope.clone());
        let ask = move |_, _| {
            let (models, scope) = (models.clone(), scope.clone());
            async move { Ok(customers::stats(&models, &scope).await.map(drop)?) }
        };
        Ok(repeat(CLIENTS, plan.span, ask).await?.rate())
    }
}
