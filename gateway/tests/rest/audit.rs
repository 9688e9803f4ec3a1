//! `/api/v1/audit-trail/`, `/api/v1/field-history/` and `/api/v1/timeline/`: what they tell.

use chrono::Utc;
use events::Role;
use serde_json::{Value, json};

use crate::house::{House, Somebody};

/// A customer with a past: created, changed, given points, made an order, deleted and restored.
pub async fn past(house: &House, owner: &Somebody) -> (String, String) {
    let path = house.customer(owner, "Jane Smith", "jane@example.com").await;
    house.patch(owner, &path, &json!({ "phone": "0812000001", "city": "Bandung" })).await.is(200);
    let points = json!({ "points": 50, "reason": "birthday" });
    house.post(Some(owner), &format!("{path}update_points/"), &points).await.is(200);
    house.post(Some(owner), &format!("{path}orders/"), &json!({ "amount": "120000.50", "number": "A-17" })).await.is(200);
    house.delete(owner, &path).await.is(204);
    house.post(Some(owner), &format!("{path}restore/"), &json!({})).await.is(200);
    let id = path.trim_end_matches('/').rsplit('/').next().expect("an id").to_owned();
    (path, id)
}

/// A member of every row of a list, as text.
pub fn column(answer: &Value, list: &str, name: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    answer[list].as_array().expect("a list").iter().map(|row| text(&row[name])).collect()
}

#[tokio::test]
async fn the_audit_trail_tells_who_did_what_to_which_record() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (_, id) = past(&house, &owner).await;
    let all = house.get(&owner, &format!("/api/v1/audit-trail/?object_id={id}")).await.is(200).json();
    assert_eq!(all["count"], 6);
    assert_eq!(
        column(&all, "results", "activity"),
        ["restored", "deleted", "order_recorded", "points_updated", "updated", "created"]
    );
    let row = &all["results"][4];
    assert_eq!((&row["user"], &row["user_name"]), (&json!(owner.email), &json!("The owner")));
    assert_eq!((&row["action"], &row["model_name"], &row["object_id"]), (&json!("update"), &json!("customer"), &json!(id)));
    assert_eq!((&row["object_repr"], &row["description"]), (&json!("Jane Smith"), &json!("Updated phone and city")));
    assert_eq!(row["changes"], json!(["phone", "city"]));
    assert_eq!(row["old_values"], json!({ "phone": "", "city": "" }));
    assert_eq!(row["new_values"], json!({ "phone": "0812000001", "city": "Bandung" }));
    assert_eq!((&row["event_type"], &row["causation_id"]), (&json!("customer.profile_changed"), &Value::Null));
    assert!(row["position"].is_u64() && row["correlation_id"].is_string() && row["timestamp"].is_string());
    let one = house.get(&owner, &format!("/api/v1/audit-trail/{}", row["id"].as_str().expect("an id"))).await.is(200).json();
    assert_eq!(&one, row, "with and without the slash");
    for path in ["0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000/", "nothing/", "%00/"] {
        house.get(&owner, &format!("/api/v1/audit-trail/{path}")).await.problem(404, "request.not_found");
    }
}

#[tokio::test]
async fn every_filter_of_the_audit_trail_counts() {
    let house = House::start().await;
    let owner = house.owner().await;
    let admin = house.somebody(&owner.tenant, Role::Admin).await;
    let (path, id) = past(&house, &owner).await;
    house.patch(&admin, &path, &json!({ "notes": "calls back" })).await.is(200);
    let me = house.get(&admin, "/api/auth/me/").await.is(200).json();
    let admin_id = me["id"].as_str().expect("an id").to_owned();
    let count = async |query: &str| house.get(&owner, &format!("/api/v1/audit-trail/?{query}")).await.is(200).json();
    let n = async |query: &str| count(query).await["count"].as_u64().expect("a count");
    assert_eq!(n("model=customer").await, 7);
    assert_eq!(n("model=user").await, 2);
    assert_eq!(n("model=tenant").await, 1);
    assert_eq!(n("").await, 10);
    assert_eq!(n("action=create").await, 4);
    assert_eq!(n("action=delete").await, 1);
    assert_eq!(n("action=view").await, 0);
    assert_eq!(n(&format!("user={}", admin.email)).await, 1);
    assert_eq!(n(&format!("user={admin_id}")).await, 1);
    assert_eq!(n("user=nobody@example.com").await, 0);
    assert_eq!(n(&format!("object_id={id}&action=update&user={}", owner.email)).await, 4);
    assert_eq!(n("search=jane").await, 7);
    assert_eq!(n("search=BIRTH%20smi").await, 1);
    assert_eq!(n("search=the+admin").await, 2, "the name of who did it, and of whom it was done to");
    assert_eq!(n("search=jane+%26+smith").await, 7, "between words");
    for signs in ["!", "%25", "-", "@", "_", "%E2%98%95", "???"] {
        assert_eq!(n(&format!("search={signs}")).await, 0, "{signs} is in no word");
    }
    assert_eq!(n("search=+").await, 10, "no search");
    let today = Utc::now().date_naive();
    let (yesterday, tomorrow) = (today.pred_opt().expect("a day"), today.succ_opt().expect("a day"));
    assert_eq!(n(&format!("start_date={yesterday}&end_date={tomorrow}")).await, 10);
    assert_eq!(n(&format!("end_date={yesterday}")).await, 0);
    assert_eq!(n(&format!("start_date={tomorrow}")).await, 0);
    assert_eq!(n(&format!("start_date={yesterday}&end_date={yesterday}")).await, 0);
    for earlier in ["1969-12-31", "1969-12-31T12:00:00Z", "1969-12-01", "0001-01-01"] {
        let stats = house.get(&owner, &format!("/api/v1/audit-trail/stats/?start_date={earlier}")).await.is(200).json();
        let timeline = house.get(&owner, &format!("/api/v1/timeline/?start_date={earlier}")).await.is(200).json();
        assert_eq!(
            (n(&format!("start_date={earlier}")).await, &stats["count"], &timeline["count"]),
            (10, &json!(10), &json!(10))
        );
        let days = column(&stats, "by_day", "count").iter().map(|count| count.parse::<u64>().expect("a count")).sum::<u64>();
        assert_eq!(days, 10, "{stats}");
    }
    let rows = count("").await;
    let third = column(&rows, "results", "timestamp")[2].clone();
    assert_eq!(n(&format!("start_date={third}")).await, 3, "inclusive");
    assert_eq!(n(&format!("end_date={third}")).await, 8, "inclusive");
    let oldest = count("ordering=timestamp&page_size=4&page=2").await;
    let newest = column(&rows, "results", "id");
    assert_eq!(column(&oldest, "results", "id"), newest.iter().rev().skip(4).take(4).cloned().collect::<Vec<_>>());
    assert!(oldest["next"].as_str().expect("a link").contains("page=3") && oldest["previous"].is_string());
    let position = rows["results"][4]["position"].as_u64().expect("a position");
    assert_eq!(n(&format!("as_of={position}")).await, 6, "as it was");
    for (query, field) in [
        ("action=look", "action"),
        ("model=lead", "model"),
        ("start_date=soon", "start_date"),
        ("end_date=2024-13-01", "end_date"),
        ("start_date=2024-01-16&end_date=2024-01-15", "start_date"),
        ("ordering=name", "ordering"),
        ("as_of=then", "as_of"),
        ("page=0", "page"),
        ("page_size=101", "page_size"),
    ] {
        let problem = house.get(&owner, &format!("/api/v1/audit-trail/?{query}")).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"][field].is_array(), "{problem}");
    }
    house.get(&owner, "/api/v1/audit-trail/?page=9").await.problem(404, "request.not_found");
}

#[tokio::test]
async fn statistics_add_up_to_the_list() {
    let house = House::start().await;
    let owner = house.owner().await;
    past(&house, &owner).await;
    let stats = house.get(&owner, "/api/v1/audit-trail/stats/?model=customer").await.is(200).json();
    assert_eq!(stats["count"], 6);
    assert_eq!(stats["by_action"], json!({ "create": 1, "delete": 1, "update": 4, "view": 0 }));
    assert_eq!(stats["by_model"], json!({ "customer": 6 }));
    assert_eq!((&stats["by_user"][0]["user"], &stats["by_user"][0]["count"]), (&json!(owner.email), &json!(6)));
    let days: u64 = stats["by_day"].as_array().expect("days").iter().map(|day| day["count"].as_u64().expect("a count")).sum();
    assert_eq!(days, 6);
    let all = house.get(&owner, "/api/v1/audit-trail/stats/").await.is(200).json();
    let kith = all["by_user"].as_array().expect("users").iter().find(|user| user["user"].is_null()).expect("Kith itself");
    assert_eq!((&kith["user_id"], &kith["user_name"]), (&json!("test"), &json!("Kith test")));
}

#[tokio::test]
async fn the_field_history_tells_every_change_of_every_field() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, id) = past(&house, &owner).await;
    house.patch(&owner, &path, &json!({ "phone": "0813000002" })).await.is(200);
    let list = async |query: &str| house.get(&owner, &format!("/api/v1/field-history/?{query}")).await.is(200).json();
    let phone = list(&format!("model=customer&object_id={id}&field_name=phone")).await;
    assert_eq!(phone["count"], 2);
    let row = &phone["results"][0];
    assert_eq!((&row["field_name"], &row["field_label"]), (&json!("phone"), &json!("Phone")));
    assert_eq!((&row["old_value"], &row["new_value"]), (&json!("0812000001"), &json!("0813000002")));
    assert_eq!((&row["changed_by"], &row["model"], &row["object_id"]), (&json!("The owner"), &json!("customer"), &json!(id)));
    let one = house.get(&owner, &format!("/api/v1/field-history/{}/", row["id"].as_str().expect("an id"))).await.is(200).json();
    assert_eq!(&one, row);
    let spent = list("field_name=total_spent").await;
    let row = &spent["results"][0];
    assert_eq!((&row["old_value"], &row["new_value"]), (&json!("0.00"), &json!("120000.50")));
    assert_eq!((&row["old_value_display"], &row["new_value_display"]), (&json!("Rp0"), &json!("Rp120,000.50")));
    let created = list(&format!("object_id={id}&field_name=name")).await;
    assert_eq!((&created["count"], &created["results"][0]["old_value"]), (&json!(1), &Value::Null));
    let all = list(&format!("object_id={id}&page_size=100")).await;
    let paged = list(&format!("object_id={id}&page_size=4&page=2")).await;
    assert_eq!(column(&paged, "results", "id"), column(&all, "results", "id")[4..8]);
    assert_eq!(
        (&paged["count"], all["results"].as_array().map(Vec::len)),
        (&all["count"], all["count"].as_u64().map(|n| n as usize))
    );
    assert_eq!(list("model=user&field_name=role").await["count"], 1);
    for query in ["model=lead", "model=customer&field_name=fone", "model=customer&field_name=role", "field_name=fone"] {
        let problem =
            house.get(&owner, &format!("/api/v1/field-history/?{query}")).await.problem(400, "request.invalid_parameter");
        assert!(problem.to_string().contains("Must be one of "), "{problem}");
    }
    assert_eq!(list(&format!("field_name=role&object_id={id}")).await["count"], 0, "a field of others");
    for path in ["0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000.name/", "nothing/"] {
        house.get(&owner, &format!("/api/v1/field-history/{path}")).await.problem(404, "request.not_found");
    }
}

#[tokio::test]
async fn the_timeline_is_read_on_by_its_cursor() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (_, id) = past(&house, &owner).await;
    let part = async |query: &str| house.get(&owner, &format!("/api/v1/timeline/{query}")).await.is(200).json();
    let all = part("?limit=500").await;
    assert_eq!((&all["count"], &all["next_cursor"]), (&json!(8), &Value::Null));
    let (mut ids, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let some = part(&query).await;
        assert_eq!(some["count"], 8);
        ids.extend(column(&some, "results", "id"));
        let Some(cursor) = some["next_cursor"].as_str() else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(ids, column(&all, "results", "id"));
    let entry = &part(&format!("?entity_type=customer&entity_id={id}&activity_types=updated,points_updated")).await["results"][1];
    assert_eq!(
        (&entry["type"], &entry["action"], &entry["changes"]),
        (&json!("audit"), &json!("update"), &json!(["phone", "city"]))
    );
    assert!(entry["id"].as_str().expect("an id").starts_with("audit_"));
    assert_eq!(
        (&entry["entity_type"], &entry["entity_id"], &entry["entity_name"]),
        (&json!("customer"), &json!(id), &json!("Jane Smith"))
    );
    assert_eq!((&entry["user"]["name"], &entry["user"]["email"]), (&json!("The owner"), &json!(owner.email)));
    let given = &part("?activity_types=points_updated").await["results"][0];
    assert_eq!(
        (&given["type"], &given["action"], &given["description"]),
        (&json!("activity"), &json!("points_updated"), &json!("Gave 50 points: birthday"))
    );
    assert!(given["id"].as_str().expect("an id").starts_with("activity_") && given["changes"].is_null());
    assert_eq!(part("?activity_types=delete,created").await["count"], 4);
    let user = entry["user"]["id"].as_str().expect("an id");
    assert_eq!(part(&format!("?user_id={user}")).await["count"], 6);
    assert_eq!(part("user/").await["count"], 6, "what one did oneself");
    assert_eq!(part(&format!("user/{user}/?limit=2")).await["results"].as_array().map(Vec::len), Some(2));
    let entity = part(&format!("customer/{id}")).await;
    assert_eq!((&entity["entity_type"], &entity["entity_id"], &entity["count"]), (&json!("customer"), &json!(id), &json!(6)));
    assert_eq!((&entity["timeline"][5]["action"], &entity["timeline"][5]["user"]), (&json!("created"), &json!("The owner")));
    let tomorrow = Utc::now().date_naive().succ_opt().expect("a day");
    assert_eq!(part(&format!("?start_date={tomorrow}")).await["count"], 0);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("cursor=here", "cursor"),
        ("entity_type=lead", "entity_type"),
        ("activity_types=created,danced", "activity_types"),
        ("activity_types=,", "activity_types"),
        ("activity_types=created,", "activity_types"),
        ("start_date=2024-01-15T10:00:00Z&end_date=2024-01-14", "start_date"),
    ] {
        let problem = house.get(&owner, &format!("/api/v1/timeline/?{query}")).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"][field].is_array(), "{problem}");
    }
    for path in ["customer/0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000/", "lead/1/", "user/0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000/"] {
        house.get(&owner, &format!("/api/v1/timeline/{path}")).await.problem(404, "request.not_found");
    }
}
