//! `/api/auth/password/`.

use events::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::house::{Answer, House, PASSWORD, Somebody};

const NEW: &str = "another horse entirely";

async fn change(house: &House, who: &Somebody, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    house.post(Some(who), "/api/auth/password/", &body).await
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn everybody_changes_their_own_password_and_all_earlier_tokens_end() {
    let house = House::start().await;
    let owner = house.owner().await;
    for role in [Role::Viewer, Role::Agent, Role::Provider, Role::Admin] {
        let here = house.somebody(&owner.tenant, role).await;
        let elsewhere = house.sign_in(&owner.tenant, &here.email).await;
        let answer = change(&house, &here, PASSWORD, NEW).await.is(200);
        assert!(!answer.text.contains(NEW));
        let pair = answer.json();
        let next = Somebody { access: text(&pair, "access"), refresh: text(&pair, "refresh"), ..here.clone() };
        assert_eq!(house.get(&next, "/api/auth/me/").await.is(200).json()["email"], here.email.as_str());
        for old in [&here, &elsewhere] {
            house.get(old, "/api/auth/me/").await.problem(401, "auth.unauthenticated");
            let refresh = json!({ "refresh": old.refresh });
            house.post(None, "/api/auth/token/refresh/", &refresh).await.problem(401, "auth.refresh_refused");
        }
        house.post(None, "/api/auth/token/refresh/", &json!({ "refresh": next.refresh })).await.is(200);
        let sign_in = async |password: &str| {
            house.post(None, "/api/auth/token/", &json!({ "email": here.email, "password": password })).await
        };
        sign_in(PASSWORD).await.problem(401, "auth.wrong_credentials");
        sign_in(NEW).await.is(200);
    }
}

#[tokio::test]
async fn a_wrong_current_password_changes_nothing() {
    let house = House::start().await;
    let owner = house.owner().await;
    let user = house.get(&owner, "/api/users/").await.json()["results"][0]["id"].as_str().expect("an id").to_owned();
    let version = async || house.get(&owner, &format!("/api/users/{user}/")).await.wanted("etag");
    let before = version().await;
    let problem = change(&house, &owner, "not the password", NEW).await.problem(400, "auth.wrong_password");
    assert!(problem["errors"]["current_password"].is_array(), "{problem}");
    let short = change(&house, &owner, PASSWORD, "short").await.problem(400, "request.invalid");
    assert!(short["errors"]["new_password"].is_array(), "{short}");
    house.ask(None, Method::POST, "/api/auth/password/", &[], Some(&json!({}))).await.problem(401, "auth.unauthenticated");
    house.get(&owner, "/api/auth/me/").await.is(200);
    assert_eq!(version().await, before, "nothing is recorded");
    change(&house, &owner, PASSWORD, NEW).await.is(200);
}

#[tokio::test]
async fn of_two_changes_at_once_one_holds() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (one, other) = tokio::join!(change(&house, &owner, PASSWORD, NEW), change(&house, &owner, PASSWORD, "a third horse"));
    let held: Vec<_> = [(one, NEW), (other, "a third horse")].into_iter().filter(|(answer, _)| answer.status == 200).collect();
    let [(_, password)] = held.as_slice() else { panic!("{held:?}") };
    house.post(None, "/api/auth/token/", &json!({ "email": owner.email, "password": password })).await.is(200);
}

#[tokio::test]
async fn guesses_are_counted_as_those_of_a_sign_in_are() {
    let house = House::start().await;
    let owner = house.owner().await;
    let mut guesses = Vec::new();
    for _ in 0..11 {
        guesses.push(change(&house, &owner, "not the password", NEW).await);
    }
    // Signing in was the first of ten.
    let refused = guesses.pop().expect("a refusal");
    assert_eq!(refused.wanted("ratelimit-policy"), "\"sign-in-account\";q=10;w=60");
    refused.problem(429, "rate_limit.exceeded");
    house.get(&owner, "/api/auth/me/").await.is(200);
}
