//! The desk as it was: what lasts had lasted until then, and of who was forgotten nothing is left.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use commands::aggregate::evolve_all;
use commands::conversation::{Receive, RequestAgent, Start};
use commands::{Aggregate, Context, Conversation, ConversationCommand, ConversationState, EventMeta};
use event_log::{Append, Entry};
use events::conversation::RequestCause;
use events::{Actor, Commit, CorrelationId, Envelope, EventId, MessageId, NewEvent, Position, Role, Source};
use poem::http::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, Talker};
use crate::house::House;
use crate::socket::Port;

/// The customer wrote and asked for a person at a time of the past; gives the position at which that stands.
async fn asked_at(house: &House, desk: &Desk, talker: &Talker, time: DateTime<Utc>) -> Position {
    let start =
        Start { customer: talker.customer.clone(), page: desk.page.clone(), source: Source::Messenger, title: "Jane".to_owned() };
    let (text, external_id) = ("I want to speak to a human".to_owned(), "m-1".to_owned());
    let receive = Receive { start, message_id: MessageId::generate(), external_id, text, at: time };
    let commands =
        [ConversationCommand::Receive(receive), ConversationCommand::RequestAgent(RequestAgent::by(RequestCause::Customer))];
    let (actor, correlation_id) = (Actor::system("test"), CorrelationId::generate());
    let context =
        Context { now: time, actor: actor.clone(), correlation_id: correlation_id.clone(), stream: talker.conversation.clone() };
    let (mut state, mut events) = (ConversationState::default(), Vec::new());
    for command in &commands {
        let decided = Conversation::decide(&state, command, &context).expect("decided");
        state = evolve_all::<Conversation>(state, &decided, &EventMeta { recorded_at: time });
        events.extend(decided.into_iter().map(|event| NewEvent { event_id: EventId::generate(), event: event.into() }));
    }
    let envelope = Envelope { stream: talker.conversation.clone(), recorded_at: time, actor, correlation_id, causation_id: None };
    let commit = Commit { envelope, first_version: 1, events };
    let entries = vec![Entry::Commit { commit, expected: Position::START }];
    let position = house.state.log.append(Append { tenant: desk.tenant.clone(), entries }).await.expect("recorded").last();
    assert!(house.state.wait_for(&desk.tenant, position).await, "the read models are behind");
    position
}

/// How long a customer has waited and been silent, in words and in minutes.
fn lasted(customer: &Value) -> [Value; 4] {
    ["waiting_time", "waiting_minutes", "time_since_last_conversation", "minutes_since_last_conversation"]
        .map(|name| customer[name].clone())
}

#[tokio::test]
async fn what_lasts_had_lasted_until_the_moment_that_is_asked_about() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let jane = desk.customer(&house, "Jane").await;
    let asked = DateTime::from_timestamp_micros((Utc::now() - TimeDelta::seconds(50)).timestamp_micros()).expect("a time");
    let position = asked_at(&house, &desk, &jane, asked).await;
    let later = (asked + TimeDelta::seconds(20)).to_rfc3339_opts(SecondsFormat::Micros, true);
    for (moment, words) in [(position.to_string(), "0 seconds"), (later, "20 seconds")] {
        let wanted = [json!(words), json!(0), json!(words), json!(0)];
        let customer = house.get(&agent, &jane.path(&format!("/?as_of={moment}"))).await.is(200).json();
        assert_eq!(lasted(&customer), wanted, "{moment}");
        for list in ["/api/dashboard/customers/", "/api/desk/queue/"] {
            let list = house.get(&agent, &format!("{list}?as_of={moment}")).await.is(200).json();
            assert_eq!(lasted(&list["customers"][0]), wanted, "{moment}: {list}");
        }
    }
    let now = house.get(&agent, &jane.path("/")).await.is(200).json();
    assert_ne!(now["waiting_time"], "0 seconds");
    assert_ne!(now["waiting_time"], "20 seconds");
    // Told late, a broadcast says what it said then.
    let mut socket = desk.socket(&port, &agent, &format!("after={}", position.0 - 1)).await;
    let told = socket.next("new_message").await;
    assert_eq!(lasted(&told["data"]["customer"])[0], "0 seconds");
}

#[tokio::test]
async fn who_was_forgotten_is_gone_at_the_desk_too() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    let jane = desk.stopped(&house, "Jane").await;
    let then = house.state.position(Some(&desk.tenant));
    house.post(Some(&owner), &format!("/api/customers/{}/forget/", jane.customer), &json!({})).await.is(204);
    let path = format!("/api/customers/{}/?as_of={then}", jane.customer);
    let list = house.get(&owner, &path).await.problem(410, "customer.forgotten");
    let page = format!("page_id={}", desk.page);
    for query in [String::new(), format!("?as_of={then}"), format!("?{page}"), format!("?{page}&as_of={then}")] {
        for path in [jane.path(&format!("/{query}")), jane.desk(&format!("/messages/{query}"))] {
            let gone = house.get(&agent, &path).await.problem(410, "customer.forgotten");
            for member in ["type", "title", "detail", "error"] {
                assert_eq!(gone[member], list[member], "{path}");
            }
        }
    }
    let mut socket = desk.socket(&port, &agent, "").await;
    socket.say(&desk.about("get_conversation", &jane)).await;
    assert_eq!(socket.next("error").await["code"], "customer.forgotten");
    for query in [String::new(), format!("?{page}")] {
        let path = jane.path(&format!("/stop{query}"));
        house.put(&agent, &path, &json!({ "stop": true })).await.problem(410, "customer.forgotten");
    }
    // Others do not learn that there was somebody.
    let other = Desk::open(&house).await;
    let stranger = other.agent(&house, "Agent Z").await;
    for path in [jane.path("/"), jane.desk("/messages/")] {
        house.ask(Some(&stranger), Method::GET, &path, &[], None).await.problem(404, "conversation.not_found");
    }
}
