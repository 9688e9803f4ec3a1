//! What stands around every request.

use futures_util::stream;
use poem::http::Method;
use poem::{Body, Request};
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn whatever_goes_wrong_is_a_problem_document() {
    let house = House::start().await;
    let owner = house.owner().await;
    let unknown = house.get(&owner, "/api/nothing").await.problem(404, "request.not_found");
    assert_eq!(unknown["instance"], "/api/nothing");
    house.ask(Some(&owner), Method::PUT, "/api/customers/", &[], None).await.problem(405, "request.method_not_allowed");
    let raw = async |content_type: &str, body: &'static [u8]| {
        let request = Request::builder().method(Method::POST).uri_str("/api/customers").content_type(content_type);
        house.send(request.header("authorization", format!("Bearer {}", owner.access)).body(body)).await
    };
    raw("text/plain", b"{}").await.problem(415, "request.unsupported_media_type");
    let utf8 = raw("application/json", b"{\"name\": \"\xff\"}").await.problem(400, "request.malformed");
    assert!(utf8["error"].as_str().expect("a sentence").contains("UTF-8"));
    for body in [&b"{"[..], b"", b"[]", b"\"x\"", b"{\"a\":1}}", b"nul"] {
        raw("application/json; charset=utf-8", body).await.problem(400, "request.malformed");
    }
    let deep: &'static [u8] = Vec::leak([vec![b'['; 100_000], vec![b']'; 100_000]].concat());
    raw("application/json", deep).await.problem(400, "request.malformed");
}

#[tokio::test]
async fn who_asks_with_a_wrong_method_is_told_the_methods_of_the_path() {
    let house = House::start().await;
    let owner = house.owner().await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/customers/", "GET, HEAD, POST"),
        (Method::PUT, "/api/customers", "GET, HEAD, POST"),
        (Method::POST, "/api/customers/0/", "DELETE, GET, HEAD, PATCH, PUT"),
        (Method::POST, "/api/customers/stats/", "GET, HEAD"),
        (Method::GET, "/api/customers/0/update_points/", "POST"),
        (Method::POST, "/api/dashboard/customers/0/stop/", "PUT"),
        (Method::POST, "/ws/customers/", "GET, HEAD"),
        (Method::PUT, "/webhooks/messenger", "GET, HEAD, POST"),
        (Method::DELETE, "/openapi.json", "GET, HEAD"),
        (Method::POST, "/health/live", "GET, HEAD"),
        ("PROPFIND".parse().expect("a method"), "/metrics", "GET, HEAD"),
    ] {
        let answer = house.ask(Some(&owner), method, path, &[], None).await;
        assert_eq!(answer.header("allow"), Some(allowed), "{path}: {}", answer.text);
        let problem = answer.problem(405, "request.method_not_allowed");
        assert_eq!(problem["error"], format!("This path does not know this method; it knows {allowed}."));
    }
}

#[tokio::test]
async fn a_member_that_is_given_twice_is_refused() {
    let house = House::start().await;
    let owner = house.owner().await;
    for body in [
        r#"{"name":"Jane","email":"jane@example.com","name":"John"}"#,
        r#"{"name":"Jane","email":"jane@example.com","n\u0061me":"Jane"}"#,
    ] {
        let request = Request::builder().method(Method::POST).uri_str("/api/customers").content_type("application/json");
        let request = request.header("authorization", format!("Bearer {}", owner.access)).body(body);
        let refused = house.send(request).await.problem(400, "request.malformed");
        let sentence = refused["error"].as_str().expect("a sentence");
        assert!(sentence.starts_with("The member \"name\" is given more than once"), "{sentence}");
    }
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 0);
}

#[tokio::test]
async fn the_one_sentence_names_the_one_field_that_is_wrong() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let refused = async |body| house.patch(&owner, &path, &body).await.problem(400, "request.invalid");
    let one = refused(json!({ "is_active": null })).await;
    assert_eq!(one["error"], "is_active: This field may not be null.");
    assert_eq!(one["errors"], json!({ "is_active": ["This field may not be null."] }));
    let two = refused(json!({ "is_active": null, "city": 7 })).await;
    assert_eq!(two["error"], "Must be a text.");
    let parameter = house.get(&owner, "/api/customers/?city=%ff").await.problem(400, "request.invalid_parameter");
    assert!(parameter["error"].as_str().is_some_and(|error| error.starts_with("city: This is not UTF-8")), "{parameter}");
}

#[tokio::test]
async fn large_bodies_are_refused_whether_they_say_so_or_not() {
    let house = House::start().await;
    let owner = house.owner().await;
    let sized = Request::builder()
        .method(Method::POST)
        .uri_str("/api/customers/")
        .header("content-length", "1048577")
        .content_type("application/json")
        .header("authorization", format!("Bearer {}", owner.access))
        .body("{}");
    house.send(sized).await.problem(413, "request.too_large");
    let send = async |path: &str, content_type: &str, head: &'static str, chunks: usize| {
        let chunks =
            (0..chunks).map(move |n| Ok::<_, std::io::Error>(if n == 0 { head.as_bytes().to_vec() } else { vec![b' '; 65_536] }));
        let chunked = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .content_type(content_type)
            .header("authorization", format!("Bearer {}", owner.access))
            .body(Body::from_bytes_stream(stream::iter(chunks)));
        house.send(chunked).await
    };
    send("/api/customers/", "application/json", "{", 20).await.problem(413, "request.too_large");
    let file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\nname,email\n";
    send("/api/customers/import/", "multipart/form-data; boundary=b", file, 1_100).await.problem(413, "request.too_large");
}

#[tokio::test]
async fn answers_carry_what_every_answer_carries() {
    let house = House::start().await;
    let owner = house.owner().await;
    let answer = house.ask(Some(&owner), Method::GET, "/api/customers", &[("x-request-id", "my-id_1")], None).await.is(200);
    assert_eq!(answer.wanted("x-request-id"), "my-id_1");
    assert_eq!(answer.wanted("x-content-type-options"), "nosniff");
    assert_eq!(answer.wanted("cache-control"), "no-store");
    assert!(answer.wanted("kith-position").parse::<u64>().is_ok());
    let invalid = house.ask(Some(&owner), Method::GET, "/api/customers", &[("x-request-id", "no good id!")], None).await;
    assert_ne!(invalid.wanted("x-request-id"), "no good id!");
    let head = house.ask(Some(&owner), Method::HEAD, "/api/customers/", &[], None).await.is(200);
    assert_eq!(head.text, "");
}

#[tokio::test]
async fn health_and_metrics_say_how_it_is() {
    let house = House::start().await;
    let owner = house.owner().await;
    house.get(&owner, "/api/customers/").await.is(200);
    let ask = async |path: &str| house.ask(None, Method::GET, path, &[], None).await;
    assert_eq!(ask("/health/live").await.is(200).json(), json!({ "status": "live" }));
    // The tests' server is a relaxed one, and this service was not told that it may be.
    let ready = ask("/health/ready").await.is(503).json();
    assert_eq!(ready["reasons"], json!(["the log does not sync every write to disk"]));
    assert!(ready["projections"].as_array().expect("projections").len() >= 4);
    let metrics = ask("/metrics").await.is(200).text;
    assert!(metrics.contains("kith_http_requests_total{route=\"/api/customers/\""), "{metrics}");
    assert!(ask("/docs").await.is(200).text.contains("listCustomers"));
    assert_eq!(ask("/openapi.json").await.is(200).json()["info"]["title"], "Kith");
}
