//! `as_of` on lists, details, statistics, ledgers and exports.

use poem::http::Method;
use serde_json::{Value, json};

use crate::house::{Answer, House, Somebody};

/// A customer who changed: the path, and the positions after each change.
async fn changing(house: &House, owner: &Somebody) -> (String, Vec<Answer>) {
    let body = json!({ "name": "Jane Smith", "email": "jane@example.com", "city": "Jakarta" });
    let created = house.post(Some(owner), "/api/customers/", &body).await.is(201);
    let path = created.wanted("location");
    let points = json!({ "points": 600, "reason": "Welcome" });
    let rewarded = house.post(Some(owner), &format!("{path}update_points/"), &points).await.is(200);
    let moved = house.patch(owner, &path, &json!({ "name": "Jane Miller", "city": "Bandung" })).await.is(200);
    let deleted = house.delete(owner, &path).await.is(204);
    (path, vec![created, rewarded, moved, deleted])
}

fn position(answer: &Answer) -> u64 {
    answer.wanted("kith-position").parse().expect("a position")
}

async fn count(house: &House, owner: &Somebody, query: &str) -> Value {
    house.get(owner, &format!("/api/customers/?{query}")).await.is(200).json()["count"].clone()
}

#[tokio::test]
async fn every_reading_shows_what_was_then() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, steps) = changing(&house, &owner).await;
    let [created, rewarded, moved, deleted] = [0, 1, 2, 3].map(|step| position(&steps[step]));

    let detail = house.get(&owner, &format!("{path}?as_of={rewarded}")).await.is(200);
    assert_eq!(detail.wanted("kith-position"), rewarded.to_string());
    assert_eq!(detail.header("etag"), None, "what was is nothing to change");
    let shown = detail.json();
    assert_eq!(
        (&shown["name"], &shown["loyalty_points"], &shown["city"]),
        (&json!("Jane Smith"), &json!(600), &json!("Jakarta"))
    );
    assert_eq!(shown["average_order_value"], json!(0.0));
    house.get(&owner, &format!("{path}?as_of={deleted}")).await.problem(404, "request.not_found");

    for (query, shown) in [
        (format!("as_of={}", created - 1), 0),
        (format!("as_of={created}"), 1),
        (format!("as_of={created}&loyalty_level=gold"), 0),
        (format!("as_of={rewarded}&loyalty_level=gold&ordering=-loyalty_points"), 1),
        (format!("as_of={rewarded}&search=smith"), 1),
        (format!("as_of={moved}&search=smith"), 0),
        (format!("as_of={moved}&search=miller&city=Bandung&is_active=true"), 1),
        (format!("as_of={deleted}"), 0),
    ] {
        assert_eq!(count(&house, &owner, &query).await, json!(shown), "{query}");
    }
    let stats = house.get(&owner, &format!("/api/customers/stats/?as_of={moved}")).await.is(200);
    assert_eq!(stats.wanted("kith-position"), moved.to_string());
    let stats = stats.json();
    assert_eq!((&stats["total_customers"], &stats["total_loyalty_points"]), (&json!(1), &json!(600)));
    assert_eq!(stats["customers_by_tier"]["gold"], 1);

    let ledger = async |moment: u64| house.get(&owner, &format!("{path}points/?as_of={moment}")).await.is(200).json();
    assert_eq!((&ledger(created).await["count"], &ledger(moved).await["count"]), (&json!(0), &json!(1)));
    assert_eq!(ledger(moved).await["results"][0]["reason"], "Welcome");
    house.get(&owner, &format!("{path}points/?as_of={deleted}")).await.problem(404, "request.not_found");

    let export = house.get(&owner, &format!("/api/customers/export/?as_of={created}")).await.is(200);
    assert_eq!(export.wanted("kith-position"), created.to_string());
    assert!(export.text.contains("Jane Smith") && !export.text.contains("Jane Miller"), "{}", export.text);
    let lines = house.get(&owner, &format!("/api/customers/export/?as_of={deleted}")).await.is(200).text.lines().count();
    assert_eq!(lines, 1, "only the head");
}

#[tokio::test]
async fn a_time_is_the_last_position_that_was_recorded_by_then() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, steps) = changing(&house, &owner).await;
    // Answers show times to the microsecond, with a Z.
    let time = |step: usize| steps[step].json()["updated_at"].as_str().expect("a time").to_owned();
    let at = async |time: &str| house.get(&owner, &format!("{path}?as_of={time}")).await.is(200);
    let then = at(&time(1)).await;
    assert_eq!(then.wanted("kith-position"), steps[1].wanted("kith-position"));
    assert_eq!(then.json()["name"], "Jane Smith");
    // One microsecond before the next: still this.
    let next: chrono::DateTime<chrono::Utc> = time(2).parse().expect("a time");
    let before = (next - chrono::TimeDelta::microseconds(1)).to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    assert_eq!(at(&before).await.json()["name"], "Jane Smith");
    assert_eq!(at(&time(2)).await.json()["name"], "Jane Miller");
    // Another offset is the same moment, also where the plus was not written as a URL wants it.
    let elsewhere = next.with_timezone(&chrono::FixedOffset::east_opt(7 * 3_600).expect("an offset")).to_rfc3339();
    assert_eq!(at(&elsewhere).await.json()["name"], "Jane Miller");
    assert_eq!(at(&elsewhere.replace('+', "%2B")).await.json()["name"], "Jane Miller");
    assert_eq!(count(&house, &owner, "as_of=2001-01-01T00:00:00Z").await, json!(0), "before the beginning");
}

#[tokio::test]
async fn the_pages_of_a_list_are_of_one_moment() {
    let house = House::start().await;
    let owner = house.owner().await;
    for number in 0..3 {
        house.customer(&owner, &format!("Customer {number}"), &format!("c{number}@example.com")).await;
    }
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let first = house.get(&owner, &format!("/api/customers/?as_of={now}&page_size=2&ordering=created_at")).await.is(200);
    house.customer(&owner, "Latecomer", "late@example.com").await;
    let pinned = first.wanted("kith-position");
    let (first, next) = (first.json(), first.json()["next"].as_str().expect("a next page").to_owned());
    assert_eq!(next, format!("http://kith.test/api/customers/?page_size=2&ordering=created_at&as_of={pinned}&page=2"));
    let second = house.get(&owner, next.trim_start_matches("http://kith.test")).await.is(200);
    assert_eq!(second.wanted("kith-position"), pinned);
    let second = second.json();
    assert_eq!((&first["count"], &second["count"], &second["next"]), (&json!(3), &json!(3), &Value::Null));
    assert_eq!(second["results"].as_array().expect("rows").len(), 1);
    let previous = second["previous"].as_str().expect("a page before").trim_start_matches("http://kith.test");
    assert_eq!(house.get(&owner, previous).await.is(200).json()["results"], first["results"]);
    house.get(&owner, &format!("/api/customers/?as_of={pinned}&page_size=2&page=3")).await.problem(404, "request.not_found");
}

#[tokio::test]
async fn now_is_the_last_of_all_moments_and_what_comes_after_is_refused() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, _) = changing(&house, &owner).await;
    house.post(Some(&owner), &format!("{path}restore/"), &json!({})).await.is(200);
    house.customer(&owner, "John", "john@example.com").await;
    let list = house.get(&owner, "/api/customers/").await.is(200);
    let head = position(&list);
    for path in ["/api/customers/", "/api/customers/stats/", "/api/customers/export/", &path, &format!("{path}points/")] {
        let (now, then) =
            (house.get(&owner, path).await.is(200), house.get(&owner, &format!("{path}?as_of={head}")).await.is(200));
        assert_eq!(now.text, then.text, "{path}");
        assert_eq!(house.get(&owner, &format!("{path}?as_of=")).await.is(200).text, now.text, "an empty one is as good as none");
        for wrong in [
            format!("{}", head + 1),
            "9223372036854775808".to_owned(),
            "2999-01-01T00:00:00Z".to_owned(),
            "yesterday".to_owned(),
            "-1".to_owned(),
            "1.5".to_owned(),
            "%00".to_owned(),
            "x".repeat(300),
        ] {
            let problem = house.get(&owner, &format!("{path}?as_of={wrong}")).await.problem(400, "request.invalid_parameter");
            assert!(problem["errors"]["as_of"].is_array(), "{path} {wrong}: {problem}");
        }
    }
    // `min_position` says how far the read models must have come, whatever is asked of them then.
    assert_eq!(count(&house, &owner, &format!("as_of=0&min_position={head}")).await, json!(0));
    house
        .get(&owner, &format!("/api/customers/?as_of=0&min_position={}", head + 1))
        .await
        .problem(400, "request.invalid_parameter");
}

#[tokio::test]
async fn who_is_forgotten_is_so_at_every_time() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let known = position(&house.post(Some(&owner), &format!("{path}update_points/"), &json!({ "points": 7 })).await.is(200));
    house.get(&owner, &format!("{path}?as_of={known}")).await.is(200);
    let gone = position(&house.post(Some(&owner), &format!("{path}forget/"), &json!({})).await.is(204));
    for moment in [0, known, gone] {
        house.get(&owner, &format!("{path}?as_of={moment}")).await.problem(410, "customer.forgotten");
        house.get(&owner, &format!("{path}points/?as_of={moment}")).await.problem(410, "customer.forgotten");
        assert_eq!(count(&house, &owner, &format!("as_of={moment}")).await, json!(0));
        let stats = house.get(&owner, &format!("/api/customers/stats/?as_of={moment}")).await.is(200).json();
        assert_eq!((&stats["total_customers"], &stats["total_loyalty_points"]), (&json!(0), &json!(0)));
        let export = house.get(&owner, &format!("/api/customers/export/?as_of={moment}")).await.is(200);
        assert!(!export.text.contains("Jane"), "{}", export.text);
    }
    let other = house.somebody(&house.tenant("Other").await, events::Role::Owner).await;
    house.get(&other, &format!("{path}?as_of={known}")).await.problem(404, "request.not_found");
}

#[tokio::test]
async fn a_moment_that_the_read_models_do_not_show_yet_is_waited_for() {
    let mut house = House::start().await;
    let owner = house.owner().await;
    house.stop_read_models().await;
    let body = json!({ "name": "Jane", "email": "jane@example.com" });
    let headers = [("prefer", "respond-async")];
    let accepted = house.ask(Some(&owner), Method::POST, "/api/customers/", &headers, Some(&body)).await.is(202);
    let moment = position(&accepted);
    let problem = house.get(&owner, &format!("/api/customers/?as_of={moment}")).await.problem(503, "position.not_yet_reached");
    assert!(problem["errors"].is_null(), "{problem}");
}
