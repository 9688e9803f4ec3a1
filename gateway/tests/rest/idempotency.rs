//! `Idempotency-Key`.

use poem::http::Method;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_repeated_request_has_one_effect_and_one_answer() {
    let house = House::start().await;
    let owner = house.owner().await;
    let key = [("idempotency-key", "abc")];
    let body = json!({ "name": "Jane", "email": "jane@example.com" });
    let create = async |body| house.ask(Some(&owner), Method::POST, "/api/customers/", &key, Some(&body)).await;
    let (one, other) = tokio::join!(create(body.clone()), create(body.clone()));
    assert_eq!((one.status, &one.text), (other.status, &other.text), "also at the same moment");
    let first = one.is(201);
    let reordered = json!({ "email": "jane@example.com", "name": "Jane" });
    let repeat = create(reordered).await.is(201);
    assert_eq!((repeat.text, repeat.headers.get("location")), (first.text, first.headers.get("location")));
    create(json!({ "name": "John", "email": "john@example.com" })).await.problem(422, "idempotency.key_reused");
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 1);

    let path = first.headers.get("location").expect("a place").to_str().expect("text").to_owned();
    let points = json!({ "points": 10 });
    let target = format!("{path}update_points/");
    let give = async |path: &str| house.ask(Some(&owner), Method::POST, path, &[("idempotency-key", "p")], Some(&points)).await;
    assert_eq!(give(&target).await.is(200).json()["loyalty_points"], 10);
    house.post(Some(&owner), &target, &points).await.is(200);
    assert_eq!(give(&target).await.is(200).json()["loyalty_points"], 10, "as it was the first time");
    assert_eq!(give(target.trim_end_matches('/')).await.is(200).json()["loyalty_points"], 10);
    assert_eq!(house.get(&owner, &path).await.json()["loyalty_points"], 20);
    give(&format!("{path}orders/")).await.problem(400, "request.invalid");
    for bad in ["", &"x".repeat(201), "ключ"] {
        let answer = house.ask(Some(&owner), Method::POST, &target, &[("idempotency-key", bad)], Some(&points)).await;
        answer.problem(400, "request.invalid_parameter");
    }
    for other in ["r", "q"] {
        let keys = [("idempotency-key", "q"), ("idempotency-key", other)];
        let answer = house.ask(Some(&owner), Method::POST, &target, &keys, Some(&points)).await;
        let refused = answer.problem(400, "request.invalid_parameter");
        assert_eq!(refused["error"], "The header Idempotency-Key is given more than once.");
    }
    assert_eq!(house.get(&owner, &path).await.json()["loyalty_points"], 20);
}
