//! Many clients at once: one winner, nothing lost, nothing twice.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use kith_tests::api::Answer;
use kith_tests::world::{self, Pair};
use kith_tests::{Api, World, recount};
use serde_json::json;

const CLIENTS: usize = 64;

/// One was created, all others were told that the address is taken, and the list has one.
async fn one_wins(answers: Vec<Answer>, api: &Api) {
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(won.len(), 1, "{lost:?}");
    for answer in lost {
        assert_eq!(answer.expect(409).json()["code"], "customer.email_taken");
    }
    assert_eq!(api.all("/api/customers/?search=same@example.com").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_clients_with_the_same_email_one_wins() {
    let world = World::new().await;
    let body = json!({"name": "Same", "email": "same@example.com"});
    let answers = join_all((0..CLIENTS).map(|_| world.owner.post("/api/customers/", &body))).await;
    one_wins(answers, &world.owner).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_two_services_on_one_log_one_wins_and_both_show_it() {
    let pair = Pair::start(None).await;
    let owners = &pair.owners;
    let body = json!({"name": "Same", "email": "same@example.com"});
    let answers = join_all((0..CLIENTS).map(|n| owners[n % 2].post("/api/customers/", &body))).await;
    let position = answers.iter().filter_map(|answer| answer.header("Kith-Position")?.parse::<u64>().ok()).max();
    let position = position.expect("a position");
    one_wins(answers, &owners[0]).await;
    let other = owners[1].get(&format!("/api/customers/?min_position={position}")).await.expect(200).json();
    assert_eq!(other["count"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_two_services_on_one_log_and_one_postgresql_one_wins_and_both_show_it() {
    let database = world::fresh_postgres().await;
    let pair = Pair::start(Some(database)).await;
    let owners = &pair.owners;
    let body = json!({"name": "Same", "email": "same@example.com"});
    let answers = join_all((0..CLIENTS).map(|n| owners[n % 2].post("/api/customers/", &body))).await;
    one_wins(answers, &owners[0]).await;
    assert_eq!(owners[1].all("/api/customers/?search=same@example.com").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_that_64_clients_add_to_one_customer_all_count() {
    let world = World::new().await;
    let api = &world.owner;
    let id = api.post("/api/customers/", &json!({"name": "Busy", "email": "busy@example.com"})).await.expect(201).id();
    let path = format!("/api/customers/{id}/update_points/");
    let client = |client: usize| {
        let path = &path;
        async move {
            for n in 0..10 {
                let body = json!({"points": 1, "reason": format!("{client}/{n}")});
                let _ = api.post(path, &body).await.expect(200);
            }
        }
    };
    join_all((0..CLIENTS).map(client)).await;
    assert_eq!(api.get(&format!("/api/customers/{id}/")).await.expect(200).json()["loyalty_points"], 640);
    let ledger = api.all(&format!("/api/customers/{id}/points/")).await;
    assert_eq!(ledger.len(), 640);
    assert_eq!(recount::reasons(&ledger).into_iter().collect::<BTreeSet<_>>().len(), 640);
    recount::compare(&recount::log_of(world.dir()).await, &world.tenant, api).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_has_one_effect_and_one_answer_also_at_the_same_moment() {
    let world = World::new().await;
    let api = &world.owner;
    let id = api.post("/api/customers/", &json!({"name": "Twice", "email": "twice@example.com"})).await.expect(201).id();
    let path = format!("/api/customers/{id}/update_points/");
    let add = |key: &str, points: i64| {
        let request = api.request(reqwest::Method::POST, &path).header("Idempotency-Key", key);
        api.send(request.json(&json!({"points": points, "reason": "once"})))
    };
    let answers = join_all((0..16).map(|_| add("at-once", 7))).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (200, answers[0].json()), "{}", answer.text);
    }
    let before = add("in-turn", 5).await.expect(200).json();
    let _ = api.post(&path, &json!({"points": 1, "reason": "between"})).await.expect(200);
    assert_eq!(add("in-turn", 5).await.expect(200).json(), before, "the answer of then, not of now");
    let other = add("in-turn", 6).await.expect(422).json();
    assert!(other["code"].is_string() && other["error"].is_string(), "{other}");
    assert_eq!(api.all(&format!("/api/customers/{id}/points/")).await.len(), 3);

    let body = json!({"name": "New", "email": "new@example.com"});
    let create =
        || api.send(api.request(reqwest::Method::POST, "/api/customers/").header("Idempotency-Key", "create").json(&body));
    let created = join_all((0..16).map(|_| create())).await;
    for answer in &created {
        assert_eq!((answer.status, answer.json()), (201, created[0].json()), "{}", answer.text);
    }
    assert_eq!(api.all("/api/customers/?search=new@example.com").await.len(), 1);
}
