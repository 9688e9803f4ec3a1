//! `/api/users/`.

use events::Role;
use poem::http::Method;
use serde_json::json;

use crate::house::{House, PASSWORD};

#[tokio::test]
async fn users_are_added_listed_changed_and_sign_in() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({ "email": "sari@example.com", "name": "Sari", "role": "agent", "password": PASSWORD });
    let created = house.post(Some(&owner), "/api/users/", &body).await.is(201);
    let path = created.wanted("location");
    assert!(!created.text.contains(PASSWORD));
    let sari = house.sign_in(&owner.tenant, "sari@example.com").await;
    house.get(&sari, "/api/customers/").await.is(200);
    assert_eq!(house.get(&owner, "/api/users/").await.is(200).json()["count"], 2);
    let user = house.get(&owner, &path).await.is(200);
    assert_eq!(user.wanted("etag"), created.wanted("etag"));

    // A new role and a deactivation take effect at once.
    house.patch(&owner, &path, &json!({ "role": "viewer", "name": "Sari Dewi" })).await.is(200);
    house
        .post(Some(&sari), "/api/customers/", &json!({ "name": "J", "email": "j@example.com" }))
        .await
        .problem(403, "auth.forbidden");
    house.patch(&owner, &path, &json!({ "is_active": false })).await.is(200);
    house.get(&sari, "/api/customers/").await.problem(401, "auth.unauthenticated");
    let body = json!({ "email": "sari@example.com", "password": PASSWORD });
    house.post(None, "/api/auth/token/", &body).await.problem(401, "auth.wrong_credentials");

    // A new password ends all tokens.
    house.patch(&owner, &path, &json!({ "is_active": true })).await.is(200);
    let sari = house.sign_in(&owner.tenant, "sari@example.com").await;
    house.patch(&owner, &path, &json!({ "password": "another password" })).await.is(200);
    house.get(&sari, "/api/auth/me/").await.problem(401, "auth.unauthenticated");
    let refresh = json!({ "refresh": sari.refresh });
    house.post(None, "/api/auth/token/refresh/", &refresh).await.problem(401, "auth.refresh_refused");
}

#[tokio::test]
async fn what_users_must_be_is_told() {
    let house = House::start().await;
    let owner = house.owner().await;
    let user =
        |email: &str, role: &str, password: &str| json!({ "email": email, "name": "S", "role": role, "password": password });
    let add = async |body| house.post(Some(&owner), "/api/users/", &body).await;
    let short = add(user("s@example.com", "agent", "short")).await.problem(400, "request.invalid");
    assert!(short["errors"]["password"].is_array());
    add(user("s@example.com", "king", PASSWORD)).await.problem(400, "request.invalid");
    add(user("nothing", "agent", PASSWORD)).await.problem(400, "user.invalid");
    add(user("s@example.com", "operator", PASSWORD)).await.problem(400, "user.operator_outside_platform");
    add(user("s@example.com", "agent", PASSWORD)).await.is(201);
    add(user("S@example.com", "agent", PASSWORD)).await.problem(409, "user.email_taken");
    let me = house.get(&owner, "/api/auth/me/").await.json()["id"].as_str().expect("an id").to_owned();
    let half = json!({ "name": "Changed", "role": "viewer" });
    house.patch(&owner, &format!("/api/users/{me}/"), &half).await.problem(403, "user.own_role");
    assert_eq!(house.get(&owner, &format!("/api/users/{me}/")).await.json()["name"], "The owner", "nothing is half done");
    house.get(&owner, "/api/users/nobody/").await.problem(404, "request.not_found");
    house.patch(&owner, "/api/users/nobody/", &json!({ "name": "x" })).await.problem(404, "request.not_found");
}

#[tokio::test]
async fn nobody_lifts_themselves_above_their_own_role() {
    let house = House::start().await;
    let owner = house.owner().await;
    let admin = house.somebody(&owner.tenant, Role::Admin).await;
    let owner_id = house.get(&owner, "/api/auth/me/").await.json()["id"].as_str().expect("an id").to_owned();
    let body = json!({ "email": "s@example.com", "name": "S", "role": "owner", "password": PASSWORD });
    house.post(Some(&admin), "/api/users/", &body).await.problem(403, "auth.forbidden");
    let path = format!("/api/users/{owner_id}/");
    house.patch(&admin, &path, &json!({ "password": "taken over" })).await.problem(403, "auth.forbidden");
    house.patch(&admin, &path, &json!({ "is_active": false })).await.problem(403, "auth.forbidden");
    let other = house.owner().await;
    house.ask(Some(&other), Method::GET, &path, &[], None).await.problem(404, "request.not_found");
    house.post(Some(&owner), "/api/users/", &body).await.is(201);
}
