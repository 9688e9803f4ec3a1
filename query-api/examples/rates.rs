//! How fast the read models are, without log and door: `cargo run --release -p query-api --example rates`.

mod crowd;

use std::sync::Arc;
use std::time::{Duration, Instant};

use events::customer::{CustomerEvent, LoyaltyTier, PointsUpdated};
use events::{Actor, CorrelationId, CustomerId, Envelope, Event, EventId, Position, Recorded, StreamRef, TenantId};
use projections::testing::TestDb;
use projections::{ReadModels, registry};
use query_api::customers::{self, CustomerFilter, OrderField, Ordering};
use query_api::{PageRequest, Scope};

use crowd::{CUSTOMERS, imported, time};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let only = std::env::var("ONLY").ok();
    let mut projections = registry::all();
    projections.retain(|one| only.as_ref().is_none_or(|only| only == one.name()));
    let test = if std::env::args().any(|arg| arg == "postgres") {
        TestDb::postgres_with(&projections).await?
    } else {
        TestDb::sqlite_with(&projections).await?
    };
    let tenant = TenantId::generate();
    let ids: Vec<CustomerId> = (0..CUSTOMERS).map(|_| CustomerId::generate()).collect();
    let start = Instant::now();
    for chunk in (0..CUSTOMERS).collect::<Vec<_>>().chunks(4_000) {
        let events: Vec<Recorded> =
            chunk.iter().map(|n| recorded(&tenant, &ids[*n as usize], n + 1, 1, CustomerEvent::Imported(imported(*n)))).collect();
        test.apply(&events).await?;
    }
    report("imported customers", CUSTOMERS, start.elapsed());
    for batch in [1_u64, 64, 1_000, 4_000] {
        points(&test, &tenant, &ids, batch).await?;
    }
    let scope = Scope::tenant(tenant);
    for workers in [1, 16] {
        questions(test.models(), &scope, &ids, workers).await?;
    }
    if let projections::DatabaseUrl::Sqlite(dir) = test.url() {
        for file in std::fs::read_dir(dir)?.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "db")) {
            println!("{}: {} MiB", file.file_name().display(), file.metadata()?.len() >> 20);
        }
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default());
    Ok(())
}

async fn points(test: &TestDb, tenant: &TenantId, ids: &[CustomerId], batch: u64) -> Result<(), Failure> {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let total = if batch == 1 { 500 } else { 20_000_u64.max(batch * 4) };
    let start = Instant::now();
    for _ in 0..total / batch {
        let events: Vec<Recorded> = (0..batch)
            .map(|_| {
                let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                // Every customer once before any a second time, in an order that jumps about.
                let (at, version) = ((n * 7_919) % CUSTOMERS, 2 + n / CUSTOMERS);
                let balance = (at * 13 % 1_500) as i64 + 1;
                let event = PointsUpdated { requested: 1, applied: 1, balance, reason: "bench".into() };
                recorded(tenant, &ids[at as usize], CUSTOMERS + n + 1, version, CustomerEvent::PointsUpdated(event))
            })
            .collect();
        test.apply(&events).await?;
    }
    report(&format!("points updates in batches of {batch}"), total / batch * batch, start.elapsed());
    Ok(())
}

async fn questions(models: &ReadModels, scope: &Scope, ids: &[CustomerId], workers: u64) -> Result<(), Failure> {
    let order = |field, descending| Ordering { field, descending };
    let none = CustomerFilter::default;
    let cases = [
        ("default page", none(), 1),
        ("page 1,000 deep", none(), 1_000),
        ("page 10,000 deep", none(), 10_000),
        (
            "gold by points",
            CustomerFilter { loyalty_level: Some(LoyaltyTier::Gold), ordering: order(OrderField::LoyaltyPoints, true), ..none() },
            1,
        ),
        (
            "gold by name",
            CustomerFilter { loyalty_level: Some(LoyaltyTier::Gold), ordering: order(OrderField::Name, false), ..none() },
            1,
        ),
        (
            "gold by name, page 1,000",
            CustomerFilter { loyalty_level: Some(LoyaltyTier::Gold), ordering: order(OrderField::Name, false), ..none() },
            1_000,
        ),
        ("city and active", CustomerFilter { city: Some("City 7".into()), is_active: Some(true), ..none() }, 1),
        (
            "city by spent",
            CustomerFilter { city: Some("City 7".into()), ordering: order(OrderField::TotalSpent, true), ..none() },
            1,
        ),
        ("inactive, page 100", CustomerFilter { is_active: Some(false), ..none() }, 100),
        ("search john", CustomerFilter { search: Some("john".into()), ..none() }, 1),
        ("search john halim", CustomerFilter { search: Some("john halim".into()), ..none() }, 1),
        ("search john active", CustomerFilter { search: Some("john".into()), is_active: Some(true), ..none() }, 1),
        ("search one email", CustomerFilter { search: Some("c123456@".into()), ..none() }, 1),
        ("search example (all)", CustomerFilter { search: Some("example".into()), ..none() }, 1),
        ("search jo", CustomerFilter { search: Some("jo".into()), ..none() }, 1),
        ("search j", CustomerFilter { search: Some("j".into()), ..none() }, 1),
    ];
    println!("-- {workers} at once");
    let ids = Arc::new(ids.to_vec());
    {
        let (models, scope) = (models.clone(), scope.clone());
        measure("get by id", workers, move |n| {
            let (models, scope, ids) = (models.clone(), scope.clone(), Arc::clone(&ids));
            async move { customers::get(&models, &scope, &ids[(n as usize * 7_919) % ids.len()]).await.map(drop) }
        })
        .await?;
    }
    let (stats_models, stats_scope) = (models.clone(), scope.clone());
    measure("stats", workers, move |_| {
        let (models, scope) = (stats_models.clone(), stats_scope.clone());
        async move { customers::stats(&models, &scope).await.map(drop) }
    })
    .await?;
    for (name, filter, page) in cases {
        let (models, scope) = (models.clone(), scope.clone());
        measure(name, workers, move |_| {
            let (models, scope, filter) = (models.clone(), scope.clone(), filter.clone());
            async move {
                let request = PageRequest::new(page, 10).unwrap_or_else(|_| unreachable!());
                customers::list(&models, &scope, &filter, request).await.map(drop)
            }
        })
        .await?;
    }
    Ok(())
}

async fn measure<F>(name: &str, workers: u64, ask: impl Fn(u64) -> F + Clone + Send + 'static) -> Result<(), Failure>
where
    F: Future<Output = Result<(), query_api::QueryError>> + Send + 'static,
{
    let end = Instant::now() + Duration::from_millis(1_000);
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..workers {
        let ask = ask.clone();
        tasks.spawn(async move {
            let mut asked = 0;
            while Instant::now() < end {
                ask(worker * 10_007 + asked).await?;
                asked += 1;
            }
            Ok::<u64, query_api::QueryError>(asked)
        });
    }
    let mut total = 0;
    while let Some(asked) = tasks.join_next().await {
        total += asked??;
    }
    report(name, total, start.elapsed());
    Ok(())
}

fn report(what: &str, count: u64, took: Duration) {
    println!("{what}: {count} in {took:.2?} = {:.0}/s ({:.1} s of CPU so far)", count as f64 / took.as_secs_f64(), cpu_seconds());
}

/// Processor time of this process: on a busy machine it says more than the clock.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn recorded(tenant: &TenantId, id: &CustomerId, position: u64, version: u64, event: CustomerEvent) -> Recorded {
    let envelope = Envelope {
        stream: StreamRef::customer(tenant, id),
        recorded_at: time(position),
        actor: Actor::system("rates"),
        correlation_id: CorrelationId::generate(),
        causation_id: None,
    };
    Recorded {
        envelope: Arc::new(envelope),
        position: Position(position),
        index: 0,
        version,
        event_id: EventId::generate(),
        event: Event::Customer(event),
    }
}
