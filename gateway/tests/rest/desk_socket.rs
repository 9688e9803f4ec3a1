//! `ws /ws/desk/`: the document's scenarios over real sockets, and whatever else clients say.

use events::Role;
use futures_util::SinkExt;
use gateway::DoorOptions;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::desk::Desk;
use crate::house::{House, Somebody};
use crate::socket::{Port, Socket};

/// A desk with two agents, whose sockets are open.
struct Two {
    house: House,
    port: Port,
    desk: Desk,
    agents: [Somebody; 2],
    sockets: [Socket; 2],
}

impl Two {
    async fn open() -> Self {
        let house = House::start().await;
        let port = Port::open(&house).await;
        let desk = Desk::open(&house).await;
        let agents = [desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await];
        let sockets = [desk.socket(&port, &agents[0], "").await, desk.socket(&port, &agents[1], "").await];
        Self { house, port, desk, agents, sockets }
    }

    /// Both agents are told the next thing, and it is this.
    async fn both(&mut self, name: &'static str) -> Value {
        let [a, b] = &mut self.sockets;
        let (mut a, b) = (a.next(name).await, b.next(name).await);
        assert_eq!((&a["position"], &a["index"]), (&b["position"], &b["index"]));
        a["data"].take()
    }
}

#[tokio::test]
async fn scenario_1_a_customer_requests_help() {
    let mut two = Two::open().await;
    let jane = two.desk.customer(&two.house, "Jane Doe").await;
    jane.writes(&two.house, "I want to speak to a human").await;
    let told = two.both("new_message").await;
    assert_eq!((&told["customer_name"], &told["page_name"]), (&json!("Jane Doe"), &json!("Front Page")));
    assert_eq!(
        (&told["message"]["sender"], &told["message"]["text"]),
        (&json!("customer"), &json!("I want to speak to a human"))
    );
    jane.asks(&two.house).await;
    let told = two.both("agent_requested").await;
    assert_eq!((&told["customer_id"], &told["stop"], &told["cause"]), (&json!(jane.customer), &json!(true), &json!("customer")));
    assert_eq!(told["customer"]["last_message"], "I want to speak to a human");

    let socket = &mut two.sockets[0];
    socket.say(&json!({ "type": "get_stopped_customers", "request_id": "r1" })).await;
    let answer = socket.next("stopped_customers").await;
    assert_eq!(answer["request_id"], "r1");
    assert_eq!(answer["data"]["pagination"], json!({ "count": 1, "limit": 50, "skip": 0, "has_more": false }));
    let customer = &answer["data"]["customers"][0];
    for (field, value) in [
        ("customer_id", json!(jane.customer)),
        ("customer_name", json!("Jane Doe")),
        ("first_name", json!("Jane")),
        ("last_name", json!("Doe")),
        ("page_id", json!(two.desk.page)),
        ("company_id", json!(two.desk.tenant)),
        ("message_count", json!(1)),
        ("stop", json!(true)),
        ("agent_name", Value::Null),
        ("is_assigned", json!(false)),
        ("is_assigned_to_me", json!(false)),
        ("priority", json!("normal")),
        ("waiting_minutes", json!(0)),
        ("minutes_since_last_conversation", json!(0)),
    ] {
        assert_eq!(customer[field], value, "{field}");
    }
    for words in ["waiting_time", "time_since_last_conversation"] {
        assert!(customer[words].as_str().is_some_and(|words| words.ends_with("seconds") || words == "1 second"), "{customer}");
    }
}

#[tokio::test]
async fn scenarios_2_to_4_an_agent_takes_over_another_may_not_and_the_first_completes_the_help() {
    let mut two = Two::open().await;
    let jane = two.desk.stopped(&two.house, "Jane Doe").await;
    two.both("new_message").await;
    two.both("agent_requested").await;

    // 2: Agent A takes over, and everybody sees it.
    two.sockets[0].say(&two.desk.about("assign_agent", &jane)).await;
    let assigned = two.sockets[0].next("agent_assigned").await;
    let customer = &assigned["data"]["customer"];
    assert_eq!((&customer["agent_name"], &customer["is_assigned_to_me"]), (&json!("Agent A"), &json!(true)));
    assert_eq!(customer["agent_email"], two.agents[0].email);
    let told = two.both("agent_assignment_changed").await;
    assert_eq!((&told["is_assigned"], &told["agent_name"], &told["cause"]), (&json!(true), &json!("Agent A"), &json!("taken")));

    // 3: Agent B may neither take nor write nor let go.
    for (said, sentence, code) in [
        ("assign_agent", "Already assigned to Agent A", "conversation.already_assigned"),
        ("unassign_agent", "Not assigned to you", "conversation.not_assigned_to_you"),
    ] {
        two.sockets[1].say(&two.desk.about(said, &jane)).await;
        let error = two.sockets[1].next("error").await;
        assert_eq!((&error["message"], &error["code"]), (&json!(sentence), &json!(code)));
    }
    let mut message = two.desk.about("send_message", &jane);
    message["data"]["message"] = json!("Hello");
    two.sockets[1].say(&message).await;
    assert_eq!(two.sockets[1].next("error").await["message"], "Already assigned to Agent A");
    two.sockets[0].say(&message).await;
    let sent = two.sockets[0].next("message_sent").await;
    assert_eq!((&sent["data"]["message"], &sent["data"]["is_pending"]), (&json!("Hello"), &json!(true)));
    let told = two.both("new_message").await;
    assert_eq!(told["message"]["id"], sent["data"]["message_id"]);
    assert_eq!((&told["message"]["sender"], &told["message"]["agent_name"]), (&json!("agent"), &json!("Agent A")));

    // 4: Agent A is done.
    two.sockets[0].say(&two.desk.about("unassign_agent", &jane)).await;
    let customer = two.sockets[0].next("agent_unassigned").await["data"]["customer"].take();
    assert_eq!((&customer["agent_name"], &customer["stop"]), (&Value::Null, &json!(false)));
    let told = two.both("agent_assignment_changed").await;
    assert_eq!((&told["is_assigned"], &told["previous_agent_name"]), (&json!(false), &json!("Agent A")));
    assert_eq!(two.both("customer_stop_status_changed").await["stop"], false);
    two.sockets[1].say(&message).await;
    assert_eq!(two.sockets[1].next("error").await["message"], "Customer has not requested help");
}

#[tokio::test]
async fn a_message_to_a_customer_whom_nobody_handles_assigns_the_sender() {
    let mut two = Two::open().await;
    let jane = two.desk.stopped(&two.house, "Jane Doe").await;
    two.both("new_message").await;
    two.both("agent_requested").await;
    // As the document has it: the members beside the type.
    let said = json!({ "type": "send_message", "customer_id": jane.customer, "page_id": two.desk.page,
        "message": "Hello, I'm here to help!", "message_id": "m-1" });
    two.sockets[1].say(&said).await;
    let sent = two.sockets[1].next("message_sent").await["data"].take();
    assert_eq!((&sent["message_id"], &sent["customer"]["agent_name"]), (&json!("m-1"), &json!("Agent B")));
    let told = two.both("agent_assignment_changed").await;
    assert_eq!((&told["agent_name"], &told["cause"]), (&json!("Agent B"), &json!("first_message")));
    assert_eq!(two.both("new_message").await["message"]["id"], "m-1");
    // The same message again is not sent again.
    two.sockets[1].say(&said).await;
    assert_eq!(two.sockets[1].next("message_sent").await["data"]["customer"]["message_count"], 2);
    two.sockets[0].say(&two.desk.about("get_conversation", &jane)).await;
    let written = two.sockets[0].next("conversation").await["data"].take();
    assert_eq!((&written["count"], &written["next"]), (&json!(2), &Value::Null));
    assert_eq!((&written["messages"][0]["id"], &written["messages"][1]["sender"]), (&json!("m-1"), &json!("customer")));
}

#[tokio::test]
async fn what_is_another_tenant_s_or_nowhere_looks_the_same() {
    let two = Two::open().await;
    let mut socket = two.desk.socket(&two.port, &two.agents[0], "").await;
    let other = Desk::open(&two.house).await;
    let (theirs, mine) = (other.stopped(&two.house, "John").await, two.desk.stopped(&two.house, "Jane").await);
    let about =
        |customer: &str, page: &str| json!({ "type": "assign_agent", "data": { "customer_id": customer, "page_id": page } });
    let (page, nobody) = (two.desk.page.as_str(), "nobody");
    for (customer, page, sentence) in [
        (theirs.customer.as_str(), page, "Customer not found"),
        (nobody, page, "Customer not found"),
        ("no id at all", page, "Customer not found"),
        (mine.customer.as_str(), other.page.as_str(), "Page access denied"),
        (mine.customer.as_str(), nobody, "Page access denied"),
        (theirs.customer.as_str(), other.page.as_str(), "Page access denied"),
        (theirs.customer.as_str(), "", "Customer not found"),
    ] {
        socket.say(&about(customer, page)).await;
        loop {
            let frame = socket.told().await;
            if frame["type"] == "error" {
                assert_eq!(frame["message"], sentence, "{customer} {page}");
                break;
            }
            assert_eq!(frame["data"]["customer_id"], json!(mine.customer), "what is told is of this tenant");
        }
    }
}

#[tokio::test]
async fn who_may_not_is_refused_before_the_upgrade() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let bearer = |token: &str| [("authorization", format!("Bearer {token}"))];
    assert_eq!(port.refused_at("/ws/desk/", "", &[]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(port.refused_at("/ws/desk/", "", &bearer("wrong")).await.0, StatusCode::UNAUTHORIZED);
    for role in [Role::Viewer, Role::Provider] {
        let who = house.somebody(&desk.tenant, role).await;
        assert_eq!(port.refused_at("/ws/desk/", "", &bearer(&who.access)).await.0, StatusCode::FORBIDDEN);
    }
    let agent = desk.agent(&house, "Agent A").await;
    for query in ["after=x", "after=999999", "after=1&index=x"] {
        assert_eq!(port.refused_at("/ws/desk/", query, &bearer(&agent.access)).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn whatever_a_client_says_it_gets_a_clear_answer() {
    let two = Two::open().await;
    let mut socket = two.desk.socket(&two.port, &two.agents[0], "").await;
    for (said, code) in [
        ("{", "request.malformed"),
        ("[]", "request.malformed"),
        ("{}", "request.invalid"),
        (r#"{"type":"dance"}"#, "request.invalid"),
        (r#"{"type":"assign_agent"}"#, "request.invalid"),
        (r#"{"type":"get_stopped_customers","data":{"limit":201}}"#, "request.invalid"),
        (r#"{"type":"get_stopped_customers","data":{"as_of":7}}"#, "request.invalid"),
        (r#"{"type":"get_stopped_customers","as_of":7}"#, "request.invalid"),
        (r#"{"type":"get_stopped_customers","limit":1,"data":{"limit":2}}"#, "request.invalid"),
    ] {
        socket.0.send(Message::text(said)).await.expect("sent");
        assert_eq!(socket.next("error").await["code"], code, "{said}");
    }
    socket.0.send(Message::binary(vec![0x80])).await.expect("sent");
    assert_eq!(socket.next("error").await["code"], "request.malformed");
    socket.say(&json!({ "type": "dance", "request_id": [1] })).await;
    assert_eq!(socket.next("error").await["request_id"], json!([1]));
    socket.0.send(Message::text("x".repeat(70_000))).await.expect("sent");
    assert_eq!(socket.ending().await, 1009);
}

#[tokio::test]
async fn message_pack_is_heard_and_told() {
    let two = Two::open().await;
    let headers =
        [("authorization", format!("Bearer {}", two.agents[0].access)), ("sec-websocket-protocol", "kith.msgpack".to_owned())];
    let mut socket = two.port.ask_at("/ws/desk/", "", &headers).await.expect("a socket");
    let said = rmp_serde::to_vec_named(&json!({ "type": "get_stopped_customers", "request_id": 1 })).expect("MessagePack");
    socket.0.send(Message::binary(said)).await.expect("sent");
    assert_eq!(socket.next("stopped_customers").await["data"]["pagination"]["count"], 0);
    two.desk.stopped(&two.house, "Jane").await;
    socket.next("new_message").await;
    assert_eq!(socket.next("agent_requested").await["data"]["customer_name"], "Jane");
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait_and_not_cut_off() {
    let house = House::start_with(DoorOptions { requests_per_second: 20, ..DoorOptions::default() }).await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let mut socket = desk.socket(&port, &agent, "").await;
    for _ in 0..60 {
        socket.say(&json!({ "type": "get_stopped_customers" })).await;
    }
    let mut answers = Vec::new();
    for _ in 0..60 {
        answers.push(socket.told().await);
    }
    assert!(answers.iter().any(|answer| answer["code"] == "rate_limit.exceeded"));
    assert!(answers.iter().any(|answer| answer["type"] == "stopped_customers"));
}

#[tokio::test]
async fn priority_and_availability_are_set_over_the_socket() {
    let two = Two::open().await;
    let (jane, john) = (two.desk.stopped(&two.house, "Jane").await, two.desk.stopped(&two.house, "John").await);
    let mut socket = two.desk.socket(&two.port, &two.agents[0], "").await;
    let mut said = two.desk.about("set_priority", &john);
    said["data"]["priority"] = json!("urgent");
    socket.say(&said).await;
    assert_eq!(socket.next("priority_set").await["data"]["customer"]["priority"], "urgent");
    socket.say(&json!({ "type": "get_stopped_customers", "page_id": two.desk.page, "limit": 1 })).await;
    let list = socket.next("stopped_customers").await["data"].take();
    assert_eq!((&list["customers"][0]["customer_id"], &list["pagination"]["has_more"]), (&json!(john.customer), &json!(true)));
    socket.say(&json!({ "type": "get_stopped_customers", "data": { "limit": 1, "skip": 1 } })).await;
    assert_eq!(socket.next("stopped_customers").await["data"]["customers"][0]["customer_id"], json!(jane.customer));
    socket.say(&json!({ "type": "set_availability", "is_available": true })).await;
    assert_eq!(socket.next("availability_set").await["data"]["agent"]["is_available"], true);
}
