//! `/api/tenant/` and `/api/tenants/`.

use events::{Role, TenantId};
use poem::http::Method;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn a_tenant_changes_its_own_settings() {
    let house = House::start().await;
    let owner = house.owner().await;
    let tenant = house.get(&owner, "/api/tenant/").await.is(200).json();
    assert_eq!(
        (&tenant["name"], &tenant["currency"], &tenant["earning_rule"]),
        (&json!("My Restaurant"), &json!("IDR"), &Value::Null)
    );
    let change = json!({ "name": "Your Restaurant", "earning_rule": { "points": 1, "per": "10000.00" } });
    let changed = house.patch(&owner, "/api/tenant/", &change).await.is(200).json();
    assert_eq!(changed["earning_rule"], json!({ "points": 1, "per": "10000.00" }));
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    assert_eq!(house.get(&owner, &path).await.json()["tenant_name"], "Your Restaurant");
    assert_eq!(
        house.patch(&owner, "/api/tenant/", &json!({ "earning_rule": null })).await.is(200).json()["earning_rule"],
        Value::Null
    );
    let half = json!({ "name": "Half", "earning_rule": { "points": 0, "per": "1" } });
    house.patch(&owner, "/api/tenant/", &half).await.problem(400, "tenant.invalid");
    let wrong = json!({ "earning_rule": { "points": 1, "per": "1", "pre": 1 } });
    let wrong = house.patch(&owner, "/api/tenant/", &wrong).await.problem(400, "request.invalid");
    assert!(wrong["errors"]["earning_rule.pre"].is_array());
    assert_eq!(house.get(&owner, "/api/tenant/").await.json()["name"], "Your Restaurant", "nothing is half done");
    assert_eq!(
        house.patch(&owner, "/api/tenant/", &json!({ "name": "" })).await.problem(400, "tenant.invalid")["error"],
        "Name is required"
    );
}

#[tokio::test]
async fn operators_add_and_list_tenants() {
    let house = House::start().await;
    let operator = house.somebody(&TenantId::platform(), Role::Operator).await;
    let body = json!({ "name": "New", "currency": "EUR" });
    let add = async || house.ask(Some(&operator), Method::POST, "/api/tenants/", &[("idempotency-key", "k")], Some(&body)).await;
    let created = add().await.is(201).json();
    assert_eq!(add().await.is(201).json(), created);
    let list = house.get(&operator, "/api/tenants/").await.is(200).json();
    assert_eq!(list["count"], 1);
    let headers = [("x-tenant-id", created["id"].as_str().expect("an id"))];
    assert_eq!(house.ask(Some(&operator), Method::GET, "/api/tenant/", &headers, None).await.is(200).json(), created);
    house
        .post(Some(&operator), "/api/tenants/", &json!({ "name": "X", "currency": "euro" }))
        .await
        .problem(400, "request.invalid");
    let owner = house.owner().await;
    house.get(&owner, "/api/tenants/").await.problem(403, "auth.forbidden");
}
