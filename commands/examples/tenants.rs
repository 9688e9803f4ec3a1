//! Whether the time that a creation takes tells one tenant which addresses another has: `cargo run --release -p commands --example
//! tenants`.
//!
//! One tenant creates customers in pairs, in changing order: with an address that another tenant has, and with one that nobody has.
//! The two distributions are compared by the test of Kolmogorov and Smirnov: a distance above the limit would tell them apart.

use std::error::Error;
use std::time::Instant;

use commands::customer::Register;
use commands::{Customer, CustomerCommand, Executor, ExecutorOptions, Meta};
use event_log::testing::TestServer;
use events::customer::Profile;
use events::{CustomerId, StreamRef, TenantId};

/// How many pairs.
const PAIRS: usize = 4_000;
/// Times the root of 2 / PAIRS: what two samples of one distribution stay below in 99 of 100 cases.
const KOLMOGOROV_99: f64 = 1.628;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = TestServer::start().await?;
    let executor = Executor::new(server.log().await?, ExecutorOptions::default());
    let (own, other) = (TenantId::generate(), TenantId::generate());
    for n in 0..PAIRS {
        create(&executor, &other, &format!("taken{n:05}@example.com")).await?;
    }
    let (mut taken, mut spare) = (Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS));
    for n in 0..PAIRS {
        let addresses = [format!("taken{n:05}@example.com"), format!("spare{n:05}@example.com")];
        for turn in [n % 2, 1 - n % 2] {
            let micros = create(&executor, &own, &addresses[turn]).await?;
            if turn == 0 { taken.push(micros) } else { spare.push(micros) }
        }
    }
    taken.sort_by(f64::total_cmp);
    spare.sort_by(f64::total_cmp);
    for (name, sorted) in [("another tenant has it", &taken), ("nobody has it", &spare)] {
        let at = |share: f64| sorted[(share * (PAIRS - 1) as f64) as usize];
        println!("{name:<22} p10 {:6.0} µs   p50 {:6.0} µs   p90 {:6.0} µs   p99 {:6.0} µs", at(0.1), at(0.5), at(0.9), at(0.99));
    }
    let limit = KOLMOGOROV_99 * (2.0 / PAIRS as f64).sqrt();
    println!("largest distance of the distributions: {:.4}; the limit at 99 %: {limit:.4}", distance(&taken, &spare));
    Ok(())
}

/// Creates a customer; answers how long it took, in microseconds.
async fn create(executor: &Executor, tenant: &TenantId, email: &str) -> Result<f64, Box<dyn Error>> {
    let stream = StreamRef::customer(tenant, &CustomerId::generate());
    let profile = Profile { name: "Jane".to_owned(), email: email.to_owned(), ..Profile::default() };
    let command = CustomerCommand::Register(Register::new(profile));
    let begin = Instant::now();
    executor.execute::<Customer>(&stream, command, &Meta::system("example"), None).await?;
    Ok(begin.elapsed().as_secs_f64() * 1e6)
}

/// How far the shares of two sorted samples below a value are apart at most.
fn distance(one: &[f64], other: &[f64]) -> f64 {
    let share = |sorted: &[f64], value: f64| sorted.partition_point(|it| *it <= value) as f64 / sorted.len() as f64;
    one.iter().chain(other).map(|value| (share(one, *value) - share(other, *value)).abs()).fold(0.0, f64::max)
}
