//! `/api/pages/`: accounts in channels, and secrets that go in and never come out.

use events::{Position, Role};
use poem::http::Method;
use serde_json::{Value, json};

use crate::channels::{connect, sends_to};
use crate::fake::FakeChannel;
use crate::house::House;

const SECRETS: [&str; 4] = ["EAAB-the-access-token", "the-app-secret", "the-verify-token", "the-path-of-a-hook"];

fn secrets(channel: &FakeChannel) -> Value {
    let [access_token, app_secret, verify_token, path] = SECRETS;
    let outbound_url = format!("{}/{path}", channel.url);
    json!({ "access_token": access_token, "app_secret": app_secret, "verify_token": verify_token, "outbound_url": outbound_url })
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let channel = FakeChannel::start().await;
    let house = House::start_with(sends_to(&channel)).await;
    let owner = house.owner().await;
    let id = connect(&house, &owner, "messenger", "100", secrets(&channel)).await;
    let path = format!("/api/pages/{id}/");
    let shown = house.get(&owner, &path).await.is(200);
    for flag in ["has_access_token", "has_app_secret", "has_verify_token", "has_outbound_url", "is_connected"] {
        assert_eq!(shown.json()[flag], true, "{flag}");
    }
    assert_eq!(shown.json()["delivery"], "webhook");
    let mut said = shown.text;
    for path in ["/api/pages/", "/api/v1/events/", "/api/v1/audit-trail/", "/api/v1/field-history/"] {
        said.push_str(&house.get(&owner, path).await.is(200).text);
    }
    let erased = json!({ "outbound_url": null, "verify_token": "", "name": "Renamed" });
    let changed = house.patch(&owner, &path, &erased).await.is(200);
    assert_eq!(changed.json()["name"], "Renamed");
    assert_eq!(changed.json()["delivery"], "send_api");
    assert_eq!((&changed.json()["has_verify_token"], &changed.json()["has_app_secret"]), (&json!(false), &json!(true)));
    said.push_str(&changed.text);
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret} was shown");
    }
    let commits = house.state.log.page(&event_log::Selection::all(owner.tenant.clone()), Position::START, 100).await;
    let text = format!("{:?}", commits.expect("a log"));
    assert!(text.contains("Connected"), "the events are there");
    assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "a secret is an event");
}

#[tokio::test]
async fn an_account_is_one_page_for_ever() {
    let house = House::start().await;
    let owner = house.owner().await;
    let id = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let body = json!({ "source": "telegram", "external_id": " bot-1 ", "name": "telegram bot-1" });
    house.post(Some(&owner), "/api/pages/", &body).await.problem(409, "page.account_taken");
    let renamed = json!({ "source": "telegram", "external_id": "bot-1", "name": "Another name" });
    house.post(Some(&owner), "/api/pages/", &renamed).await.problem(409, "page.account_taken");
    house.delete(&owner, &format!("/api/pages/{id}/")).await.is(204);
    house.delete(&owner, &format!("/api/pages/{id}/")).await.is(204);
    let gone = house.get(&owner, &format!("/api/pages/{id}/")).await.is(200).json();
    assert_eq!(gone["is_connected"], false);
    let again = house.post(Some(&owner), "/api/pages/", &body).await.is(201);
    assert_eq!(again.json()["id"], id.as_str());
    assert_eq!(again.wanted("location"), format!("/api/pages/{id}/"));
    let list = house.get(&owner, "/api/pages/").await.is(200).json();
    assert_eq!((&list["count"], &list["results"][0]["is_connected"]), (&json!(1), &json!(true)));
    // Another tenant may have the same account, as a page of its own.
    let other = house.owner().await;
    assert_ne!(connect(&house, &other, "telegram", "bot-1", json!({})).await, id);
}

#[tokio::test]
async fn a_repeated_request_connects_once() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({ "source": "messenger", "external_id": 100, "name": "Shop", "app_secret": "s" });
    let keyed = || house.ask(Some(&owner), Method::POST, "/api/pages/", &[("idempotency-key", "k1")], Some(&body));
    let (first, second) = (keyed().await.is(201).json(), keyed().await.is(201).json());
    assert_eq!(first["id"], second["id"]);
    assert_eq!(second["has_app_secret"], true);
}

#[tokio::test]
async fn disconnecting_erases_what_opened_the_channel() {
    let house = House::start().await;
    let owner = house.owner().await;
    let id = connect(&house, &owner, "messenger", "100", json!({ "access_token": "a", "app_secret": "b" })).await;
    let path = format!("/api/pages/{id}/");
    assert_eq!(house.get(&owner, &path).await.json()["delivery"], "send_api");
    house.delete(&owner, &path).await.is(204);
    let gone = house.get(&owner, &path).await.is(200).json();
    assert_eq!(
        (&gone["has_access_token"], &gone["has_app_secret"], &gone["delivery"]),
        (&json!(false), &json!(false), &json!("nowhere"))
    );
}

#[tokio::test]
async fn a_page_of_somebody_else_is_denied_whether_it_is_there_or_not() {
    let house = House::start().await;
    let (owner, other) = (house.owner().await, house.owner().await);
    let id = connect(&house, &owner, "messenger", "100", json!({ "app_secret": "s" })).await;
    for id in [id.as_str(), "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11", "no%20id"] {
        let path = format!("/api/pages/{id}/");
        let denied = house.get(&other, &path).await.problem(403, "page.access_denied");
        assert_eq!(denied["error"], "Page access denied");
        house.patch(&other, &path, &json!({ "name": "Mine", "app_secret": "x" })).await.problem(403, "page.access_denied");
        house.delete(&other, &path).await.problem(403, "page.access_denied");
    }
    assert_eq!(house.get(&other, "/api/pages/").await.is(200).json()["count"], 0);
}

#[tokio::test]
async fn managers_manage_pages_and_agents_look_at_them() {
    let house = House::start().await;
    let owner = house.owner().await;
    let id = connect(&house, &owner, "telegram", "bot-1", json!({})).await;
    let path = format!("/api/pages/{id}/");
    let body = json!({ "source": "telegram", "external_id": "bot-2", "name": "Other" });
    for role in [Role::Agent, Role::Viewer] {
        let who = house.somebody(&owner.tenant, role).await;
        house.get(&who, &path).await.is(200);
        house.post(Some(&who), "/api/pages/", &body).await.problem(403, "auth.forbidden");
        house.patch(&who, &path, &json!({ "name": "x" })).await.problem(403, "auth.forbidden");
        house.delete(&who, &path).await.problem(403, "auth.forbidden");
    }
    let admin = house.somebody(&owner.tenant, Role::Admin).await;
    house.post(Some(&admin), "/api/pages/", &body).await.is(201);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let house = House::start().await;
    let owner = house.owner().await;
    let good = json!({ "source": "messenger", "external_id": "100", "name": "Shop" });
    for (field, value) in [
        ("source", json!("fax")),
        ("source", json!(null)),
        ("external_id", json!("")),
        ("external_id", json!("x".repeat(129))),
        ("name", json!(" ")),
        ("name", json!("x".repeat(201))),
        ("access_token", json!("two words")),
        ("app_secret", json!(7)),
        ("outbound_url", json!("http://169.254.169.254/")),
        ("pickup", json!("yes")),
        ("typo", json!(1)),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = house.post(Some(&owner), "/api/pages/", &body).await;
        assert_eq!(answer.status, 400, "{field} {value}: {}", answer.text);
        assert!(answer.json()["errors"][field].is_array(), "{field} {value}: {}", answer.text);
    }
    let token = json!({ "source": "telegram", "external_id": "1", "name": "Bot", "access_token": "t" });
    let answer = house.post(Some(&owner), "/api/pages/", &token).await.problem(400, "request.invalid");
    assert!(answer["errors"]["access_token"].is_array());
    assert_eq!(house.get(&owner, "/api/pages/").await.is(200).json()["count"], 0);
}
