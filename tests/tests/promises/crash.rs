//! Kill -9, again and again, under load: what was acknowledged is there, once.
//!
//! `KITH_TEST_KILLS` sets how often (3 by default).

use std::time::Duration;

use kith_tests::load::{Writers, check};
use kith_tests::service::signal;
use kith_tests::{Service, World, recount, until};
use serde_json::json;

/// How many writes are acknowledged between two kills.
const BETWEEN: u64 = 150;
const WRITERS: usize = 16;

fn kills() -> usize {
    std::env::var("KITH_TEST_KILLS").map_or(3, |text| text.parse().expect("KITH_TEST_KILLS is a number"))
}

async fn customers(world: &World) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..8 {
        let body = json!({"name": format!("Customer {n}"), "email": format!("customer{n}@example.com")});
        ids.push(world.owner.post("/api/customers/", &body).await.expect(201).id());
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_may_be_killed_at_any_moment() {
    let mut world = World::new().await;
    let ids = customers(&world).await;
    let mut writers = Writers::start(&world.owner, &world.service.address, &ids, WRITERS);
    for round in 0..kills() {
        writers.acknowledge(BETWEEN + 7 * round as u64).await;
        world = world.kill_and_start().await;
        writers.move_to(&world.service.address);
    }
    writers.acknowledge(BETWEEN).await;
    let tally = writers.finish().await;
    let counted = recount::compare(&recount::log_of(world.dir()).await, &world.tenant, &world.owner).await;
    check(&tally, &counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_server_may_be_killed_at_any_moment() {
    let world = World::new().await;
    let ids = customers(&world).await;
    let mut writers = Writers::start(&world.owner, &world.service.address, &ids, WRITERS);
    for round in 0..kills() {
        writers.acknowledge(BETWEEN + 7 * round as u64).await;
        let old = world.service.nats_server().expect("a managed nats-server");
        signal(old, "KILL").await;
        until("another nats-server runs", || async { world.service.nats_server().filter(|new| *new != old) }).await;
    }
    writers.acknowledge(BETWEEN).await;
    let tally = writers.finish().await;
    until("the service is ready", || async { (world.owner.get("/health/ready").await.status == 200).then_some(()) }).await;
    let counted = recount::compare(&recount::log_of(world.dir()).await, &world.tenant, &world.owner).await;
    check(&tally, &counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn service_and_log_server_may_go_together_and_the_tables_may_be_lost() {
    let mut world = World::new().await;
    let ids = customers(&world).await;
    let mut writers = Writers::start(&world.owner, &world.service.address, &ids, WRITERS);
    writers.acknowledge(BETWEEN).await;
    signal(world.service.nats_server().expect("a managed nats-server"), "KILL").await;
    world.service.kill().await;
    let tally = writers.finish().await;

    std::fs::remove_dir_all(world.options.data_dir.join("read-models")).expect("the tables can be thrown away");
    let begin = std::time::Instant::now();
    world.service = Service::start(&world.options).await;
    assert!(begin.elapsed() < Duration::from_secs(30), "it took {:?} to start again", begin.elapsed());
    world.owner = world.owner.at(&world.service.address);
    let counted = recount::compare(&recount::log_of(&world.options.data_dir).await, &world.tenant, &world.owner).await;
    check(&tally, &counted);
}
