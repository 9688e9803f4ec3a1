//! `/api/customers/import/` and `/api/customers/export/`.

use serde_json::json;

use crate::house::House;

const IMPORT: &str = "/api/customers/import/";

#[tokio::test]
async fn good_rows_are_kept_and_bad_ones_told_with_line_and_reason() {
    let house = House::start().await;
    let owner = house.owner().await;
    let file = "name,email,phone,loyalty_points,total_orders,total_spent,created_at\n\
                Jane,jane@example.com,+62 811,120,3,99000.50,2023-05-01\n\
                ,nobody@example.com,,,,,\n\
                John,jane@EXAMPLE.com,,,,,\n\
                Jim,jim@example.com,,many,,,\n\
                Joe,joe@example.com,,,,,\n";
    let report = house.upload(&owner, IMPORT, &[], file).await.is(200).json();
    assert_eq!((&report["imported"], &report["refused"], &report["truncated"]), (&json!(2), &json!(3), &json!(false)));
    let rows = report["rows"].as_array().expect("rows");
    let told: Vec<_> =
        rows.iter().map(|row| (row["line"].as_u64().expect("a line"), row["outcome"].as_str().expect("one"))).collect();
    assert_eq!(told, [(2, "created"), (3, "invalid"), (4, "already_exists"), (5, "invalid"), (6, "created")]);
    assert_eq!(rows[1]["errors"]["name"], json!(["Name is required"]));
    assert!(rows[3]["errors"]["loyalty_points"].is_array());
    let jane = house.get(&owner, &format!("/api/customers/{}/", rows[0]["id"].as_str().expect("an id"))).await.is(200).json();
    assert_eq!((&jane["total_spent"], &jane["loyalty_tier"]), (&json!("99000.50"), &json!("Silver")));
    assert_eq!(jane["created_at"], "2023-05-01T00:00:00Z");
    // Once more: nobody is there twice.
    let again = house.upload(&owner, IMPORT, &[], file).await.is(200).json();
    assert_eq!(again["imported"], 0);
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 2);
}

#[tokio::test]
async fn an_atomic_import_keeps_all_or_nothing() {
    let house = House::start().await;
    let owner = house.owner().await;
    let bad = "name,email\nJane,jane@example.com\nJohn,nothing\n";
    let problem = house.upload(&owner, &format!("{IMPORT}?atomic=true"), &[], bad).await.problem(400, "request.invalid");
    assert!(problem["errors"]["line 3"].is_array(), "{problem}");
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 0);
    let good = "name,email\nJane,jane@example.com\nJohn,john@example.com\n";
    let headers = [("idempotency-key", "once")];
    let first = house.upload(&owner, &format!("{IMPORT}?atomic=true"), &headers, good).await.is(200).json();
    assert_eq!(first["imported"], 2);
    let repeat = house.upload(&owner, &format!("{IMPORT}?atomic=true"), &headers, good).await.is(200).json();
    assert_eq!(repeat, first);
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 2);
}

#[tokio::test]
async fn files_that_cannot_be_read_are_refused() {
    let house = House::start().await;
    let owner = house.owner().await;
    for file in ["", "name\nJane\n", "name,email,shoe_size\n"] {
        let problem = house.upload(&owner, IMPORT, &[], file).await.problem(400, "request.invalid");
        assert!(problem["errors"]["file"].is_array());
    }
    house.post(Some(&owner), IMPORT, &json!({})).await.problem(415, "request.unsupported_media_type");
}

#[tokio::test]
async fn an_export_is_harmless_in_a_spreadsheet_and_comes_back_as_it_was() {
    let house = House::start().await;
    let owner = house.owner().await;
    let names = ["=1+1", "+1", "-1", "@sum", "'=1", "Plain, with \"quotes\""];
    for (number, name) in names.iter().enumerate() {
        let body = json!({ "name": name, "email": format!("c{number}@example.com"), "phone": "+62 811 000", "notes": "a\nb" });
        house.post(Some(&owner), "/api/customers/", &body).await.is(201);
    }
    let export = house.get(&owner, "/api/customers/export/").await.is(200);
    assert_eq!(export.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(export.wanted("content-disposition").contains("customers.csv"));
    for cell in ["'=1+1", "'+1", "'-1", "'@sum", "''=1", "'+62 811 000"] {
        assert!(export.text.contains(cell), "{cell} in {}", export.text);
    }
    assert!(export.text.starts_with("name,email,phone,"));
    assert_eq!(house.get(&owner, "/api/customers/export/?search=sum").await.is(200).text.matches("example.com").count(), 1);

    let other = house.owner().await;
    assert_eq!(house.upload(&other, IMPORT, &[], &export.text).await.is(200).json()["imported"], names.len());
    let copied = house.get(&other, "/api/customers/export/").await.is(200);
    assert_eq!(copied.text, export.text);
    house.get(&owner, "/api/customers/export/?is_active=perhaps").await.problem(400, "request.invalid_parameter");
}
