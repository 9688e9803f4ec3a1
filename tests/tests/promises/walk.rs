//! The walk of spec 002, "Test API Endpoints Directly", call by call.

use kith_tests::World;
use serde_json::json;

#[tokio::test]
async fn the_walk_of_the_specification_goes_as_written() {
    let world = World::new().await;
    let api = &world.owner;

    // 1. List customers
    let list = api.get("/api/customers/").await.expect(200).json();
    assert_eq!(list, json!({"count": 0, "next": null, "previous": null, "results": []}));

    // 2. Get statistics
    let tiers = |bronze, silver| json!({"platinum": 0, "gold": 0, "silver": silver, "bronze": bronze});
    let stats = api.get("/api/customers/stats/").await.expect(200).json();
    let empty = json!({"total_customers": 0, "active_customers": 0, "total_loyalty_points": 0, "customers_by_tier": tiers(0, 0)});
    assert_eq!(stats, empty);

    // 3. Create customer
    let body = json!({"name": "API Test Customer", "email": "apitest@example.com", "phone": "08123456789"});
    let created = api.post("/api/customers/", &body).await.expect(201);
    let id = created.id();
    assert_eq!(created.json()["loyalty_tier"], "Bronze");
    assert_eq!(created.json()["tenant_name"], "First");
    let next = api.get("/api/customers/").await.expect(200).json();
    assert_eq!((&next["count"], &next["results"][0]["id"]), (&json!(1), &json!(id)), "the next list shows it");

    // 4. Update customer
    let detail = format!("/api/customers/{id}/");
    let patched = api.patch(&detail, &json!({"phone": "08987654321"})).await.expect(200).json();
    assert_eq!((&patched["phone"], &patched["name"]), (&json!("08987654321"), &json!("API Test Customer")));

    // 5. Update points
    let points = json!({"points": 100, "reason": "Welcome bonus"});
    let updated = api.post(&format!("{detail}update_points/"), &points).await.expect(200).json();
    assert_eq!((&updated["loyalty_points"], &updated["loyalty_tier"]), (&json!(100), &json!("Silver")));
    let ledger = api.get(&format!("{detail}points/")).await.expect(200).json();
    assert_eq!((&ledger["count"], &ledger["results"][0]["reason"]), (&json!(1), &json!("Welcome bonus")));

    // 6. Bulk update
    let bulk = json!({"customer_ids": [id, "nobody"], "action": "deactivate"});
    let answer = api.post("/api/customers/bulk_update/", &bulk).await.expect(200).json();
    assert_eq!((&answer["message"], &answer["updated"]), (&json!("1 customers updated successfully"), &json!(1)));
    let stats = api.get("/api/customers/stats/").await.expect(200).json();
    let one = json!({"total_customers": 1, "active_customers": 0, "total_loyalty_points": 100, "customers_by_tier": tiers(0, 1)});
    assert_eq!(stats, one);
    let shown = api.get(&detail).await.expect(200).json();
    assert_eq!((&shown["is_active"], &shown["average_order_value"]), (&json!(false), &json!(0.0)));

    // 7. Delete customer
    let gone = api.delete(&detail).await.expect(204);
    assert_eq!(gone.text, "");
    let _ = api.get(&detail).await.expect(404);
    assert_eq!(api.get("/api/customers/").await.expect(200).json()["count"], 0);
    let _ = api.post("/api/customers/", &body).await.expect(201);
}

#[tokio::test]
async fn a_path_works_with_and_without_its_last_slash() {
    let world = World::new().await;
    let api = &world.owner;
    let id = api.post("/api/customers", &json!({"name": "A", "email": "a@example.com"})).await.expect(201).id();
    for path in ["/api/customers".to_owned(), "/api/customers/stats".to_owned(), format!("/api/customers/{id}")] {
        assert_eq!(api.get(&path).await.expect(200).json(), api.get(&format!("{path}/")).await.expect(200).json(), "{path}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_told() {
    let world = World::new().await;
    let nobody = world.service.api("");
    for path in ["/api/customers/", "/api/customers/stats/", "/api/customers/export/", "/api/users/"] {
        let _ = nobody.get(path).await.expect(401);
        let _ = world.service.api("not-a-token").get(path).await.expect(401);
    }
}

#[tokio::test]
async fn the_sentences_of_the_specification_are_kept() {
    let world = World::new().await;
    let api = &world.owner;
    let body = json!({"name": "Jane Smith", "email": "jane@example.com"});
    let id = api.post("/api/customers/", &body).await.expect(201).id();
    let taken = api.post("/api/customers/", &json!({"name": "Other", "email": "JANE@example.com "})).await.expect(409).json();
    assert_eq!(taken["errors"]["email"], json!(["Customer with this email already exists"]));
    assert_eq!(taken["code"], "customer.email_taken");
    let nameless = api.post("/api/customers/", &json!({"email": "test@"})).await.expect(400).json();
    assert_eq!(nameless["errors"]["name"], json!(["Name is required"]));
    assert!(nameless["errors"]["email"].is_array(), "every field's error at once: {nameless}");
    let points = api.post(&format!("/api/customers/{id}/update_points/"), &json!({"points": "many"})).await.expect(400).json();
    assert_eq!(points["error"], "Invalid points value");
    let none =
        api.post("/api/customers/bulk_update/", &json!({"customer_ids": [], "action": "activate"})).await.expect(400).json();
    assert_eq!(none["error"], "No customers selected");
    let action =
        api.post("/api/customers/bulk_update/", &json!({"customer_ids": [id], "action": "sing"})).await.expect(400).json();
    assert_eq!(action["error"], "Invalid action");
}
