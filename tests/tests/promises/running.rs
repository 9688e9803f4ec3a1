//! Starting, stopping, and starting again.

use kith_tests::world::command;
use kith_tests::{Service, World, program, until};
use serde_json::json;

#[tokio::test]
async fn a_second_start_finds_the_data_of_the_first() {
    let mut world = World::new().await;
    let body = json!({"name": "Jane", "email": "jane@example.com", "notes": "VIP customer"});
    let id = world.owner.post("/api/customers/", &body).await.expect(201).id();
    let before = world.owner.get(&format!("/api/customers/{id}/")).await.expect(200).json();
    let status = world.service.stop().await;
    assert!(status.success(), "SIGTERM ends it with {status}");
    world.service = Service::start(&world.options).await;
    // The token is still good: the secret that signs it is kept too.
    let owner = world.owner.at(&world.service.address);
    assert_eq!(owner.get(&format!("/api/customers/{id}/")).await.expect(200).json(), before);
    assert_eq!(owner.get("/api/customers/stats/").await.expect(200).json()["total_customers"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_lets_requests_in_flight_finish() {
    let world = World::new().await;
    let body = |n: usize| json!({"name": format!("Customer {n}"), "email": format!("c{n}@example.com")});
    let api = world.owner.clone();
    let ids: Vec<_> = (0..64)
        .map(|n| {
            let (api, body) = (api.clone(), body(n));
            tokio::spawn(async move { api.try_send(api.request(reqwest::Method::POST, "/api/customers/").json(&body)).await })
        })
        .collect();
    // As soon as one of them is there the others are under way.
    until("a customer is there", || async { (api.get("/api/customers/").await.json()["count"] != json!(0)).then_some(()) }).await;
    let status = world.service.stop().await;
    assert!(status.success(), "{status}");
    let mut acknowledged = 0;
    for id in ids {
        // Those that found nobody listening any more were not begun.
        if let Some(answer) = id.await.expect("no panic") {
            assert_eq!(answer.status, 201, "{}", answer.text);
            acknowledged += 1;
        }
    }
    let service = Service::start(&world.options).await;
    let count = world.owner.at(&service.address).get("/api/customers/").await.expect(200).json()["count"].as_u64();
    assert!(count >= Some(acknowledged), "{count:?} of {acknowledged}");
}

#[tokio::test]
async fn a_data_directory_is_for_one_service_at_a_time() {
    let world = World::new().await;
    let output = program::run(command(&world.options, &["serve", "--listen", "127.0.0.1:0"]), "").await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("another kith runs on"), "{said}");
    let _ = world.owner.get("/api/customers/").await.expect(200);
}

#[tokio::test]
async fn health_and_metrics_are_told_without_a_token() {
    let world = World::new().await;
    let nobody = world.service.api("");
    let _ = nobody.get("/health/live").await.expect(200);
    let _ = nobody.get("/health/ready").await.expect(200);
    let metrics = nobody.get("/metrics").await.expect(200).text;
    assert!(metrics.contains("# TYPE"), "{metrics}");
    let document = nobody.get("/openapi.json").await.expect(200).json();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..2]), Some("3."));
    assert!(nobody.get("/docs").await.expect(200).text.contains("swagger"), "a page to try the API on");
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait() {
    let world = World::new().await;
    let limited = world.options.clone().env("KITH_RATE_LIMIT", "5");
    let status = world.service.stop().await;
    assert!(status.success());
    let service = Service::start(&limited).await;
    let owner = world.owner.at(&service.address);
    let answers = futures_util::future::join_all((0..40).map(|_| owner.get("/api/customers/"))).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty());
    assert!(refused.iter().all(|answer| answer.header("Retry-After").is_some() && answer.json()["code"].is_string()));
}
