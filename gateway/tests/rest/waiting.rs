//! Waiting for the read models, many at once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use poem::http::Method;
use serde_json::json;

use crate::house::House;

const MANY: usize = 64;

#[tokio::test]
async fn many_who_wait_for_positions_all_see_them() {
    let house = House::start().await;
    let owner = house.owner().await;
    let write = async |n: usize| {
        let body = json!({ "name": format!("Customer {n}"), "email": format!("c{n}@example.com") });
        let headers = [("prefer", "respond-async")];
        let accepted = house.ask(Some(&owner), Method::POST, "/api/customers/", &headers, Some(&body)).await.is(202);
        (n, accepted.wanted("kith-position"))
    };
    let read = async |n: usize, position: &str| {
        let path = format!("/api/customers/?search=c{n}@example.com&min_position={position}");
        assert_eq!(house.get(&owner, &path).await.is(200).json()["count"], 1, "customer {n} at {position}");
    };
    // Each waits for its own write, while others write.
    join_all((0..MANY).map(async |n| {
        let (n, position) = write(n).await;
        read(n, &position).await;
    }))
    .await;
    // All wait for the same one.
    let (last, position) = write(MANY).await;
    join_all((0..MANY).map(async |_| read(last, &position).await)).await;
}

#[tokio::test]
async fn many_who_wait_in_vain_are_told_together() {
    let mut house = House::start().await;
    let owner = house.owner().await;
    house.stop_read_models().await;
    let begin = Instant::now();
    let writes = join_all((0..MANY).map(async |n| {
        let body = json!({ "name": "Jane", "email": format!("c{n}@example.com") });
        // Recorded, though not shown in time.
        house.post(Some(&owner), "/api/customers/", &body).await.is(201).wanted("kith-position")
    }))
    .await;
    let position = writes.iter().filter_map(|position| position.parse::<u64>().ok()).max().expect("a position");
    let path = format!("/api/customers/?min_position={position}");
    join_all((0..MANY).map(async |_| {
        let answer = house.get(&owner, &path).await;
        assert_eq!(answer.wanted("retry-after"), "1");
        answer.problem(503, "position.not_yet_reached");
    }))
    .await;
    assert!(begin.elapsed() < Duration::from_secs(30), "they wait side by side: {:?}", begin.elapsed());
}
