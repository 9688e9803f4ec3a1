//! What was of a customer beside the row of the lists: what their channel had told, and their tags as they were called then.

use events::Role;
use serde_json::{Value, json};

use crate::channels::{connect, head};
use crate::house::{House, Somebody};

/// John, who wrote, got a tag that was renamed later, took another name in the channel, and got another tag. Then the first tag was
/// deleted, and the other one taken off.
struct John {
    path: String,
    /// The positions of his five commits.
    at: [u64; 5],
    /// When the first tag was renamed: between the second and the third.
    renamed: u64,
    /// The ids of the two tags.
    tags: [String; 2],
}

/// John writes under this name; gives his path and the position of that.
async fn writes(house: &House, owner: &Somebody, page: &str, username: &str) -> (String, u64) {
    let picture = "https://pictures.example/john.jpg";
    let body = json!({
        "page_id": page, "source_id": "42", "text": "Hello", "username": username, "first_name": "John", "last_name": "Doe",
        "profile_picture": picture,
    });
    let answer = house.post(Some(owner), "/api/desk/inbound/", &body).await.is(200).json();
    let path = format!("/api/customers/{}/", answer["customer_id"].as_str().expect("an id"));
    let newest = house.get(owner, &format!("{path}history/?page_size=1")).await.is(200).json();
    (path, newest["results"][0]["position"].as_u64().expect("a position"))
}

async fn tag(house: &House, owner: &Somebody, name: &str) -> String {
    let answer = house.post(Some(owner), "/api/tags/", &json!({ "name": name })).await.is(201).json();
    answer["id"].as_str().expect("an id").to_owned()
}

async fn john(house: &House, owner: &Somebody) -> John {
    let page = connect(house, owner, "telegram", "bot-1", json!({})).await;
    let tags = [tag(house, owner, "VIP").await, tag(house, owner, "Newsletter").await];
    let (path, arrived) = writes(house, owner, &page, "jd").await;
    let put = async |id: &str| {
        let answer = house.post(Some(owner), &format!("{path}tags/"), &json!({ "tags": [id] })).await.is(200);
        answer.wanted("kith-position").parse().expect("a position")
    };
    let first: u64 = put(&tags[0]).await;
    let gold = format!("/api/tags/{}/", tags[0]);
    let renamed = house.patch(owner, &gold, &json!({ "name": "Gold" })).await.is(200).wanted("kith-position");
    let (_, other_name) = writes(house, owner, &page, "johnny").await;
    let second: u64 = put(&tags[1]).await;
    house.delete(owner, &gold).await.is(204);
    let taken = house.delete(owner, &format!("{path}tags/{}/", tags[1])).await.is(200).wanted("kith-position");
    let [renamed, taken] = [renamed, taken].map(|position| position.parse().expect("a position"));
    John { path, at: [arrived, first, other_name, second, taken], renamed, tags }
}

fn names(shown: &Value) -> Vec<&str> {
    let tags = shown["tags"].as_array().expect("tags");
    tags.iter().map(|tag| tag["name"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn every_version_has_what_the_channel_had_told_and_the_tags_as_they_were_called() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { path, at, .. } = john(&house, &owner).await;
    let page = house.get(&owner, &format!("{path}history/")).await.is(200).json();
    let versions: Vec<&Value> = page["results"].as_array().expect("results").iter().rev().collect();
    assert_eq!(versions.iter().map(|it| it["position"].as_u64()).collect::<Vec<_>>(), at.map(Some));
    let types: Vec<&str> = versions.iter().map(|it| it["events"][0]["type"].as_str().expect("a type")).collect();
    let [arrived, tagged, changed] = ["customer.arrived", "customer.tagged", "customer.contact_changed"];
    assert_eq!(types, [arrived, tagged, changed, tagged, "customer.untagged"]);
    let usernames: Vec<&str> = versions.iter().map(|it| it["contact"]["username"].as_str().expect("a name")).collect();
    assert_eq!(usernames, ["jd", "jd", "johnny", "johnny", "johnny"]);
    let tags: Vec<Vec<&str>> = versions.iter().map(|it| names(it)).collect();
    assert_eq!(tags, [vec![], vec!["VIP"], vec!["Gold"], vec!["Gold", "Newsletter"], vec![]]);
    let told = json!({
        "source": "telegram", "source_id": "42", "username": "jd", "first_name": "John", "last_name": "Doe",
        "profile_picture": "https://pictures.example/john.jpg",
    });
    assert_eq!(versions[0]["contact"], told);

    let jane = house.customer(&owner, "Jane", "jane@example.com").await;
    let page = house.get(&owner, &format!("{jane}history/")).await.is(200).json();
    let (contact, tags) = (&page["results"][0]["contact"], &page["results"][0]["tags"]);
    assert_eq!((&contact["source"], &contact["username"], tags), (&json!("unknown"), &json!(""), &json!([])));
}

#[tokio::test]
async fn two_versions_are_compared_by_contact_and_tags_too() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { path, tags: [vip, newsletter], .. } = john(&house, &owner).await;
    let changes = async |versions: &str| {
        let answer = house.get(&owner, &format!("{path}history/?diff={versions}")).await.is(200).json();
        let all = answer["changes"].as_array().expect("changes").clone();
        all.into_iter().filter(|change| change["field"] != "updated_at").collect::<Vec<_>>()
    };
    let change = |field: &str, old: Value, new: Value| json!({ "field": field, "old": old, "new": new });
    let gold = json!({ "id": vip, "name": "Gold" });
    let other = json!({ "id": newsletter, "name": "Newsletter" });
    let vip = json!({ "id": vip, "name": "VIP" });
    assert_eq!(changes("1..2").await, [change("tags", json!([]), json!([vip]))]);
    // The tag was renamed in between.
    let username = change("username", json!("jd"), json!("johnny"));
    assert_eq!(changes("2..3").await, [username.clone(), change("tags", json!([vip]), json!([gold]))]);
    assert_eq!(changes("4..3").await, [change("tags", json!([gold, other]), json!([gold]))]);
    assert_eq!(changes("1..5").await, [username], "one tag was taken off, and the other is gone");
    assert_eq!(changes("4..4").await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_tags_of_then_are_those_that_were_shown_then() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { path, at, renamed, tags } = john(&house, &owner).await;
    let path_of = |moment: &str| format!("{path}tags/?as_of={moment}");
    let then = async |moment: u64| house.get(&owner, &path_of(&moment.to_string())).await.is(200);
    for (moment, wanted) in [
        (at[0], vec![]),
        (at[1], vec!["VIP"]),
        (renamed, vec!["Gold"]),
        (at[2], vec!["Gold"]),
        (at[3], vec!["Gold", "Newsletter"]),
        (at[4], vec![]),
    ] {
        let answer = then(moment).await;
        assert_eq!(names(&answer.json()), wanted, "as of {moment}");
        assert_eq!((answer.wanted("kith-position"), answer.header("etag")), (moment.to_string(), None));
    }
    assert_eq!(then(at[3]).await.json()["tags"][0]["id"], json!(tags[0]));
    let time = house.get(&owner, &format!("{path}history/?page=2&page_size=1")).await.is(200).json();
    let time = time["results"][0]["recorded_at"].as_str().expect("a time").to_owned();
    assert_eq!(names(&house.get(&owner, &path_of(&time)).await.is(200).json()), ["Gold", "Newsletter"], "by time");

    house.get(&owner, &path_of(&(at[0] - 1).to_string())).await.problem(404, "request.not_found");
    for wrong in ["yesterday", "9999999", "2999-01-01T00:00:00Z"] {
        let problem = house.get(&owner, &path_of(wrong)).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"]["as_of"].is_array(), "{wrong}: {problem}");
    }
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    house.get(&viewer, &path_of(&at[1].to_string())).await.is(200);
    let other = house.owner().await;
    house.get(&other, &path_of(&at[1].to_string())).await.problem(404, "request.not_found");
    let deleted: u64 = house.delete(&owner, &path).await.is(204).wanted("kith-position").parse().expect("a position");
    house.get(&owner, &path_of(&deleted.to_string())).await.problem(404, "request.not_found");
    assert_eq!(names(&then(at[3]).await.json()), ["Gold", "Newsletter"], "deleted only later");
}

#[tokio::test]
async fn what_the_channel_tells_is_shown_now_and_then() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { path, at, .. } = john(&house, &owner).await;
    let now = house.get(&owner, &format!("{path}contact/")).await.is(200);
    assert_eq!((&now.json()["source"], &now.json()["username"]), (&json!("telegram"), &json!("johnny")));
    assert!(now.wanted("etag").starts_with("\"5-"));
    let path_of = |moment: u64| format!("{path}contact/?as_of={moment}");
    for (moment, username) in [(at[0], "jd"), (at[2] - 1, "jd"), (at[2], "johnny"), (at[4], "johnny")] {
        let then = house.get(&owner, &path_of(moment)).await.is(200);
        assert_eq!((&then.json()["username"], then.header("etag")), (&json!(username), None), "as of {moment}");
    }
    assert_eq!(house.get(&owner, &path_of(at[4])).await.json(), now.json(), "now is the last of all moments");
    let other = house.owner().await;
    for path in [path_of(at[2]), format!("{path}contact/")] {
        house.get(&other, &path).await.problem(404, "request.not_found");
    }
    house.get(&owner, &path_of(at[0] - 1)).await.problem(404, "request.not_found");
    house.delete(&owner, &path).await.is(204);
    house.get(&owner, &format!("{path}contact/")).await.problem(404, "request.not_found");
}

#[tokio::test]
async fn who_is_forgotten_is_so_at_every_time() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { path, at, .. } = john(&house, &owner).await;
    house.post(Some(&owner), &format!("{path}forget/"), &json!({})).await.is(204);
    let end = head(&house, &owner).await.0;
    for moment in at.into_iter().chain([end]) {
        house.get(&owner, &format!("{path}tags/?as_of={moment}")).await.problem(410, "customer.forgotten");
        house.get(&owner, &format!("{path}contact/?as_of={moment}")).await.problem(410, "customer.forgotten");
        house.get(&owner, &format!("{path}?as_of={moment}")).await.problem(410, "customer.forgotten");
    }
    house.get(&owner, &format!("{path}history/")).await.problem(410, "customer.forgotten");
    house.get(&owner, &format!("{path}history/?diff=1..2")).await.problem(410, "customer.forgotten");
    house.get(&owner, &format!("{path}tags/")).await.problem(410, "customer.forgotten");
}

#[tokio::test]
async fn the_tenants_tags_are_those_of_then() {
    let house = House::start().await;
    let owner = house.owner().await;
    let John { at, tags: [first, _], .. } = john(&house, &owner).await;
    let then = async |moment: u64| house.get(&owner, &format!("/api/tags/?as_of={moment}")).await.is(200).json();
    let shown = |list: &Value| {
        let all = list["results"].as_array().expect("results");
        assert_eq!(list["count"], json!(all.len()));
        all.iter().map(|tag| tag["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&then(0).await), Vec::<String>::new());
    assert_eq!(shown(&then(at[1]).await), ["Newsletter", "VIP"]);
    let renamed = then(at[3]).await;
    assert_eq!(shown(&renamed), ["Gold", "Newsletter"]);
    assert_ne!(renamed["results"][0]["created_at"], renamed["results"][0]["updated_at"]);
    let now = house.get(&owner, "/api/tags/").await.is(200).json();
    assert_eq!(then(at[4]).await, now, "now is the last of all moments");
    let of = |moment: u64| format!("/api/tags/{first}/?as_of={moment}");
    assert_eq!(house.get(&owner, &of(at[3])).await.is(200).json(), renamed["results"][0]);
    house.get(&owner, &of(at[4])).await.problem(404, "request.not_found");
    let other = house.owner().await;
    assert_eq!(house.get(&other, &format!("/api/tags/?as_of={}", at[3])).await.is(200).json()["count"], json!(0));
}
