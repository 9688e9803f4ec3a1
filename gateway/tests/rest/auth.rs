//! `/api/auth/`.

use std::time::Duration;

use events::Role;
use gateway::DoorOptions;
use gateway::auth::token::REFRESH_SECONDS;
use poem::http::Method;
use serde_json::json;

use crate::house::{House, PASSWORD};

#[tokio::test]
async fn tokens_open_the_door_and_me_says_whose_they_are() {
    let house = House::start().await;
    let owner = house.owner().await;
    let me = house.get(&owner, "/api/auth/me/").await.is(200).json();
    assert_eq!((&me["email"], &me["role"]), (&json!(owner.email), &json!("owner")));
    assert_eq!((&me["tenant"], &me["tenant_name"]), (&json!(owner.tenant.as_str()), &json!("My Restaurant")));
    let nobody = house.ask(None, Method::GET, "/api/customers/", &[], None).await;
    assert_eq!(nobody.wanted("www-authenticate"), "Bearer");
    nobody.problem(401, "auth.unauthenticated");
    for authorization in ["Bearer x", "Bearer ", "Basic abc", &format!("Bearer {}", owner.refresh)] {
        let answer = house.ask(None, Method::GET, "/api/customers/", &[("authorization", authorization)], None).await;
        answer.problem(401, "auth.unauthenticated");
    }
}

#[tokio::test]
async fn wrong_credentials_are_one_answer() {
    let house = House::start().await;
    let owner = house.owner().await;
    let mut answers = Vec::new();
    for (email, password) in [(owner.email.as_str(), "wrong password"), ("nobody@example.com", PASSWORD)] {
        let body = json!({ "email": email, "password": password });
        let mut problem = house.post(None, "/api/auth/token/", &body).await.problem(401, "auth.wrong_credentials");
        problem["correlation_id"] = json!("");
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
    house.post(None, "/api/auth/token/", &json!({ "email": owner.email })).await.problem(400, "request.invalid");
    let long = json!({ "email": owner.email, "password": "x".repeat(300) });
    house.post(None, "/api/auth/token/", &long).await.problem(400, "request.invalid");
    let elsewhere = json!({ "email": owner.email, "password": PASSWORD, "tenant": "elsewhere" });
    house.post(None, "/api/auth/token/", &elsewhere).await.problem(401, "auth.wrong_credentials");
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_family() {
    let house = House::start().await;
    let owner = house.owner().await;
    let refresh = async |token: &str| house.post(None, "/api/auth/token/refresh/", &json!({ "refresh": token })).await;
    let second = refresh(&owner.refresh).await.is(200).json();
    let third = refresh(second["refresh"].as_str().expect("a token")).await.is(200).json();
    let access = third["access"].as_str().expect("a token").to_owned();
    let authorization = format!("Bearer {access}");
    let me = async || house.ask(None, Method::GET, "/api/auth/me/", &[("authorization", authorization.as_str())], None).await;
    me().await.is(200);
    refresh(&owner.refresh).await.problem(401, "auth.refresh_refused");
    // The thief's reuse ended everything that the sign-in gave.
    refresh(third["refresh"].as_str().expect("a token")).await.problem(401, "auth.refresh_refused");
    me().await.problem(401, "auth.unauthenticated");
    refresh(&owner.access).await.problem(401, "auth.refresh_refused");
    refresh("nonsense").await.problem(401, "auth.refresh_refused");
}

#[tokio::test]
async fn a_family_goes_by_itself_when_its_newest_token_has_expired() {
    let house = House::start().await;
    let owner = house.owner().await;
    let session = house.state.auth.session(&owner.access).await.expect("an answer").expect("a session");
    let key = format!("refresh.{}.{}.{}", session.tenant, session.user, session.family);
    let kept = async || house.state.log.secrets().get(&key).await.expect("an answer").expect("the family");
    let (first, good) = (kept().await, Duration::from_secs(REFRESH_SECONDS));
    assert_eq!(first.ttl, Some(good));
    house.post(None, "/api/auth/token/refresh/", &json!({ "refresh": owner.refresh })).await.is(200);
    let second = kept().await;
    assert!(second.revision > first.revision && second.ttl == Some(good), "the next token has a time of its own");
}

#[tokio::test]
async fn two_refreshes_at_once_are_a_reuse() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({ "refresh": owner.refresh });
    let (one, other) =
        tokio::join!(house.post(None, "/api/auth/token/refresh/", &body), house.post(None, "/api/auth/token/refresh/", &body));
    let good = [&one, &other].into_iter().filter(|answer| answer.status == 200).count();
    assert!(good <= 1, "at most one may win");
}

#[tokio::test]
async fn signing_out_ends_all_tokens_of_the_sign_in() {
    let house = House::start().await;
    let owner = house.owner().await;
    let elsewhere = house.sign_in(&owner.tenant, &owner.email).await;
    let body = json!({ "refresh": owner.refresh });
    house.post(None, "/api/auth/logout/", &body).await.is(204);
    house.post(None, "/api/auth/logout/", &body).await.is(204);
    house.get(&owner, "/api/auth/me/").await.problem(401, "auth.unauthenticated");
    house.post(None, "/api/auth/token/refresh/", &body).await.problem(401, "auth.refresh_refused");
    house.get(&elsewhere, "/api/auth/me/").await.is(200);
}

#[tokio::test]
async fn an_account_in_several_tenants_names_one() {
    let house = House::start().await;
    let (one, other) = (house.owner().await, house.owner().await);
    let user = json!({ "email": one.email, "name": "Both", "role": "viewer", "password": PASSWORD });
    house.post(Some(&other), "/api/users/", &user).await.is(201);
    let ask = json!({ "email": one.email, "password": PASSWORD });
    let problem = house.post(None, "/api/auth/token/", &ask).await.problem(400, "request.invalid");
    assert!(problem["errors"]["tenant"].is_array());
    let ask = json!({ "email": one.email, "password": PASSWORD, "tenant": other.tenant.as_str() });
    assert_eq!(house.post(None, "/api/auth/token/", &ask).await.is(200).json()["user"]["role"], "viewer");
}

#[tokio::test]
async fn a_guess_is_the_same_work_in_however_many_tenants_the_address_is() {
    let house = House::start().await;
    let (one, other) = (house.owner().await, house.owner().await);
    let user = json!({ "email": one.email, "name": "Both", "role": "viewer", "password": PASSWORD });
    house.post(Some(&other), "/api/users/", &user).await.is(201);
    let mut ear = house.server().overhear().await.expect("an ear");
    let mut work = Vec::new();
    for (email, tenant) in [
        ("nobody@example.com", None),
        (other.email.as_str(), None),
        (one.email.as_str(), None),
        (one.email.as_str(), Some("elsewhere")),
        (one.email.as_str(), Some(other.tenant.as_str())),
    ] {
        let mut guess = json!({ "email": email, "password": "wrong password" });
        tenant.into_iter().for_each(|tenant| guess["tenant"] = json!(tenant));
        house.post(None, "/api/auth/token/", &guess).await.problem(401, "auth.wrong_credentials");
        let passed = ear.so_far().await.expect("what passed");
        let lookups =
            passed.iter().filter(|(_, payload)| String::from_utf8_lossy(payload).contains("$KV.kith_secrets.password."));
        work.push(lookups.count());
    }
    assert_eq!(work, [4, 4, 4, 1, 1], "passwords that are looked up and checked");
}

#[tokio::test]
async fn who_tries_too_often_is_told_to_wait() {
    let house = House::start_with(DoorOptions { requests_per_second: 5, ..DoorOptions::default() }).await;
    let tenant = house.tenant("My Restaurant").await;
    let owner = house.somebody(&tenant, Role::Owner).await;
    let body = json!({ "email": "jane@example.com", "password": "wrong password", "tenant": tenant.as_str() });
    let mut refused = None;
    for _ in 0..11 {
        let answer = house.post(None, "/api/auth/token/", &body).await;
        if answer.status == 429 {
            refused = Some(answer);
        }
    }
    let refused = refused.expect("a refusal");
    assert!(refused.wanted("retry-after").parse::<u64>().expect("seconds") >= 1);
    assert_eq!(refused.wanted("ratelimit-policy"), "\"sign-in-account\";q=10;w=60");
    refused.problem(429, "rate_limit.exceeded");

    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(house.get(&owner, "/api/auth/me/").await);
    }
    assert!(answers[0].wanted("ratelimit").starts_with("\"requests\";r="));
    assert!(answers.iter().any(|answer| answer.status == 429));
}
