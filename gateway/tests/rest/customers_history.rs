//! `GET /api/customers/{id}/history/` and `POST /api/customers/{id}/revert/`: what was, and back to it.

use chrono::{TimeDelta, Utc};
use events::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::house::{House, Somebody};

/// Jane, who moved, got points, became inactive and moved again; her path and the positions of her five commits.
async fn jane(house: &House, owner: &Somebody) -> (String, Vec<u64>) {
    let path = house.customer(owner, "Jane", "jane@example.com").await;
    let patch = async |body: Value| house.patch(owner, &path, &body).await.is(200).wanted("kith-position");
    let created = house.get(owner, &path).await.is(200).wanted("kith-position");
    let moved = patch(json!({ "city": "Jakarta", "phone": "08123456" })).await;
    let points = json!({ "points": 120, "reason": "welcome" });
    let points = house.post(Some(owner), &format!("{path}update_points/"), &points).await.is(200).wanted("kith-position");
    let left = patch(json!({ "is_active": false, "email": "jane@other.example" })).await;
    let moved_again = patch(json!({ "city": "Bandung", "notes": "moved" })).await;
    let positions = [created, moved, points, left, moved_again];
    (path, positions.map(|position| position.parse().expect("a position")).to_vec())
}

#[tokio::test]
async fn every_version_is_there_with_what_led_to_it() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, _) = jane(&house, &owner).await;
    let page = house.get(&owner, &format!("{path}history/")).await.is(200).json();
    assert_eq!((&page["count"], &page["next"], &page["previous"]), (&json!(5), &Value::Null, &Value::Null));
    let versions = page["results"].as_array().expect("results");
    let of = |name: &str| versions.iter().map(|version| version[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("version"), [6, 5, 3, 2, 1].map(|version| json!(version)));
    let types: Vec<Vec<&str>> = versions
        .iter()
        .map(|version| {
            version["events"].as_array().expect("events").iter().map(|it| it["type"].as_str().expect("a type")).collect()
        })
        .collect();
    assert_eq!(
        types,
        [
            vec!["customer.profile_changed"],
            vec!["customer.profile_changed", "customer.deactivated"],
            vec!["customer.points_updated"],
            vec!["customer.profile_changed"],
            vec!["customer.registered"],
        ]
    );
    assert_eq!(versions[0]["customer"], house.get(&owner, &path).await.is(200).json(), "the newest is what the detail shows");
    assert_eq!(versions[4]["customer"]["city"], "");
    assert_eq!(
        (&versions[2]["customer"]["loyalty_points"], &versions[3]["customer"]["loyalty_points"]),
        (&json!(120), &json!(0))
    );
    assert!(versions.iter().all(|version| version["actor"]["kind"] == "user" && version["is_deleted"] == false));
    let events = house.get(&owner, "/api/v1/events/?kind=customer").await.is(200).json();
    let first = &events["results"][0];
    assert_eq!((&versions[4]["position"], &versions[4]["recorded_at"]), (&first["position"], &first["recorded_at"]));
    assert_eq!((&versions[4]["events"][0]["event_id"], &versions[4]["actor"]), (&first["event_id"], &first["actor"]));

    let second = house.get(&owner, &format!("{path}history/?page=2&page_size=2")).await.is(200).json();
    assert_eq!(second["results"].as_array().expect("results"), &versions[2..4]);
    assert!(second["next"].is_string() && second["previous"].is_string());
    house.get(&owner, &format!("{path}history/?page=4&page_size=2")).await.problem(404, "request.not_found");
}

#[tokio::test]
async fn two_versions_are_compared_by_what_they_show() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, _) = jane(&house, &owner).await;
    let diff = async |versions: &str| house.get(&owner, &format!("{path}history/?diff={versions}")).await;
    let changes = |answer: &Value| {
        let all = answer["changes"].as_array().expect("changes").clone();
        let without_times = all.into_iter().filter(|change| change["field"] != "updated_at");
        without_times
            .map(|it| (it["field"].as_str().expect("a field").to_owned(), it["old"].clone(), it["new"].clone()))
            .collect::<Vec<_>>()
    };
    let answer = diff("2..5").await.is(200).json();
    assert_eq!((&answer["from"], &answer["to"]), (&json!(2), &json!(5)));
    let change = |field: &str, old: Value, new: Value| (field.to_owned(), old, new);
    assert_eq!(
        changes(&answer),
        [
            change("email", json!("jane@example.com"), json!("jane@other.example")),
            change("loyalty_points", json!(0), json!(120)),
            change("loyalty_tier", json!("Bronze"), json!("Silver")),
            change("is_active", json!(true), json!(false)),
        ]
    );
    let back = diff("5..2").await.is(200).json();
    assert_eq!(changes(&back)[0], change("email", json!("jane@other.example"), json!("jane@example.com")));
    assert_eq!(diff("3..3").await.is(200).json()["changes"], json!([]));
    house.delete(&owner, &path).await.is(204);
    assert_eq!(changes(&diff("6..7").await.is(200).json()), [change("is_deleted", json!(false), json!(true))]);
    for wrong in ["4..6", "1..9", "1", "1..", "a..b", "1..2..3", "-1..2"] {
        let problem = diff(wrong).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"]["diff"].is_array(), "{wrong}: {problem}");
    }
}

#[tokio::test]
async fn the_past_is_the_tenants_own_and_goes_with_the_person() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, positions) = jane(&house, &owner).await;
    let (history, revert) = (format!("{path}history/"), format!("{path}revert/"));
    let back = json!({ "as_of": positions[1] });
    let other = house.owner().await;
    house.get(&other, &history).await.problem(404, "request.not_found");
    house.get(&other, &format!("{history}?diff=1..2")).await.problem(404, "request.not_found");
    house.post(Some(&other), &revert, &back).await.problem(404, "request.not_found");
    house.get(&owner, "/api/customers/nobody/history/").await.problem(404, "request.not_found");
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    house.get(&viewer, &history).await.is(200);
    house.post(Some(&viewer), &revert, &back).await.problem(403, "auth.forbidden");

    house.post(Some(&owner), &format!("{path}forget/"), &json!({})).await.is(204);
    house.get(&owner, &history).await.problem(410, "customer.forgotten");
    house.get(&owner, &format!("{history}?diff=1..2")).await.problem(410, "customer.forgotten");
    house.post(Some(&owner), &revert, &back).await.problem(410, "customer.forgotten");
    let events = house.get(&owner, "/api/v1/events/?kind=customer").await.is(200).json();
    assert_eq!(events["results"].as_array().expect("results").len(), 1, "the tombstone is there: {events}");
    assert_eq!(events["results"][0]["type"], "customer.forgotten");
}

#[tokio::test]
async fn a_profile_goes_back_and_nothing_else_does() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, positions) = jane(&house, &owner).await;
    let revert = async |as_of: Value, headers: &[(&str, &str)]| {
        house.ask(Some(&owner), Method::POST, &format!("{path}revert/"), headers, Some(&json!({ "as_of": as_of }))).await
    };
    let key = [("idempotency-key", "put it back")];
    let reverted = revert(json!(positions[1]), &key).await.is(200);
    let (tag, shown) = (reverted.wanted("etag"), reverted.json());
    assert_eq!((&shown["email"], &shown["city"], &shown["notes"]), (&json!("jane@example.com"), &json!("Jakarta"), &json!("")));
    assert_eq!((&shown["loyalty_points"], &shown["is_active"]), (&json!(120), &json!(false)));
    assert_eq!(house.get(&owner, &path).await.json()["city"], "Jakarta", "it is shown at once");
    assert_eq!(revert(json!(positions[1]), &key).await.is(200).wanted("etag"), tag, "the same request again");

    let newest = house.get(&owner, &format!("{path}history/?page_size=1")).await.is(200).json()["results"][0].clone();
    assert_eq!(
        (newest["version"].to_string(), newest["events"].as_array().map(Vec::len)),
        (tag.trim_matches('"').split('-').next().expect("a version").to_owned(), Some(1))
    );
    let gave = house.get(&owner, &format!("/api/v1/events/?after={}&limit=1", positions[1] - 1)).await.json();
    assert_eq!(
        (&newest["causation_id"], &gave["results"][0]["position"]),
        (&gave["results"][0]["event_id"], &json!(positions[1]))
    );

    let unchanged = revert(json!(positions[1].to_string()), &[]).await.is(200);
    assert_eq!(unchanged.wanted("etag"), tag, "nothing to change is no event");
    revert(json!(positions[4]), &[("if-match", "\"1\"")]).await.problem(412, "version.mismatch");
    let accepted = revert(json!(positions[4]), &[("prefer", "respond-async"), ("if-match", &tag)]).await.is(202);
    assert!(accepted.json()["position"].is_u64());
}

#[tokio::test]
async fn a_moment_to_go_back_to_has_come_and_the_customer_was_there() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, positions) = jane(&house, &owner).await;
    let revert = async |as_of: Value| house.post(Some(&owner), &format!("{path}revert/"), &json!({ "as_of": as_of })).await;
    let history = house.get(&owner, &format!("{path}history/")).await.is(200).json();
    let second = history["results"][3]["recorded_at"].clone();
    assert_eq!(revert(second).await.is(200).json()["email"], "jane@example.com", "by time");
    let before = history["results"][4]["position"].as_u64().expect("a position") - 1;
    for as_of in [json!(before), json!(0), json!("2001-01-01T00:00:00Z")] {
        let problem = revert(as_of).await.problem(400, "request.invalid");
        assert!(problem["error"].as_str().expect("a sentence").contains("not been entered yet"), "{problem}");
    }
    for as_of in [json!(1_000_000), json!(Utc::now() + TimeDelta::hours(1)), json!("yesterday"), json!("")] {
        revert(as_of).await.problem(400, "request.invalid_parameter");
    }
    for as_of in [Value::Null, json!(true), json!([1])] {
        revert(as_of).await.problem(400, "request.invalid");
    }
    house.post(Some(&owner), &format!("{path}revert/"), &json!({})).await.problem(400, "request.invalid");

    let (taken, free) = ("jane@other.example", house.customer(&owner, "John", "jane@other.example").await);
    let problem = revert(json!(positions[4])).await.problem(409, "customer.email_taken");
    assert!(problem["errors"]["email"].is_array(), "{taken} is John's now: {problem}");
    house.delete(&owner, &free).await.is(204);
    assert_eq!(revert(json!(positions[4])).await.is(200).json()["email"], taken);
    house.delete(&owner, &path).await.is(204);
    revert(json!(positions[1])).await.problem(404, "customer.deleted");
}
