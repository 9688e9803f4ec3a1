//! Customers who want a person are given to the available agent who handles the fewest, where the tenant wants that.

use std::collections::BTreeMap;

use events::Role;
use gateway::desk::assignment;
use serde_json::{Value, json};

use crate::desk::{Desk, Talker};
use crate::house::{House, Somebody};
use crate::socket::{Port, Socket};

async fn available(house: &House, who: &Somebody, is_available: bool) {
    house.put(who, "/api/desk/availability/", &json!({ "is_available": is_available })).await.is(200);
}

async fn least_busy(house: &House, desk: &Desk) -> Somebody {
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    house.put(&owner, "/api/desk/assignment_rule/", &json!({ "rule": "least_busy" })).await.is(200);
    owner
}

/// The next assignment that the desk is told of: the customer, and the agent.
async fn assignment(socket: &mut Socket) -> (Value, String) {
    loop {
        let frame = socket.told().await;
        if frame["type"] == "agent_assignment_changed" && frame["data"]["is_assigned"] == true {
            assert_eq!(frame["data"]["cause"], "rule");
            return (frame["data"]["customer_id"].clone(), frame["data"]["agent_name"].as_str().expect("a name").to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_at_the_start_or_asks_later_goes_to_the_least_busy() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = least_busy(&house, &desk).await;
    let manual = Desk::open(&house).await;
    let left = manual.stopped(&house, "Zoe").await;
    // Nobody is there yet, and the process that gave out customers was killed: two wait.
    let mut waiting = vec![desk.stopped(&house, "One").await, desk.stopped(&house, "Two").await];
    let mut socket = desk.socket(&port, &owner, "").await;
    let works = tokio::spawn(assignment::run(house.state.clone()));
    let also_works = tokio::spawn(assignment::run(house.state.clone()));
    available(&house, &a, true).await;
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..2 {
        let (customer, agent) = assignment(&mut socket).await;
        assert!(waiting.iter().any(|talker| customer == json!(talker.customer)));
        *given.entry(agent).or_default() += 1;
    }
    assert_eq!(given, BTreeMap::from([("Agent A".to_owned(), 2)]));
    available(&house, &b, true).await;
    for name in ["Three", "Four"] {
        waiting.push(desk.stopped(&house, name).await);
        assert_eq!(assignment(&mut socket).await.1, "Agent B");
    }
    // Who is not available any more gets nobody more, however little there is to do.
    available(&house, &a, false).await;
    desk.stopped(&house, "Five").await;
    assert_eq!(assignment(&mut socket).await.1, "Agent B");
    let nobodys = house.get(&house.somebody(&manual.tenant, Role::Owner).await, &left.path("")).await.is(200).json();
    assert_eq!(nobodys["is_assigned"], false, "another tenant chooses by hand");
    house.state.live.stop();
    tokio::try_join!(works, also_works).expect("both end with the process");
}

#[tokio::test]
async fn who_gives_a_customer_back_does_not_get_them_again() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = least_busy(&house, &desk).await;
    let mut socket = desk.socket(&port, &owner, "").await;
    let works = tokio::spawn(assignment::run(house.state.clone()));
    available(&house, &a, true).await;
    let jane: Talker = desk.stopped(&house, "Jane").await;
    assert_eq!(assignment(&mut socket).await.1, "Agent A");
    house.put(&a, &jane.path("/agent/"), &json!({ "agent_id": null, "helped": false })).await.is(200);
    available(&house, &b, true).await;
    assert_eq!(assignment(&mut socket).await.1, "Agent B");
    house.state.live.stop();
    works.await.expect("it ends with the process");
}
