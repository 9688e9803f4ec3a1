//! `/api/dashboard/customers`: the six endpoints of spec 001, and who may use them.

use events::Role;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::house::House;

#[tokio::test]
async fn customers_are_listed_filtered_and_shown() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let agent = desk.agent(&house, "Agent A").await;
    let (jane, john) = (desk.stopped(&house, "Jane Doe").await, desk.customer(&house, "John Smith").await);
    john.writes(&house, "When do you open?").await;
    house.put(&agent, &jane.path("/agent/"), &json!({ "agent_name": "agent a" })).await.is(200);
    let count = async |query: &str| {
        let list = house.get(&agent, &format!("/api/dashboard/customers{query}")).await.is(200).json();
        assert_eq!(list["pagination"]["count"], json!(list["customers"].as_array().expect("customers").len()), "{list}");
        list["pagination"]["count"].as_u64().expect("a count")
    };
    for (query, found) in [
        ("", 2),
        ("/?limit=50&skip=0", 2),
        ("?stop=true", 1),
        ("?stop=false", 1),
        ("?is_assigned=true", 1),
        ("?is_assigned=false&stop=true", 0),
        ("?status=support_active", 1),
        ("?priority=urgent", 0),
        ("?search=smith", 1),
    ] {
        assert_eq!(count(query).await, found, "{query}");
    }
    let list = house.get(&agent, "/api/dashboard/customers/?limit=1").await.is(200).json();
    assert_eq!(list["pagination"], json!({ "count": 2, "limit": 1, "skip": 0, "has_more": true }));
    assert_eq!(list["customers"][0]["last_message"], "When do you open?", "the one in which something was written last");

    let answer = house.get(&agent, &jane.path("")).await.is(200);
    let (customer, tag) = (answer.json(), answer.wanted("etag"));
    assert_eq!((&customer["agent_name"], &customer["is_assigned_to_me"]), (&json!("Agent A"), &json!(true)));
    assert_eq!(customer["assigned_at"].as_str().map(|time| time.ends_with('Z')), Some(true));
    let again = house.ask(Some(&agent), poem::http::Method::GET, &jane.path("/"), &[("if-none-match", &tag)], None).await;
    again.is(304);
    for (query, code) in [
        ("?limit=201", "request.invalid_parameter"),
        ("?limit=0", "request.invalid_parameter"),
        ("?skip=-1", "request.invalid_parameter"),
        ("?stop=perhaps", "request.invalid_parameter"),
        ("?status=open", "request.invalid_parameter"),
        ("?is_assigned=false&agent_id=x", "request.invalid_parameter"),
    ] {
        house.get(&agent, &format!("/api/dashboard/customers{query}")).await.problem(400, code);
    }
}

#[tokio::test]
async fn the_stop_flag_is_set_cleared_and_toggled() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    let jane = desk.customer(&house, "Jane").await;
    jane.writes(&house, "Hello").await;
    let stopped = house.put(&a, &jane.path("/stop"), &json!({ "stop": true })).await.is(200).json();
    assert_eq!(
        (&stopped["stop"], &stopped["status"], stopped["stopped_at"].is_string()),
        (&json!(true), &json!("support_active"), true)
    );
    let toggled = house.post(Some(&a), &jane.path("/toggle-stop"), &Value::Null).await.is(200).json();
    assert_eq!((&toggled["stop"], &toggled["stopped_at"]), (&json!(false), &Value::Null));
    let toggled = house.post(Some(&a), &jane.path("/toggle-stop/"), &Value::Null).await.is(200).json();
    assert_eq!(toggled["stop"], true);
    house.post(Some(&a), &jane.path("/message/"), &json!({ "message": "Hello" })).await.is(200);
    // Agent B ends nobody else's help; the owner may.
    house.put(&b, &jane.path("/stop/"), &json!({ "stop": false })).await.problem(403, "conversation.not_assigned_to_you");
    let freed = house.put(&owner, &jane.path("/stop/"), &json!({ "stop": false })).await.is(200).json();
    assert_eq!((&freed["stop"], &freed["agent_id"]), (&json!(false), &Value::Null));
    house.put(&a, &jane.path("/stop/"), &json!({})).await.problem(400, "request.invalid");
    let refused = house.post(Some(&a), &jane.path("/message/"), &json!({ "message": "Hello" })).await;
    assert_eq!(refused.problem(409, "conversation.not_requested")["error"], "Customer has not requested help");
}

#[tokio::test]
async fn an_agent_is_set_changed_and_taken_away() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let [a, b] = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    let jane = desk.stopped(&house, "Jane").await;
    let agent = async |who, body: Value| house.put(who, &jane.path("/agent"), &body).await;
    assert_eq!(agent(&a, json!({ "agent_name": "Agent B" })).await.is(200).json()["agent_email"], b.email);
    let taken = agent(&a, json!({ "agent_name": "Agent A" })).await.problem(409, "conversation.already_assigned");
    assert_eq!(taken["error"], "Already assigned to Agent B");
    agent(&a, json!({ "agent_id": null })).await.problem(403, "conversation.not_assigned_to_you");
    let given = agent(&owner, json!({ "agent_name": "Agent A" })).await.is(200).json();
    let id = given["agent_id"].as_str().expect("an id").to_owned();
    let waits = agent(&a, json!({ "agent_name": null, "helped": false })).await.is(200).json();
    assert_eq!((&waits["is_assigned"], &waits["stop"]), (&json!(false), &json!(true)));
    agent(&a, json!({ "agent_id": id })).await.is(200);
    let helped = agent(&a, json!({ "agent_id": "" })).await.is(200).json();
    assert_eq!((&helped["is_assigned"], &helped["stop"]), (&json!(false), &json!(false)));
    for body in [json!({}), json!({ "agent_id": "nobody" }), json!({ "agent_name": "Agent C" }), json!({ "agent_id": 7 })] {
        agent(&owner, body).await.problem(400, "request.invalid");
    }
    desk.agent(&house, "Agent B").await;
    agent(&owner, json!({ "agent_name": "Agent B" })).await.problem(400, "request.invalid");
}

#[tokio::test]
async fn one_of_two_pages_is_named_or_the_last_one_counts() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let agent = desk.agent(&house, "Agent A").await;
    let second = Desk::page(&house, &desk.tenant, "Second Page").await;
    let jane = desk.stopped(&house, "Jane").await;
    let page = |customer: Value| customer["page_name"].as_str().expect("a page").to_owned();
    assert_eq!(page(house.get(&agent, &jane.path("")).await.is(200).json()), "Front Page");
    let there = jane.at(&desk.tenant, &second);
    there.writes(&house, "And here").await;
    assert_eq!(page(house.get(&agent, &jane.path("")).await.is(200).json()), "Second Page");
    assert_eq!(page(house.get(&agent, &jane.path(&format!("/?page_id={}", desk.page))).await.is(200).json()), "Front Page");
    let named = json!({ "stop": false, "page_id": desk.page });
    assert_eq!(page(house.put(&agent, &jane.path("/stop"), &named).await.is(200).json()), "Front Page");
    let list = house.get(&agent, &format!("/api/dashboard/customers?page_id={second}")).await.is(200).json();
    assert_eq!(list["pagination"]["count"], 1);
}

#[tokio::test]
async fn nobody_reaches_another_tenant_s_customers_or_pages() {
    let house = House::start().await;
    let (desk, other) = (Desk::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let (mine, theirs) = (desk.stopped(&house, "Jane").await, other.stopped(&house, "John").await);
    let nobody = "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11";
    for id in [theirs.customer.as_str(), nobody, "a b"] {
        let id = id.replace(' ', "%20");
        let path = |rest: &str| format!("/api/dashboard/customers/{id}{rest}");
        let answers = [
            house.get(&agent, &path("")).await,
            house.put(&agent, &path("/stop"), &json!({ "stop": true })).await,
            house.post(Some(&agent), &path("/toggle-stop"), &Value::Null).await,
            house.put(&agent, &path("/agent"), &json!({ "agent_name": "Agent A" })).await,
            house.post(Some(&agent), &path("/message"), &json!({ "message": "Hello" })).await,
            house.put(&agent, &path("/stop"), &json!({ "stop": true, "page_id": desk.page })).await,
            house.get(&agent, &format!("/api/desk/customers/{id}/messages/")).await,
        ];
        for answer in answers {
            assert_eq!(answer.problem(404, "conversation.not_found")["error"], "Customer not found");
        }
    }
    for page in [other.page.as_str(), nobody] {
        let list = house.get(&agent, &format!("/api/dashboard/customers?page_id={page}")).await;
        let one = house.get(&agent, &mine.path(&format!("?page_id={page}"))).await;
        let stop = house.put(&agent, &mine.path("/stop"), &json!({ "stop": false, "page_id": page })).await;
        for answer in [list, one, stop] {
            assert_eq!(answer.problem(403, "page.access_denied")["error"], "Page access denied");
        }
    }
    assert_eq!(house.get(&agent, "/api/dashboard/customers").await.is(200).json()["pagination"]["count"], 1);
    let viewer = house.somebody(&desk.tenant, Role::Viewer).await;
    house.get(&viewer, &mine.path("")).await.is(200);
    house.put(&viewer, &mine.path("/stop"), &json!({ "stop": false })).await.problem(403, "auth.forbidden");
    let nobody = house.ask(None, poem::http::Method::GET, &mine.path(""), &[], None).await;
    nobody.problem(401, "auth.unauthenticated");
}

#[tokio::test]
async fn the_desk_is_shown_as_it_was() {
    let house = House::start().await;
    let desk = Desk::open(&house).await;
    let agent = desk.agent(&house, "Agent A").await;
    let jane = desk.stopped(&house, "Jane").await;
    let then = house.state.position(Some(&desk.tenant));
    house.post(Some(&agent), &jane.path("/message"), &json!({ "message": "Hello" })).await.is(200);
    let was = house.get(&agent, &jane.path(&format!("?as_of={then}"))).await.is(200).json();
    assert_eq!((&was["is_assigned"], &was["message_count"]), (&json!(false), &json!(1)));
    let list = house.get(&agent, &format!("/api/dashboard/customers?is_assigned=true&as_of={then}")).await.is(200).json();
    assert_eq!(list["pagination"]["count"], 0);
    let written = house.get(&agent, &jane.desk(&format!("/messages/?as_of={then}"))).await.is(200).json();
    assert_eq!(written["count"], 1);
    let queue = house.get(&agent, &format!("/api/desk/queue/?as_of={then}")).await.is(200).json();
    assert_eq!((&queue["waiting"], &queue["handled"]), (&json!(1), &json!(0)));
}
