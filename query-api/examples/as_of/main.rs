//! What the past costs beside the present, without log and door: `cargo run --release -p query-api --example as_of`.
//!
//! 200,000 customers and 1,000,000 events, once with all customers imported at first, and once (`grown`) with customers who come
//! while the others change. With `in DIR` they are kept there, for the next time; or it is a data directory that was filled
//! otherwise, and that nobody writes to.

#[path = "../crowd/mod.rs"]
mod crowd;
mod maker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use events::customer::{CustomerEvent, Forgotten, LoyaltyTier};
use events::{CustomerId, Position, TenantId};
use projections::customer_history::CustomerHistory;
use projections::customer_list::CustomerList;
use projections::db::Sql;
use projections::projection::Batch;
use projections::testing::history::PARTITION;
use projections::{DatabaseUrl, DbOptions, Projection, ReadModels};
use query_api::customers::as_of::{self, AsOf};
use query_api::customers::{self, CustomerFilter, OrderField, Ordering};
use query_api::{PageRequest, Scope};

use maker::Maker;

const EVENTS: u64 = 1_000_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let dir = tempfile::tempdir()?;
    let kept = arguments.iter().skip_while(|argument| *argument != "in").nth(1).map(PathBuf::from);
    let url = match std::env::var("KITH_TEST_DATABASE_URL") {
        Ok(url) if has("postgres") => url.parse()?,
        Ok(_) | Err(_) => DatabaseUrl::in_dir(kept.as_deref().unwrap_or(dir.path())),
    };
    let projections: [Arc<dyn Projection>; 2] = [Arc::new(CustomerList), Arc::new(CustomerHistory::default())];
    let models = ReadModels::open(&url, DbOptions::default(), &projections).await?;
    models.serve_all().await?;
    if let Some((tenant, ids, end)) = filled(&models).await? {
        return compare_all(&models, &tenant, &ids, end).await;
    }
    let mut maker = Maker::new(has("grown"));
    fill(&models, &projections, &mut maker).await?;
    compare_all(&models, &maker.tenant, &maker.ids, maker.position).await?;
    forget(&models, &projections, &mut maker).await
}

/// The largest tenant that there is already, its customers, and its last position.
async fn filled(models: &ReadModels) -> Result<Option<(TenantId, Vec<CustomerId>, u64)>, Failure> {
    let list = models.of(CustomerList.name())?;
    let largest = "SELECT tenant_id, MAX(position) FROM customers GROUP BY tenant_id ORDER BY COUNT(*) DESC LIMIT 1";
    let Some((tenant, end)) = list.fetch_optional::<(String, i64)>(Sql::composed(largest.to_owned(), [])).await? else {
        return Ok(None);
    };
    let of = Sql::composed("SELECT id FROM customers WHERE tenant_id = $1".to_owned(), [tenant.as_str().into()]);
    let ids: Vec<(String,)> = list.fetch_all(of).await?;
    let ids = ids.into_iter().map(|(id,)| id.parse()).collect::<Result<_, _>>()?;
    Ok(Some((tenant.parse()?, ids, end.unsigned_abs())))
}

async fn compare_all(models: &ReadModels, tenant: &TenantId, ids: &[CustomerId], end: u64) -> Result<(), Failure> {
    let scope = Scope::tenant(tenant.clone());
    for (when, position) in [("early", end / 5 + 5_000), ("in the middle", end / 2), ("near the end", end - end / 100)] {
        println!("-- as of {when} ({position} of {end})");
        compare(models, &scope, ids, AsOf::new(PARTITION, Position(position))).await?;
    }
    Ok(())
}

/// How long it takes to leave nothing of a customer: of the first ones, whom everything came after.
async fn forget(models: &ReadModels, projections: &[Arc<dyn Projection>], maker: &mut Maker) -> Result<(), Failure> {
    for at in 0..5 {
        maker.position += 1;
        let mut events = Vec::new();
        maker.record(&mut events, at, vec![CustomerEvent::Forgotten(Forgotten {})]);
        for projection in projections {
            let start = Instant::now();
            let mut tx = models.of(projection.name())?.begin().await?;
            projection.apply(&mut tx, Batch::of(&**projection, PARTITION, &events)).await?;
            tx.commit().await?;
            println!("forgetting one of {} versions, {}: {:.1?}", maker.streams[at].version, projection.name(), start.elapsed());
        }
    }
    Ok(())
}

async fn fill(models: &ReadModels, projections: &[Arc<dyn Projection>], maker: &mut Maker) -> Result<(), Failure> {
    let mut spent = vec![Duration::ZERO; projections.len()];
    let mut done = 0;
    while done < EVENTS {
        let mut events = Vec::with_capacity(8_000);
        while events.len() < 8_000 {
            maker.step(&mut events);
        }
        done += events.len() as u64;
        for (projection, spent) in projections.iter().zip(&mut spent) {
            let start = Instant::now();
            let mut tx = models.of(projection.name())?.begin().await?;
            projection.apply(&mut tx, Batch::of(&**projection, PARTITION, &events)).await?;
            tx.commit().await?;
            *spent += start.elapsed();
        }
        if done % 200_000 < 8_000 {
            let names: Vec<String> =
                projections.iter().zip(&spent).map(|(one, spent)| format!("{} {spent:.1?}", one.name())).collect();
            println!("{done} events, {} customers: {}", maker.ids.len(), names.join(", "));
        }
    }
    Ok(())
}

async fn compare(models: &ReadModels, scope: &Scope, ids: &[CustomerId], at: AsOf) -> Result<(), Failure> {
    for (name, filter, page) in cases() {
        let request = PageRequest::new(page, 10)?;
        let count = as_of::list(models, scope, at, &filter, request).await?.count;
        let now = rate(|| async { customers::list(models, scope, &filter, request).await.map(drop) }).await?;
        let then = rate(|| async { as_of::list(models, scope, at, &filter, request).await.map(drop) }).await?;
        report(&format!("{name} ({count})"), now, then);
    }
    let next = std::cell::Cell::new(0_usize);
    let id = || {
        next.set(next.get() + 7_919);
        &ids[next.get() % (ids.len() / 5)]
    };
    let now = rate(|| async { customers::get(models, scope, id()).await.map(drop) }).await?;
    let then = rate(|| async { as_of::get(models, scope, at, id()).await.map(drop) }).await?;
    report("detail", now, then);
    let now = rate(|| async { customers::stats(models, scope).await.map(drop) }).await?;
    let then = rate(|| async { as_of::stats(models, scope, at).await.map(drop) }).await?;
    report("stats", now, then);
    Ok(())
}

fn cases() -> Vec<(&'static str, CustomerFilter, u64)> {
    let by = |field, descending| CustomerFilter { ordering: Ordering { field, descending }, ..CustomerFilter::default() };
    let gold = |filter| CustomerFilter { loyalty_level: Some(LoyaltyTier::Gold), ..filter };
    let none = CustomerFilter::default;
    let search = |words: &str, filter| CustomerFilter { search: Some(words.into()), ..filter };
    let active = |active| CustomerFilter { is_active: Some(active), ..none() };
    let city = |name: &str| CustomerFilter { city: Some(name.into()), ..none() };
    vec![
        ("default", none(), 1),
        ("gold by points", gold(by(OrderField::LoyaltyPoints, true)), 1),
        ("city and active", CustomerFilter { city: Some("City 7".into()), is_active: Some(true), ..none() }, 1),
        ("page 100", none(), 100),
        ("search john", CustomerFilter { search: Some("john".into()), ..none() }, 1),
        ("page 1,000", none(), 1_000),
        ("by points, page 100", by(OrderField::LoyaltyPoints, true), 100),
        ("by points, page 1,000", by(OrderField::LoyaltyPoints, true), 1_000),
        ("by points, falling", by(OrderField::LoyaltyPoints, true), 1),
        ("by points, rising", by(OrderField::LoyaltyPoints, false), 1),
        ("by spent, falling", by(OrderField::TotalSpent, true), 1),
        ("by last order, falling", by(OrderField::LastOrderDate, true), 1),
        ("by orders, rising, page 100", by(OrderField::TotalOrders, false), 100),
        ("gold by name", gold(by(OrderField::Name, false)), 1),
        ("gold by name, page 100", gold(by(OrderField::Name, false)), 100),
        ("city by spent", CustomerFilter { city: Some("City 7".into()), ..by(OrderField::TotalSpent, true) }, 1),
        ("inactive, page 100", CustomerFilter { is_active: Some(false), ..none() }, 100),
        ("search one email", CustomerFilter { search: Some("c1234@".into()), ..none() }, 1),
        ("john, page 50", search("john", none()), 50),
        ("john by name", search("john", by(OrderField::Name, false)), 1),
        ("john by points", search("john", by(OrderField::LoyaltyPoints, true)), 1),
        ("john by spent, page 20", search("john", by(OrderField::TotalSpent, true)), 20),
        ("john active", search("john", active(true)), 1),
        ("john active, page 20", search("john", active(true)), 20),
        ("john inactive", search("john", active(false)), 1),
        ("john gold", search("john", gold(none())), 1),
        ("john gold by points", search("john", gold(by(OrderField::LoyaltyPoints, true))), 1),
        ("john in a city", search("john", city("City 7")), 1),
        ("example", search("example", none()), 1),
        ("example active", search("example", active(true)), 1),
        ("example gold", search("example", gold(none())), 1),
        ("two words", search("john example", none()), 1),
        ("no such word", search("nobodyhere", none()), 1),
    ]
}

async fn rate<F>(ask: impl Fn() -> F) -> Result<f64, Failure>
where
    F: Future<Output = Result<(), query_api::QueryError>>,
{
    ask().await?;
    let start = Instant::now();
    let mut asked = 0.0;
    while start.elapsed() < Duration::from_millis(400) {
        ask().await?;
        asked += 1.0;
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / asked)
}

fn report(what: &str, now: f64, then: f64) {
    println!("{what:<40} now {now:>9.0} µs   then {then:>9.0} µs   × {:.2}", then / now);
}
