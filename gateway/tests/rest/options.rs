//! How the door behaves when it is told to: pages of other origins, and a proxy in front.

use gateway::DoorOptions;
use poem::http::Method;
use serde_json::json;

use crate::house::{Answer, House};

const PAGE: &str = "https://desk.example.com";

async fn from_origin(house: &House, method: Method, origin: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([("origin", origin)]).collect();
    house.ask(None, method, "/api/customers/", &headers, None).await
}

fn with_origins() -> DoorOptions {
    DoorOptions { cors_origins: vec![PAGE.to_owned()], ..DoorOptions::default() }
}

#[tokio::test]
async fn pages_of_an_allowed_origin_may_call_and_see_what_they_need() {
    let house = House::start_with(with_origins()).await;
    let asks = [("access-control-request-method", "PATCH"), ("access-control-request-headers", "authorization,idempotency-key")];
    let preflight = from_origin(&house, Method::OPTIONS, PAGE, &asks).await.is(200);
    assert_eq!(preflight.wanted("access-control-allow-origin"), PAGE);
    assert!(preflight.wanted("access-control-allow-methods").contains("PATCH"));
    assert_eq!(preflight.wanted("access-control-allow-headers"), "authorization,idempotency-key");
    assert_eq!(preflight.header("access-control-allow-credentials"), None, "tokens are shown, not cookies");
    // Also an answer that says no can be read.
    let refused = from_origin(&house, Method::GET, PAGE, &[]).await;
    assert_eq!(refused.wanted("access-control-allow-origin"), PAGE);
    assert!(refused.wanted("access-control-expose-headers").contains("kith-position"));
    refused.problem(401, "auth.unauthenticated");
}

#[tokio::test]
async fn pages_of_other_origins_may_not() {
    let house = House::start_with(with_origins()).await;
    let asks = [("access-control-request-method", "GET")];
    for origin in ["https://evil.example.com", "https://desk.example.com.evil.example", "http://desk.example.com", "null", "ключ"]
    {
        for (method, headers) in [(Method::OPTIONS, &asks[..]), (Method::GET, &[])] {
            let answer = from_origin(&house, method, origin, headers).await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
            answer.problem(403, "request.foreign_origin");
        }
    }
    // The service's own pages are no strangers, and neither is a program that is no page at all.
    from_origin(&house, Method::GET, "http://kith.test", &[]).await.problem(401, "auth.unauthenticated");
    house.ask(None, Method::GET, "/api/customers/", &[], None).await.problem(401, "auth.unauthenticated");
}

#[tokio::test]
async fn without_a_word_about_origins_no_page_elsewhere_is_told_anything() {
    let house = House::start().await;
    for method in [Method::OPTIONS, Method::GET] {
        let answer = from_origin(&house, method, PAGE, &[("access-control-request-method", "GET")]).await;
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{:?}", answer.headers);
    }
}

/// A refresh, with what the client says of where it comes from. All of them come over one connection.
async fn refresh(house: &House, forwarded: &str) -> Answer {
    let body = json!({ "refresh": "none" });
    house.ask(None, Method::POST, "/api/auth/token/refresh/", &[("x-forwarded-for", forwarded)], Some(&body)).await
}

/// How many of so many refreshes get through to be refused for their token.
async fn let_through(house: &House, forwarded: impl Fn(usize) -> String) -> usize {
    let mut count = 0;
    for n in 0..70 {
        count += usize::from(refresh(house, &forwarded(n)).await.status == 401);
    }
    count
}

#[tokio::test]
async fn what_a_client_says_of_its_address_does_not_count() {
    let house = House::start().await;
    assert_eq!(let_through(&house, |n| format!("203.0.113.{n}")).await, 60, "one address, whatever it says");
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_the_proxy_added_counts() {
    let house = House::start_with(DoorOptions { behind_proxy: true, ..DoorOptions::default() }).await;
    assert_eq!(let_through(&house, |n| format!("203.0.113.{n}, 198.51.100.7")).await, 60, "one address behind the proxy");
    assert_eq!(let_through(&house, |n| format!("198.51.100.7, 203.0.113.{n}")).await, 70, "an address each");
    assert_eq!(let_through(&house, |_| "nonsense".to_owned()).await, 60, "where the proxy names none: the connection's");
}

#[tokio::test]
async fn only_a_trusted_proxy_says_how_its_clients_came() {
    for (behind_proxy, scheme) in [(true, "https"), (false, "http")] {
        let house = House::start_with(DoorOptions { behind_proxy, requests_per_second: 0, ..DoorOptions::default() }).await;
        let owner = house.owner().await;
        for name in ["Jane", "John"] {
            house.customer(&owner, name, &format!("{name}@example.com")).await;
        }
        let headers = [("x-forwarded-proto", "https")];
        let page = house.ask(Some(&owner), Method::GET, "/api/customers/?page_size=1", &headers, None).await.is(200).json();
        assert_eq!(page["next"], format!("{scheme}://kith.test/api/customers/?page_size=1&page=2"));
    }
}
