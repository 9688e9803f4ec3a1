//! `kith serve --demo`: what a newcomer sees first.

use kith_tests::socket::Socket;
use kith_tests::{Api, Service, ServiceOptions, recount};
use serde_json::json;

fn options(dir: &tempfile::TempDir) -> ServiceOptions {
    ServiceOptions { arguments: vec!["--demo".into()], ..ServiceOptions::on(dir.path()) }
}

/// The logins that are printed: email, password, role.
fn logins(service: &Service) -> Vec<(String, String, String)> {
    let printed = service.printed();
    let lines = printed.lines().filter(|line| line.contains("@demo.kith.example"));
    let words = lines.map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.map(|words| (words[0].clone(), words[1].clone(), words[2].clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_there_once_and_its_logins_work() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let service = Service::start(&options(&dir)).await;
    let printed = logins(&service);
    assert_eq!(printed.len(), 6, "{}", service.printed());
    for (email, password, role) in &printed {
        let api = Api::sign_in(&service.address, email, password).await;
        assert_eq!(api.get("/api/auth/me/").await.expect(200).json()["role"], *role, "{email}");
    }
    let (email, password, _) = &printed[0];
    let owner = Api::sign_in(&service.address, email, password).await;
    let stats = owner.get("/api/customers/stats/").await.expect(200).json();
    assert_eq!(stats["total_customers"], 2_024);
    assert!(stats["customers_by_tier"].as_object().expect("tiers").values().all(|count| count.as_u64() > Some(20)), "{stats}");
    let first = owner.get("/api/customers/?search=john%20doe").await.expect(200).json();
    assert_eq!(first["results"][0]["email"], "john@example.com");
    assert_eq!(first["results"][0]["tenant_name"], "Kith Demo Restaurant");
    let mut list = Socket::open(&owner, "/ws/customers/").await;
    list.say(&json!({ "type": "filter_customers", "filters": { "has_email": "false", "has_phone": "false" } })).await;
    let bare = list.next("customers_list").await;
    assert_eq!(bare["pagination"]["count"], 24, "they only wrote over a channel: {bare}");
    recount::compare(&recount::log_of(dir.path()).await, "demo", &owner).await;
    assert!(service.stop().await.success());

    let again = Service::start(&options(&dir)).await;
    assert_eq!(logins(&again), printed);
    assert_eq!(owner.at(&again.address).get("/api/customers/stats/").await.expect(200).json(), stats);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_that_was_interrupted_is_completed_without_doubles() {
    let (dir, whole) = (tempfile::tempdir().expect("a temporary directory"), tempfile::tempdir().expect("another"));
    // Three times killed while it makes the demo, each time a little later.
    for customers in [1_u64, 300, 1_200] {
        let mut child = kith_tests::program::command(dir.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]);
        let mut child =
            child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("kith serve");
        kith_tests::until("some customers are in the log", || async {
            let address = event_log::managed::running_address(dir.path())?;
            let log = event_log::Log::connect(&address.url, event_log::LogOptions::default()).await.ok()?;
            let head = log.head(events::subject::Partition(0)).await.ok()?;
            (head.0 > customers).then_some(())
        })
        .await;
        child.kill().await.expect("killed");
    }
    let (one, other) = (Service::start(&options(&dir)).await, Service::start(&options(&whole)).await);
    let (email, password, _) = &logins(&one)[0];
    let owner = Api::sign_in(&one.address, email, password).await;
    let reference = Api::sign_in(&other.address, email, password).await;
    let stats = |api: Api| async move { api.get("/api/customers/stats/").await.expect(200).json() };
    assert_eq!(stats(owner.clone()).await["customers_by_tier"], stats(reference).await["customers_by_tier"]);
    recount::compare(&recount::log_of(dir.path()).await, "demo", &owner).await;
}
