//! `/api/bookings/provider_dashboard/`.

use events::Role;
use serde_json::{Value, json};

use crate::bookings::{Salon, entered};

const HEADER: &str = "Customer Name,Email,Phone,Total Bookings,Total Spent,Average Rating,Customer Status,First Booking,Last Booking,\
     Is Favorite,Is Blocked,Notes\n";

fn names(list: &Value) -> Vec<&str> {
    let results = list["results"].as_array().expect("a list");
    results.iter().map(|relation| relation["customer"]["first_name"].as_str().expect("a name")).collect()
}

/// Jane came, paid and rated; John booked twice.
async fn busy() -> (Salon, String) {
    let salon = Salon::open().await;
    let path = salon.walk_in().await;
    salon.step(&path, "confirm", &json!({})).await.is(200);
    salon.step(&path, "complete", &json!({})).await.is(200);
    salon.step(&path, "review", &json!({ "rating": 4, "text": "Fine" })).await.is(200);
    let john = entered(&salon.house, &salon.owner, "John Doe", "john@example.com").await;
    for minutes in [60, 120] {
        salon.book(&salon.provider, &john, minutes, 60).await.is(201);
    }
    (salon, john)
}

#[tokio::test]
async fn the_customers_of_a_provider_are_listed_as_the_document_shows_them() {
    let (salon, _) = busy().await;
    let list = salon.dashboard(&salon.provider, "customers/").await;
    assert_eq!((&list["count"], names(&list)), (&json!(2), vec!["John", "Jane"]));
    let jane = &list["results"][1];
    assert_eq!(jane["customer"]["last_name"], "Smith");
    assert_eq!(jane["customer"]["email"], "jane@example.com");
    assert!(jane["customer"]["date_joined"].is_string());
    let facts =
        ["total_bookings", "completed_bookings", "total_spent", "average_rating", "is_favorite_customer", "customer_status"];
    assert_eq!(facts.map(|fact| jane[fact].clone()), [json!(1), json!(1), json!(100.0), json!(4.0), json!(false), json!("new")]);
    assert_eq!(list["results"][0]["customer_status"], "returning");
    for (query, expected) in [
        ("?sort_by=name", vec!["Jane", "John"]),
        ("?sort_by=name&order=desc", vec!["John", "Jane"]),
        ("?sort_by=total_bookings", vec!["John", "Jane"]),
        ("?sort_by=total_spent", vec!["Jane", "John"]),
        ("?sort_by=average_rating&order=asc", vec!["John", "Jane"]),
        ("?sort_by=first_booking_date&order=asc", vec!["Jane", "John"]),
        ("?status=returning", vec!["John"]),
        ("?status=all&search=SMITH", vec!["Jane"]),
        ("?status=blocked", vec![]),
        ("?page_size=1&page=2", vec!["Jane"]),
    ] {
        assert_eq!(names(&salon.dashboard(&salon.provider, &format!("customers/{query}")).await), expected, "{query}");
    }
    for query in ["?status=lost", "?sort_by=age", "?order=up", "?page=0"] {
        let path = format!("/api/bookings/provider_dashboard/customers/{query}");
        salon.house.get(&salon.provider, &path).await.problem(400, "request.invalid_parameter");
    }
}

#[tokio::test]
async fn a_provider_favours_blocks_and_notes() {
    let (salon, john) = busy().await;
    let list = salon.dashboard(&salon.provider, "customers/?search=john").await;
    let id = list["results"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/bookings/provider_dashboard/{id}/update_customer_relation/");
    let said = json!({ "is_favorite_customer": true, "notes": "Prefers mornings" });
    let relation = salon.house.patch(&salon.provider, &path, &said).await.is(200).json();
    assert_eq!((&relation["customer_status"], &relation["notes"]), (&json!("favorite"), &json!("Prefers mornings")));
    let blocked = salon.house.patch(&salon.provider, &path, &json!({ "is_blocked": true })).await.is(200).json();
    assert_eq!((&blocked["customer_status"], &blocked["total_bookings"]), (&json!("blocked"), &json!(2)));
    let list = salon.dashboard(&salon.provider, "customers/?status=blocked").await;
    assert_eq!(list["results"][0], blocked);
    let refused = salon.book(&salon.provider, &john, 240, 60).await.problem(409, "booking.customer_blocked");
    assert_eq!(refused["error"], "Customer is blocked");
    salon.house.patch(&salon.provider, &path, &json!({ "is_blocked": false })).await.is(200);
    salon.book(&salon.provider, &john, 240, 60).await.is(201);

    let colleague = salon.house.somebody(&salon.owner.tenant, Role::Provider).await;
    for (who, path) in [(&colleague, path.clone()), (&salon.provider, path.replace(&id, "unknown"))] {
        let missing = salon.house.patch(who, &path, &said).await.problem(404, "relation.not_found");
        assert_eq!(missing["error"], "Customer relation not found");
    }
    assert_eq!(salon.dashboard(&colleague, "customers/").await["count"], 0);
    salon.house.patch(&salon.provider, &path, &json!({ "is_blocked": "yes" })).await.problem(400, "request.invalid");
}

#[tokio::test]
async fn statistics_are_told_now_and_then() {
    let (salon, _) = busy().await;
    let stats = salon.dashboard(&salon.provider, "customer_stats/").await;
    let expected = json!({
        "total_customers": 2, "regular_customers": 0, "returning_customers": 1, "new_customers_this_month": 2,
        "average_rating": 4.0, "retention_rate": 50.0,
        "trends": {
            "total_customers": null, "regular_customers": null, "new_customers_this_month": null,
            "average_rating": null, "retention_rate": null,
        },
    });
    assert_eq!(stats, expected);
    assert_eq!(salon.dashboard(&salon.owner, "customer_stats/").await, expected);
    let position = salon.house.get(&salon.provider, "/api/bookings/provider_dashboard/customers/").await.wanted("kith-position");
    let jane = entered(&salon.house, &salon.owner, "Mary Major", "mary@example.com").await;
    salon.book(&salon.provider, &jane, 300, 60).await.is(201);
    assert_eq!(salon.dashboard(&salon.provider, "customer_stats/").await["total_customers"], 3);
    assert_eq!(salon.dashboard(&salon.provider, &format!("customer_stats/?as_of={position}")).await, expected);
    let then = salon.dashboard(&salon.provider, &format!("customers/?as_of={position}")).await;
    assert_eq!((&then["count"], names(&then)), (&json!(2), vec!["John", "Jane"]));
}

#[tokio::test]
async fn activity_is_told_newest_first() {
    let (salon, _) = busy().await;
    let list = salon.dashboard(&salon.provider, "recent_customer_activity/?limit=6").await;
    let told: Vec<_> = list["activities"].as_array().expect("a list").iter().collect();
    let kinds: Vec<_> = told.iter().map(|activity| activity["type"].as_str().expect("a type")).collect();
    assert_eq!(kinds, ["booking", "booking", "review", "completed", "confirmed", "booking"]);
    assert_eq!((&told[2]["customer_name"], &told[2]["rating"]), (&json!("Jane Smith"), &json!(4)));
    assert_eq!((&told[0]["description"], &told[0]["amount"]), (&json!("Booked Massage"), &json!(100.0)));
    let short = salon.dashboard(&salon.provider, "recent_customer_activity/?limit=2").await;
    assert_eq!(short["activities"].as_array().expect("a list")[..], list["activities"].as_array().expect("a list")[..2]);
}

#[tokio::test]
async fn the_export_has_the_documents_columns() {
    let (salon, _) = busy().await;
    let file = salon.house.get(&salon.provider, "/api/bookings/provider_dashboard/export_customers/").await.is(200);
    assert!(file.wanted("content-disposition").starts_with("attachment; filename=\"customers_2"));
    let lines: Vec<_> = file.text.lines().collect();
    assert_eq!(format!("{}\n", lines[0]), HEADER);
    assert!(lines[1].starts_with("John Doe,john@example.com,,2,0.00,0.000,returning,"), "{}", lines[1]);
    assert!(lines[2].starts_with("Jane Smith,jane@example.com,,1,100.00,4.000,new,"), "{}", lines[2]);
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_trace_with_providers() {
    let (salon, john) = busy().await;
    let forget = format!("/api/customers/{john}/forget/");
    salon.house.post(Some(&salon.owner), &forget, &json!({})).await.is(204);
    assert_eq!(names(&salon.dashboard(&salon.provider, "customers/").await), ["Jane"]);
    assert_eq!(salon.dashboard(&salon.provider, "customer_stats/").await["total_customers"], 1);
    assert_eq!(salon.house.get(&salon.provider, "/api/bookings/").await.json()["count"], 1);
    let told = salon.dashboard(&salon.provider, "recent_customer_activity/").await;
    assert!(!told.to_string().contains(&john));
    salon.book(&salon.provider, &salon.customer, 60, 60).await.is(201);
    salon.book(&salon.provider, &john, 240, 60).await.problem(400, "request.invalid");
}
