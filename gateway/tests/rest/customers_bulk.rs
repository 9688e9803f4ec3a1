//! `/api/customers/bulk_update/`.

use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn many_customers_change_at_once_and_unknown_ids_are_named() {
    let house = House::start().await;
    let owner = house.owner().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let path = house.customer(&owner, "Jane", &format!("jane{number}@example.com")).await;
        ids.push(path.split('/').nth(3).expect("an id").to_owned());
    }
    let bulk = async |body: Value| house.post(Some(&owner), "/api/customers/bulk_update/", &body).await;
    let answer = bulk(json!({ "customer_ids": ids, "action": "deactivate" })).await.is(200).json();
    assert_eq!(answer, json!({ "message": "3 customers updated successfully", "updated": 3, "not_found": [] }));
    assert_eq!(house.get(&owner, "/api/customers/?is_active=false").await.json()["count"], 3);
    // What is so already counts as updated, as in the document; ids may be numbers, and come twice.
    let answer = bulk(json!({ "customer_ids": [ids[0], ids[0], 17, "no.id"], "action": "deactivate" })).await.is(200).json();
    assert_eq!(answer["message"], "1 customers updated successfully");
    assert_eq!(answer["not_found"], json!(["no.id", "17"]));
    for (body, error) in [
        (json!({ "customer_ids": [], "action": "activate" }), "No customers selected"),
        (json!({ "action": "activate" }), "No customers selected"),
        (json!({ "customer_ids": ids, "action": "delete" }), "Invalid action"),
        (json!({ "customer_ids": ids }), "Invalid action"),
        (json!({ "customer_ids": [{}], "action": "activate" }), "customer_ids: Every id must be a text."),
    ] {
        assert_eq!(bulk(body).await.problem(400, "request.invalid")["error"], error);
    }
    let many: Vec<String> = (0..20_001).map(|number| number.to_string()).collect();
    bulk(json!({ "customer_ids": many, "action": "activate" })).await.problem(400, "request.invalid");
    assert_eq!(house.get(&owner, "/api/customers/?is_active=false").await.json()["count"], 3);
}
