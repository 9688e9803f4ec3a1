//! Writes over HTTP: points and new customers, one client and many, beside raw publishes to the same server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::load::{Call, Client, drive};
use super::report::{Figure, Report};
use super::service::{Service, Settings};
use super::{BenchError, Plan, probe};

/// How many clients (or publishes) at a time.
pub const CLIENTS: [usize; 3] = [1, 16, 64];
/// How many customers get points.
const CUSTOMERS: usize = 256;
/// What one client may take longer than one raw publish, at the median.
const MORE_MILLIS: f64 = 3.0;
/// The share of the raw relaxed rate to reach.
const RELAXED_SHARE: f64 = 0.25;

/// Measures one durability on a service of its own.
pub async fn measure(plan: &Plan, durability: &'static str, report: &mut Report) -> Result<(), BenchError> {
    let group = if durability == "always" { "writes, durable" } else { "writes, relaxed" };
    plan.tell(&format!("{group}: starting a service"));
    let dir = tempfile::tempdir()?;
    let settings = Settings { data_dir: dir.path().to_owned(), durability, nats_server: plan.nats_server.clone() };
    let service = Service::start(settings).await?;
    let mut raw = Vec::new();
    for in_flight in CLIENTS {
        plan.tell(&format!("{group}: raw publishes, {in_flight} in flight"));
        let measured = probe::raw_publish(service.data_dir(), in_flight, plan.span).await?;
        report.add(Figure::rate(group, format!("raw publish, {in_flight} in flight"), &measured));
        raw.push(measured);
    }
    let customers = Arc::new(create_some(&service).await?);
    for (clients, raw) in CLIENTS.into_iter().zip(&raw) {
        plan.tell(&format!("{group}: points, {clients} clients"));
        let ids = customers.clone();
        let next = move |client: usize, n: u64| points(&ids, client, n);
        let measured = drive(&service.target, clients, plan.span, next).await?;
        let figure = Figure::rate(group, format!("update points, {clients} clients"), &measured).beside(raw.rate());
        report.add(match (clients, durability) {
            (64, "always") => figure.at_least(raw.rate(), "at least the raw rate"),
            (64, _) => figure.at_least(raw.rate() * RELAXED_SHARE, "a quarter of the raw rate"),
            (1, _) => p50_goal(figure, raw.millis(0.5)),
            _ => figure,
        });
    }
    let emails = Arc::new(AtomicU64::new(0));
    for clients in CLIENTS {
        plan.tell(&format!("{group}: new customers, {clients} clients"));
        let emails = emails.clone();
        let next = move |_, _| create(emails.fetch_add(1, Ordering::Relaxed));
        let measured = drive(&service.target, clients, plan.span, next).await?;
        report.add(Figure::rate(group, format!("create, {clients} clients"), &measured));
    }
    service.stop().await
}

fn p50_goal(figure: Figure, raw_p50: f64) -> Figure {
    let reached = figure.p50_ms.is_some_and(|p50| p50 <= raw_p50 + MORE_MILLIS);
    Figure { goal: Some(format!("p50 at most {:.2} ms", raw_p50 + MORE_MILLIS)), reached: Some(reached), ..figure }
}

fn points(customers: &[String], client: usize, n: u64) -> Call {
    let customer = &customers[(client * 17 + usize::try_from(n).unwrap_or(0)) % customers.len()];
    Call::post(format!("/api/customers/{customer}/update_points/"), r#"{"points":1,"reason":"bench"}"#.to_owned())
}

fn create(number: u64) -> Call {
    let body = json!({
        "name": "Jane Smith", "email": format!("new{number}@bench.example"), "phone": "08987654321", "address": "Jl. Thamrin No. 456",
        "city": "Jakarta", "province": "DKI Jakarta", "postal_code": "12346", "notes": "VIP customer",
    });
    Call::post("/api/customers/", body.to_string())
}

async fn create_some(service: &Service) -> Result<Vec<String>, BenchError> {
    let mut client = Client::connect(&service.target).await?;
    let mut ids = Vec::with_capacity(CUSTOMERS);
    for number in 0..CUSTOMERS {
        let body = json!({"name": format!("Customer {number}"), "email": format!("points{number}@bench.example")});
        let answer = client.call(Call::post("/api/customers/", body.to_string())).await?;
        let customer: Value = serde_json::from_slice(&answer)?;
        ids.push(customer["id"].as_str().unwrap_or_default().to_owned());
    }
    Ok(ids)
}

/// The `number`th bulk update of these customers: how long it took until the lists showed it.
pub async fn bulk(service: &Service, ids: &[String], number: u32) -> Result<Duration, BenchError> {
    let mut client = Client::connect(&service.target).await?;
    let action = if number.is_multiple_of(2) { "deactivate" } else { "activate" };
    let body = json!({"customer_ids": ids, "action": action}).to_string();
    let begin = std::time::Instant::now();
    client.call(Call::post("/api/customers/bulk_update/", body)).await?;
    Ok(begin.elapsed())
}
