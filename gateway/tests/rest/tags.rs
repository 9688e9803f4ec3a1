//! `/api/tags/` and the tags of customers.

use events::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::house::{House, Somebody};

async fn tag(house: &House, who: &Somebody, name: &str) -> String {
    let answer = house.post(Some(who), "/api/tags/", &json!({ "name": name })).await.is(201).json();
    answer["id"].as_str().expect("an id").to_owned()
}

fn names(answer: &Value) -> Vec<String> {
    let tags = answer["tags"].as_array().expect("tags");
    tags.iter().map(|tag| tag["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_name_is_one_tags_without_regard_to_case() {
    let house = House::start().await;
    let owner = house.owner().await;
    let id = tag(&house, &owner, "VIP").await;
    let taken = house.post(Some(&owner), "/api/tags/", &json!({ "name": " vip " })).await.problem(409, "tag.name_taken");
    assert!(taken["errors"]["name"].is_array());
    let path = format!("/api/tags/{id}/");
    assert_eq!(house.patch(&owner, &path, &json!({ "name": "Regular" })).await.is(200).json()["name"], "Regular");
    let second = tag(&house, &owner, "vip").await;
    house.patch(&owner, &path, &json!({ "name": "Vip" })).await.problem(409, "tag.name_taken");
    house.delete(&owner, &format!("/api/tags/{second}/")).await.is(204);
    house.patch(&owner, &path, &json!({ "name": "Vip" })).await.is(200);
    let list = house.get(&owner, "/api/tags/").await.is(200).json();
    assert_eq!((&list["count"], &list["results"][0]["name"]), (&json!(1), &json!("Vip")));
    house.get(&owner, &format!("/api/tags/{second}/")).await.problem(404, "request.not_found");
    for name in [json!(""), json!("x".repeat(51)), json!("two\nlines"), json!(7), Value::Null] {
        house.post(Some(&owner), "/api/tags/", &json!({ "name": name })).await.is(400);
    }
}

#[tokio::test]
async fn a_customer_is_tagged_by_id_and_by_name() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (vip, path) = (tag(&house, &owner, "VIP").await, house.customer(&owner, "Jane", "jane@example.com").await);
    tag(&house, &owner, "Regular").await;
    tag(&house, &owner, "Late payer").await;
    let agent = house.somebody(&owner.tenant, Role::Agent).await;
    let tags = format!("{path}tags/");
    let put = house.post(Some(&agent), &tags, &json!({ "tags": [vip, "regular"] })).await.is(200);
    assert_eq!(names(&put.json()), ["Regular", "VIP"]);
    // Again: nothing happens.
    let again = house.post(Some(&agent), &tags, &json!({ "tags": ["vip"] })).await.is(200);
    assert_eq!(again.wanted("etag"), put.wanted("etag"));
    let set = house.ask(Some(&agent), Method::PUT, &tags, &[], Some(&json!({ "tags": ["VIP", "Late payer"] }))).await.is(200);
    assert_eq!(names(&set.json()), ["Late payer", "VIP"]);
    let off = house.delete(&agent, &format!("{tags}late%20payer/")).await.is(200);
    assert_eq!(names(&off.json()), ["VIP"]);
    house.delete(&owner, &format!("/api/tags/{vip}/")).await.is(204);
    assert!(names(&house.get(&agent, &tags).await.is(200).json()).is_empty(), "a tag that is gone is on nobody");
    house.delete(&agent, &format!("{tags}{vip}/")).await.is(200);
}

#[tokio::test]
async fn tags_that_are_not_there_are_refused_and_nothing_is_half_done() {
    let house = House::start().await;
    let (owner, other) = (house.owner().await, house.owner().await);
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let foreign = tag(&house, &other, "Theirs").await;
    tag(&house, &owner, "Ours").await;
    let tags = format!("{path}tags/");
    for wrong in [json!(["Ours", "Theirs"]), json!(["Ours", foreign]), json!([""]), json!([7]), json!("Ours"), json!(null)] {
        let answer = house.post(Some(&owner), &tags, &json!({ "tags": wrong })).await.problem(400, "request.invalid");
        assert!(answer["errors"]["tags"].is_array(), "{wrong}");
    }
    assert!(names(&house.get(&owner, &tags).await.is(200).json()).is_empty());
    house.get(&other, &tags).await.problem(404, "request.not_found");
    house.post(Some(&other), &tags, &json!({ "tags": ["Theirs"] })).await.problem(404, "request.not_found");
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    house.post(Some(&viewer), &tags, &json!({ "tags": ["Ours"] })).await.problem(403, "auth.forbidden");
}

#[tokio::test]
async fn a_customer_has_50_tags_at_most() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let (mut names, mut ids) = (Vec::new(), Vec::new());
    for number in 0..51 {
        names.push(format!("Tag {number}"));
        ids.push(tag(&house, &owner, &names[number]).await);
    }
    let tags = format!("{path}tags/");
    house.post(Some(&owner), &tags, &json!({ "tags": names[..50] })).await.is(200);
    house.post(Some(&owner), &tags, &json!({ "tags": names[50..] })).await.problem(409, "customer.too_many_tags");
    house.post(Some(&owner), &tags, &json!({ "tags": names })).await.problem(400, "request.invalid");
    let set = house.ask(Some(&owner), Method::PUT, &tags, &[], Some(&json!({ "tags": names[1..] }))).await.is(200).json();
    assert_eq!(set["tags"].as_array().map(Vec::len), Some(50));
    // One that the tenant does not have any more makes room.
    house.delete(&owner, &format!("/api/tags/{}/", ids[50])).await.is(204);
    let put = house.post(Some(&owner), &tags, &json!({ "tags": [names[0]] })).await.is(200).json();
    assert_eq!(put["tags"].as_array().map(Vec::len), Some(50));
}
