//! Versions, positions, and whether to wait.

use poem::http::Method;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn versions_guard_changes_and_spare_bodies() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let first = house.get(&owner, &path).await.is(200).wanted("etag");
    let get = async |tag: &str| house.ask(Some(&owner), Method::GET, &path, &[("if-none-match", tag)], None).await;
    let unchanged = get(&first).await.is(304);
    assert_eq!((unchanged.text.as_str(), unchanged.wanted("etag")), ("", first.clone()));
    let patch = async |tag: &str, city: &str| {
        house.ask(Some(&owner), Method::PATCH, &path, &[("if-match", tag)], Some(&json!({ "city": city }))).await
    };
    let second = patch(&first, "Jakarta").await.is(200).wanted("etag");
    assert_ne!(first, second);
    let lost = patch(&first, "Bandung").await;
    assert_eq!(lost.wanted("etag"), "\"2\"");
    assert!(second.starts_with("\"2-"), "{second}");
    lost.problem(412, "version.mismatch");
    patch(&format!("{first}, {second}"), "Bogor").await.is(200);
    patch("*", "Depok").await.is(200);
    patch("\"4\"", "Bekasi").await.is(200);
    patch("\"5-somebody-elses\", \"6\"", "Depok").await.is(200);
    patch("7", "Medan").await.problem(400, "request.invalid_parameter");
    get(&first).await.is(200);
    assert_eq!(house.get(&owner, &path).await.json()["city"], "Depok");
}

/// A body shows more than the thing itself: the entity tag is the body's, and only the version in it guards changes.
#[tokio::test]
async fn a_body_that_shows_something_else_has_another_tag() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let (tags, vip) = (format!("{path}tags/"), json!({ "tags": ["VIP"] }));
    let tag = house.post(Some(&owner), "/api/tags/", &json!({ "name": "VIP" })).await.is(201).wanted("location");
    house.post(Some(&owner), &tags, &vip).await.is(200);
    let get = async |path: &str, tag: &str| house.ask(Some(&owner), Method::GET, path, &[("if-none-match", tag)], None).await;
    let known = (house.get(&owner, &path).await.wanted("etag"), house.get(&owner, &tags).await.wanted("etag"));
    get(&path, &format!("\"x\", W/{}", known.0)).await.is(304);
    get(&tags, &known.1).await.is(304);
    get(&tags, "*").await.is(304);

    house.patch(&owner, "/api/tenant/", &json!({ "name": "Your Restaurant" })).await.is(200);
    let shown = get(&path, &known.0).await.is(200);
    assert_eq!(shown.json()["tenant_name"], "Your Restaurant");
    assert_ne!(shown.wanted("etag"), known.0);
    house.patch(&owner, &tag, &json!({ "name": "Regular" })).await.is(200);
    let shown = get(&tags, &known.1).await.is(200);
    assert_eq!(shown.json()["tags"][0]["name"], "Regular");

    // The customer is the one that the client knows, whatever the tenant is called.
    let condition = [("if-match", known.0.as_str())];
    house.ask(Some(&owner), Method::PATCH, &path, &condition, Some(&json!({ "city": "Depok" }))).await.is(200);
    house.ask(Some(&owner), Method::PATCH, &path, &condition, Some(&json!({ "city": "Bogor" }))).await.is(412);
}

#[tokio::test]
async fn positions_tie_reads_to_writes() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({ "name": "Jane", "email": "jane@example.com" });
    let headers = [("prefer", "respond-async")];
    let accepted = house.ask(Some(&owner), Method::POST, "/api/customers/", &headers, Some(&body)).await.is(202);
    assert_eq!(accepted.wanted("preference-applied"), "respond-async");
    let position = accepted.json()["position"].as_u64().expect("a position");
    assert_eq!(accepted.wanted("kith-position"), position.to_string());
    let list = house.get(&owner, &format!("/api/customers/?min_position={position}")).await.is(200);
    assert_eq!(list.json()["count"], 1);
    let ahead = house.get(&owner, &format!("/api/customers/?min_position={}", position + 1000)).await;
    ahead.problem(400, "request.invalid_parameter");
}

#[tokio::test]
async fn who_asks_for_what_the_read_models_do_not_show_yet_is_told_to_wait() {
    let mut house = House::start().await;
    let owner = house.owner().await;
    house.stop_read_models().await;
    let body = json!({ "name": "Jane", "email": "jane@example.com" });
    // A write is answered all the same: it is recorded.
    let position = house.post(Some(&owner), "/api/customers/", &body).await.is(201).wanted("kith-position");
    let late = house.get(&owner, &format!("/api/auth/me/?min_position={position}")).await;
    assert!(late.wanted("retry-after").parse::<u64>().expect("seconds") >= 1);
    late.problem(503, "position.not_yet_reached");
}
