//! The agent desk where nothing may be changed: a platform as it was, and people who only look.

use kith_tests::socket::Socket;
use kith_tests::world::{self, PASSWORD};
use kith_tests::{Api, Service, ServiceOptions, World};
use serde_json::{Value, json};

/// Somebody asks for a person; gives the customer's id and the position.
async fn plea(owner: &Api) -> (String, String) {
    let page = json!({ "source": "telegram", "external_id": "4711", "name": "Front Page" });
    let page = owner.post("/api/pages/", &page).await.expect(201).id();
    let said = json!({ "page_id": page, "source_id": "Jane", "first_name": "Jane", "text": "I want to speak to a human" });
    let taken = owner.post("/api/desk/inbound/", &said).await.expect(200);
    let position = taken.json()["position"].to_string();
    (taken.json()["customer_id"].as_str().expect("an id").to_owned(), position)
}

/// Everything that changes something, by what an agent may say at the desk.
fn commands(customer: &str) -> [Value; 5] {
    [
        json!({ "type": "assign_agent", "request_id": 1, "data": { "customer_id": customer } }),
        json!({ "type": "unassign_agent", "request_id": 2, "data": { "customer_id": customer } }),
        json!({ "type": "send_message", "request_id": 3, "customer_id": customer, "message": "Hello" }),
        json!({ "type": "set_priority", "request_id": 4, "data": { "customer_id": customer, "priority": "urgent" } }),
        json!({ "type": "set_availability", "request_id": 5, "data": { "is_available": true } }),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_desk_of_a_past_moment_agents_look_and_are_told_that_they_cannot_work() {
    let world = World::new().await;
    let agent = world::user(&world.service, &world.options, &world.tenant, "agent").await;
    let (customer, position) = plea(&world.owner).await;
    let _ = agent.post(&format!("/api/dashboard/customers/{customer}/message"), &json!({ "message": "Hi" })).await.expect(200);

    let arguments = vec!["--as-of".to_owned(), position.clone()];
    let past = Service::start(&ServiceOptions { arguments, ..world.options.clone() }).await;
    let there = Api::sign_in(&past.address, &format!("agent@{}.example", world.tenant), PASSWORD).await;
    let mut socket = Socket::open(&there, "/ws/desk/").await;
    socket.say(&json!({ "type": "get_stopped_customers" })).await;
    let list = socket.next("stopped_customers").await;
    let jane = &list["data"]["customers"][0];
    assert_eq!((&jane["customer_id"], &jane["is_assigned"], &jane["stop"]), (&json!(customer), &json!(false), &json!(true)));
    assert_eq!(jane["waiting_time"], "0 seconds", "as long as they had waited then");
    for said in commands(&customer) {
        socket.say(&said).await;
        let refused = socket.next("error").await;
        assert_eq!((&refused["code"], &refused["request_id"]), (&json!("service.read_only"), &said["request_id"]), "{said}");
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("nothing can be changed here")), "{refused}");
    }
    socket.say(&json!({ "type": "get_conversation", "data": { "customer_id": customer } })).await;
    assert_eq!(socket.next("conversation").await["data"]["count"], 2, "the plea and the word that somebody comes");
    let stop = there.post(&format!("/api/dashboard/customers/{customer}/toggle-stop/"), &Value::Null).await.expect(409);
    assert_eq!(stop.json()["code"], "service.read_only");
    assert!(past.stop().await.success());
    for (kind, count) in [
        ("conversation.agent_assigned", 1),
        ("conversation.agent_unassigned", 0),
        ("conversation.agent_replied", 1),
        ("conversation.priority_set", 0),
        ("user.availability_set", 0),
    ] {
        assert_eq!(world.owner.events(kind).await.len(), count, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_looks_has_no_place_at_the_desk() {
    let world = World::new().await;
    let viewer = world::user(&world.service, &world.options, &world.tenant, "viewer").await;
    let (customer, _) = plea(&world.owner).await;
    let refused = viewer.get("/ws/desk/").await.expect(403).json();
    assert_eq!(refused["code"], "auth.forbidden");
    // They see the customers over REST all the same.
    let path = format!("/api/dashboard/customers/{customer}/");
    assert_eq!(viewer.get(&path).await.expect(200).json()["stop"], true);
    let _ = viewer.put(&format!("{path}stop/"), &json!({ "stop": false })).await.expect(403);
}
