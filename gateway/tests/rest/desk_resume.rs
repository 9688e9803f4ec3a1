//! `ws /ws/desk/`, cut off and resumed: every broadcast once and in order.

use std::time::Duration;

use futures_util::SinkExt;
use gateway::DoorOptions;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::desk::{Desk, Talker};
use crate::house::{House, Somebody};
use crate::socket::{Port, Socket};

/// What a broadcast is: its type and its place.
fn place(frame: &Value) -> (String, u64, u64) {
    let number = |name: &str| frame[name].as_u64().unwrap_or_else(|| panic!("no {name} in {frame}"));
    (frame["type"].as_str().expect("a type").to_owned(), number("position"), number("index"))
}

/// What happens at a desk: in every round four commits, of which two are two broadcasts each.
async fn rounds(house: &House, desk: &Desk, who: &Somebody, talker: &Talker, count: usize) {
    let body = json!({ "message": "Hello", "page_id": desk.page });
    for _ in 0..count {
        talker.writes(house, "Hello?").await;
        talker.asks(house).await;
        house.post(Some(who), &talker.path("/message/"), &body).await.is(200);
        house.put(who, &talker.path("/stop/"), &json!({ "stop": false })).await.is(200);
    }
}

const EACH_ROUND: [&str; 6] = [
    "new_message",
    "agent_requested",
    "agent_assignment_changed",
    "new_message",
    "agent_assignment_changed",
    "customer_stop_status_changed",
];

async fn broadcasts(socket: &mut Socket, count: usize) -> Vec<Value> {
    let mut all = Vec::new();
    while all.len() < count {
        all.push(socket.told().await);
    }
    all
}

fn names(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().expect("a type")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_is_cut_anywhere_and_comes_back_gets_every_broadcast_once() {
    const ROUNDS: usize = 10;
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let (works, watches) = (desk.agent(&house, "Agent A").await, desk.agent(&house, "Agent B").await);
    let jane = desk.customer(&house, "Jane").await;
    let mut stays = desk.socket(&port, &watches, "").await;
    let from = house.state.position(Some(&desk.tenant)).0;
    let total = ROUNDS * EACH_ROUND.len();
    let comes_back = async {
        let mut seen: Vec<Value> = Vec::new();
        let mut query = format!("after={from}");
        for round in 0.. {
            let mut socket = desk.socket(&port, &watches, &query).await;
            // Cut after one, two, … broadcasts: also between those of one commit.
            for _ in 0..=(round % 4) {
                if seen.len() == total {
                    return seen;
                }
                let frame = socket.told().await;
                query = format!("after={}&index={}", frame["position"], frame["index"]);
                seen.push(frame);
            }
        }
        seen
    };
    let (seen, ()) = tokio::join!(comes_back, rounds(&house, &desk, &works, &jane, ROUNDS));
    let whole = broadcasts(&mut stays, total).await;
    assert_eq!(seen.iter().map(place).collect::<Vec<_>>(), whole.iter().map(place).collect::<Vec<_>>());
    for round in names(&seen).chunks(EACH_ROUND.len()) {
        assert_eq!(round, EACH_ROUND);
    }
    assert!(seen.is_sorted_by_key(|frame| (frame["position"].as_u64(), frame["index"].as_u64())));
    // What is told late is as it was then, though the bot answers again by now.
    let late = seen.iter().rev().find(|frame| frame["type"] == "agent_requested").expect("a request");
    assert_eq!(
        (&late["data"]["customer"]["stop"], &late["data"]["customer"]["status"]),
        (&json!(true), &json!("support_active"))
    );
}

#[tokio::test]
async fn who_says_resume_gets_what_was_missed_and_nothing_twice() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let jane = desk.customer(&house, "Jane").await;
    let from = house.state.position(Some(&desk.tenant)).0;
    rounds(&house, &desk, &agent, &jane, 1).await;
    let mut socket = desk.socket(&port, &agent, "").await;
    jane.writes(&house, "Again").await;
    let live = socket.next("new_message").await;
    socket.say(&json!({ "type": "resume", "data": { "after": from }, "request_id": 5 })).await;
    let answer = socket.next("resumed").await;
    assert_eq!((&answer["request_id"], &answer["data"]["after"]), (&json!(5), &json!(from)));
    assert_eq!(names(&broadcasts(&mut socket, EACH_ROUND.len()).await), EACH_ROUND);
    // What was told before is not told again: the next is new.
    jane.writes(&house, "And again").await;
    let next = socket.next("new_message").await;
    assert_eq!(next["data"]["message"]["text"], "And again");
    assert!(next["position"].as_u64() > live["position"].as_u64());
    for (said, code) in [(json!({ "after": from }), "version.conflict"), (json!({ "after": -1 }), "request.invalid")] {
        socket.say(&json!({ "type": "resume", "data": said })).await;
        assert_eq!(socket.next("error").await["code"], code);
    }
    let mut fresh = desk.socket(&port, &agent, "").await;
    fresh.say(&json!({ "type": "resume", "after": 9_999_999 })).await;
    assert_eq!(fresh.next("error").await["code"], "request.invalid_parameter");
}

#[tokio::test]
async fn of_who_was_forgotten_nothing_is_told_and_other_tenants_hear_nothing() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let other = Desk::open(&house).await;
    let elsewhere = other.agent(&house, "Agent Z").await;
    let mut their_socket = other.socket(&port, &elsewhere, "").await;
    let from = house.state.position(Some(&desk.tenant)).0;
    let (jane, john) = (desk.stopped(&house, "Jane").await, desk.stopped(&house, "John").await);
    let owner = house.somebody(&desk.tenant, events::Role::Owner).await;
    house.post(Some(&owner), &format!("/api/customers/{}/forget/", jane.customer), &json!({})).await.is(204);
    let mut socket = desk.socket(&port, &agent, &format!("after={from}")).await;
    for name in ["new_message", "agent_requested"] {
        assert_eq!(socket.next(name).await["data"]["customer_id"], json!(john.customer));
    }
    let theirs = other.stopped(&house, "Zoe").await;
    assert_eq!(their_socket.next("new_message").await["data"]["customer_id"], json!(theirs.customer));
}

#[tokio::test]
async fn a_socket_ends_with_its_token_whatever_is_asked_of_it() {
    let options = DoorOptions { requests_per_second: 0, heartbeat: Duration::from_secs(3600), ..DoorOptions::default() };
    let house = House::start_with(options).await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let mut socket = desk.socket(&port, &agent, "").await;
    socket.say(&json!({ "type": "get_stopped_customers" })).await;
    socket.next("stopped_customers").await;
    house.post(None, "/api/auth/logout/", &json!({ "refresh": agent.refresh })).await.is(204);
    // A session is believed for a moment; then the next request meets a closed door.
    let ended = loop {
        if socket.0.send(Message::text(r#"{"type":"get_stopped_customers"}"#)).await.is_err() {
            panic!("cut off without a word");
        }
        match socket.message().await {
            Message::Close(frame) => break u16::from(frame.expect("a reason").code),
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ended, 4401);
}
