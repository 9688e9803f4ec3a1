//! `/api/desk/metrics/`: how the desk is doing, now and as of a moment.

use events::Role;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::house::House;

const PATH: &str = "/api/desk/metrics/";

#[tokio::test]
async fn what_agents_did_is_counted_by_day_and_by_agent() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    let [jane, joe] = [desk.stopped(&house, "Jane Doe").await, desk.stopped(&house, "Joe").await];
    let before = house.get(&owner, PATH).await.is(200);
    let waiting = before.json();
    assert_eq!(waiting["total"]["queue_length"], json!({ "at_end": 2, "longest": 2 }));
    assert_eq!(waiting["total"]["response_time"]["count"], 0);

    house.post(Some(&a), &jane.path("/message"), &json!({ "message": "Hello" })).await.is(200);
    house.put(&a, &jane.path("/stop"), &json!({ "stop": false })).await.is(200);
    house.post(Some(&a), &jane.desk("/rating/"), &json!({ "score": 4 })).await.is(200);
    house.put(&b, &joe.path("/stop"), &json!({ "stop": false })).await.is(200);
    let metrics = house.get(&owner, PATH).await.is(200).json();
    let total = &metrics["total"];
    assert_eq!((&total["requests"], &total["takeovers"]), (&json!(2), &json!(0)));
    assert_eq!((&total["response_time"]["count"], &total["handle_time"]["count"]), (&json!(1), &json!(1)));
    assert_eq!(total["queue_length"], json!({ "at_end": 0, "longest": 2 }));
    assert_eq!(total["resolution"], json!({ "helped": 1, "abandoned": 1, "rate": 0.5 }));
    assert_eq!(total["satisfaction"], json!({ "ratings": 1, "mean": 4.0 }));
    let [agent] = metrics["agents"].as_array().expect("agents").as_slice() else { panic!("one agent: {metrics}") };
    assert_eq!((&agent["agent_name"], &agent["utilisation"]["conversations"]), (&json!("Agent A"), &json!(1)));
    assert_eq!((&agent["resolution"]["helped"], &agent["queue_length"]), (&json!(1), &Value::Null));
    let days = metrics["days"].as_array().expect("days");
    assert_eq!((days.len(), &days[6]["resolution"]), (7, &total["resolution"]));

    let position = before.wanted("kith-position");
    let then = house.get(&owner, &format!("{PATH}?as_of={position}")).await.is(200).json();
    for what in ["requests", "response_time", "queue_length", "resolution", "satisfaction"] {
        assert_eq!(then["total"][what], waiting["total"][what], "{what} as of {position}");
    }
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_and_others_see_nothing() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    desk.stopped(&house, "Jane Doe").await;
    for query in ["?from=yesterday", "?to=2024-02-30", "?from=2024-01-02&to=2024-01-01", "?from=2020-01-01", "?as_of=never"] {
        house.get(&owner, &format!("{PATH}{query}")).await.problem(400, "request.invalid_parameter");
    }
    house.get(&owner, &format!("{PATH}?page_id=unknown")).await.is(403);
    let stranger = house.somebody(&house.tenant("Another").await, Role::Owner).await;
    let metrics = house.get(&stranger, PATH).await.is(200).json();
    assert_eq!(metrics["total"]["queue_length"], json!({ "at_end": 0, "longest": 0 }));
    house.get(&stranger, &format!("{PATH}?page_id={}", desk.page)).await.is(403);
    let agent = desk.agent(&house, "Agent A").await;
    house.get(&agent, PATH).await.problem(403, "auth.forbidden");
    let of_page = house.get(&owner, &format!("{PATH}?page_id={}&from=2024-01-01&to=2024-01-07", desk.page)).await.is(200).json();
    assert_eq!((&of_page["from"], &of_page["total"]["requests"]), (&json!("2024-01-01"), &json!(0)));
}
