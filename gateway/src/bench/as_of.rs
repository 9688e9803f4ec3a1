//! Questions as of earlier positions, beside the same questions about now: on customers who have changed several times each.

use std::sync::Arc;

use commands::customer::UpdatePoints;
use commands::{BulkMode, Customer, CustomerCommand, Executor, ExecutorOptions, Meta};
use events::{CustomerId, StreamRef, TenantId};
use futures_util::TryStreamExt;
use projections::{DatabaseUrl, DbOptions, ReadModels, registry};
use query_api::Scope;
use query_api::customers::{self, CustomerFilter};

use super::load::{Call, drive};
use super::reads::{self, CLIENTS, DETAILS, HARD_QUESTIONS, QUESTIONS};
use super::report::{Figure, Report};
use super::service::{Service, Settings};
use super::{BenchError, Plan, probe, volume};

/// How often every customer changes after the import.
const CHANGES: i64 = 4;
/// The share of the rate about now that is to be reached about then.
const SHARE: f64 = 0.5;
const GROUP: &str = "reads as of a position, 16 clients";

/// Fills a service, changes every customer, and measures every question at three moments.
pub async fn measure(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let dir = tempfile::tempdir()?;
    let (file, data_dir) = (dir.path().join("customers.csv"), dir.path().join("data"));
    plan.tell("importing customers");
    volume::write_file(&file, plan.customers)?;
    let service = Service::start(Settings { data_dir, durability: "relaxed", nats_server: plan.nats_server.clone() }).await?;
    service.settings().run(&["import", &file.to_string_lossy(), "--tenant", &service.tenant]).await?;
    service.catch_up().await?;
    plan.tell("changing every customer several times");
    change(&service).await?;
    service.catch_up().await?;
    let head = probe::log_length(service.data_dir()).await?;
    let moments = [("the middle", head / 2), ("near the end", head - head / 100)];
    for question in QUESTIONS.iter().chain(&HARD_QUESTIONS) {
        let path = question.path();
        compare(plan, &service, report, question.what, &moments, move |_, _| path.clone()).await?;
    }
    let ids = Arc::new(reads::some_ids(&service, DETAILS).await?);
    let detail = move |client: usize, n: u64| format!("/api/customers/{}/?", reads::pick(&ids, client, n));
    compare(plan, &service, report, "detail", &moments, detail).await?;
    compare(plan, &service, report, "stats", &moments, |_, _| "/api/customers/stats/?".to_owned()).await?;
    service.stop().await
}

async fn compare(
    plan: &Plan,
    service: &Service,
    report: &mut Report,
    what: &str,
    moments: &[(&str, u64)],
    path: impl Fn(usize, u64) -> String + Clone + Send + 'static,
) -> Result<(), BenchError> {
    plan.tell(what);
    let about_now = path.clone();
    let now = drive(&service.target, CLIENTS, plan.span, move |client, n| Call::get(about_now(client, n))).await?;
    report.add(Figure::rate(GROUP, format!("{what}, now"), &now));
    for (when, position) in moments {
        let (path, position) = (path.clone(), *position);
        let ask = move |client, n| Call::get(format!("{}&as_of={position}", path(client, n)));
        let then = drive(&service.target, CLIENTS, plan.span, ask).await?;
        let figure = Figure::rate(GROUP, format!("{what}, as of {when}"), &then).beside(now.rate());
        report.add(figure.at_least(now.rate() * SHARE, "half of the rate now"));
    }
    Ok(())
}

/// Gives and takes points of every customer, by way of the log: the service sees it as it sees any other process's work.
async fn change(service: &Service) -> Result<(), BenchError> {
    let url = DatabaseUrl::in_dir(service.data_dir());
    let models = ReadModels::open(&url, DbOptions::default(), &registry::all()).await?;
    let tenant: TenantId = service.tenant.parse()?;
    let rows = customers::export(models.clone(), Scope::tenant(tenant.clone()), CustomerFilter::default());
    let ids: Vec<CustomerId> = rows.map_ok(|row| row.id).try_collect().await?;
    models.close().await;
    let executor = Executor::new(probe::log(service.data_dir()).await?, ExecutorOptions::default());
    for round in 0..CHANGES {
        let points = |(number, id): (i64, &CustomerId)| {
            let points = (number * 37 + round * 101) % 120 - 50;
            let command = UpdatePoints { points, reason: "bench".to_owned(), strict: false };
            (StreamRef::customer(&tenant, id), CustomerCommand::UpdatePoints(command))
        };
        let commands = (0..).zip(&ids).map(points).collect();
        executor.execute_bulk::<Customer>(commands, &Meta::system("bench"), None, BulkMode::Chunked).await?;
    }
    Ok(())
}
