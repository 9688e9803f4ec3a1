//! `/api/customers/{id}/update_points/`, `points/` and `orders/`.

use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn points_are_given_and_taken_and_the_ledger_tells() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let points = async |body: Value| house.post(Some(&owner), &format!("{path}update_points/"), &body).await;
    let given = points(json!({ "points": 50, "reason": "Bonus points for birthday" })).await.is(200).json();
    assert_eq!((&given["loyalty_points"], &given["loyalty_tier"]), (&json!(50), &json!("Bronze")));
    assert_eq!(points(json!({ "points": " 100 " })).await.is(200).json()["loyalty_tier"], "Silver");
    assert_eq!(points(json!({ "points": -1000, "reason": "correction" })).await.is(200).json()["loyalty_points"], 0);
    for bad in [json!("many"), json!(1.5), json!(null), json!([1]), json!(true), json!(""), json!("9223372036854775808")] {
        let problem = points(json!({ "points": bad })).await.problem(400, "request.invalid");
        assert_eq!(problem["error"], "Invalid points value");
    }
    points(json!({ "points": i64::MAX })).await.problem(400, "customer.invalid");
    points(json!({ "point": 1 })).await.problem(400, "request.invalid");
    points(json!({ "points": -1, "strict": true })).await.problem(409, "customer.points_insufficient");

    let ledger = house.get(&owner, &format!("{path}points/?page_size=2")).await.is(200).json();
    assert_eq!(ledger["count"], 3);
    let newest = &ledger["results"][0];
    assert_eq!((&newest["requested"], &newest["applied"], &newest["balance"]), (&json!(-1000), &json!(-150), &json!(0)));
    assert_eq!((&newest["reason"], &newest["actor"]), (&json!("correction"), &json!("The owner")));
    assert_eq!(ledger["next"], format!("http://kith.test{path}points/?page_size=2&page=2"));
}

#[tokio::test]
async fn orders_add_up_and_earn_points() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    let order = async |body: Value| house.post(Some(&owner), &format!("{path}orders/"), &body).await;
    assert_eq!(order(json!({ "amount": "150000.50" })).await.is(200).json()["loyalty_points"], 0);
    house.patch(&owner, "/api/tenant/", &json!({ "earning_rule": { "points": 2, "per": "10000" } })).await.is(200);
    let done = order(json!({ "amount": 25000, "number": "A-1", "placed_at": "2024-01-20T15:45:00Z" })).await.is(200).json();
    assert_eq!((&done["total_orders"], &done["total_spent"]), (&json!(2), &json!("175000.50")));
    assert_eq!(done["loyalty_points"], 4);
    let detail = house.get(&owner, &path).await.json();
    assert_eq!(detail["average_order_value"], json!(87500.25));
    order(json!({ "amount": "1.00", "number": "A-1" })).await.problem(409, "customer.order_number_taken");
    order(json!({ "amount": "1.00", "currency": "USD" })).await.problem(400, "customer.currency_mismatch");
    for body in [
        json!({}),
        json!({ "amount": "1.234" }),
        json!({ "amount": -1 }),
        json!({ "amount": null }),
        json!({ "amount": "1", "currency": "rupiah" }),
    ] {
        order(body).await.problem(400, "request.invalid");
    }
}
