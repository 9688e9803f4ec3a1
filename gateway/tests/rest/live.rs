//! `ws /ws/events/`: every event once and in order, whatever happens to the connection, and nobody else's.

use std::time::{Duration, SystemTime};

use event_log::{Append, Entry};
use events::{Position, Role, TenantId};
use futures_util::SinkExt;
use gateway::DoorOptions;
use gateway::live::EventFilter;
use gateway::live::socket::MOST_BYTES_SAID;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::events::registered;
use crate::house::{House, Somebody};
use crate::socket::{PATIENCE, Port};

fn names(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["data"]["profile"]["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Enters so many customers, one after the other, by the log's own door.
async fn write(house: &House, tenant: &TenantId, from: usize, to: usize) {
    for number in from..to {
        let entries = vec![registered(tenant, &number.to_string())];
        house.state.log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
}

fn numbers(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|number| number.to_string()).collect()
}

async fn head(house: &House, tenant: &TenantId) -> u64 {
    house.state.log.head(house.state.log.partition_of(tenant)).await.expect("a head").0
}

#[tokio::test]
async fn a_socket_goes_over_from_any_position_to_what_happens_now() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let start = head(&house, &owner.tenant).await;
    write(&house, &owner.tenant, 0, 20).await;
    let mut from_start = port.connect(&owner, "after=0").await;
    let mut from_middle = port.connect(&owner, &format!("after={}&kind=customer", start + 5)).await;
    let mut from_now = port.connect(&owner, "").await;
    let other = house.tenant("Another Restaurant").await;
    write(&house, &other, 500, 510).await;
    write(&house, &owner.tenant, 20, 40).await;
    let (events, position) = from_start.events(42).await;
    assert_eq!(names(&events[2..]), numbers(0, 40));
    assert_eq!((events[0]["type"].as_str(), position), (Some("tenant.created"), head(&house, &owner.tenant).await));
    assert_eq!(names(&from_middle.events(35).await.0), numbers(5, 40));
    assert_eq!(names(&from_now.events(20).await.0), numbers(20, 40));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_again_and_again_gets_every_event_once() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let other = house.owner().await;
    let mut position = head(&house, &owner.tenant).await;
    let writes = async { tokio::join!(write(&house, &owner.tenant, 0, 400), write(&house, &other.tenant, 0, 400)) };
    let reads = async {
        let mut seen = Vec::new();
        for round in 0.. {
            let mut socket = port.connect(&owner, &format!("after={position}")).await;
            for _ in 0..=(round % 13) {
                if seen.len() == 400 {
                    return seen;
                }
                let frame = socket.frame().await;
                seen.extend(frame["events"].as_array().expect("events").clone());
                position = frame["position"].as_u64().expect("a position");
            }
        }
        seen
    };
    let (_, seen) = tokio::join!(writes, reads);
    assert_eq!(names(&seen), numbers(0, 400));
    assert!(seen.iter().all(|event| event["tenant"] == owner.tenant.as_str()));
}

#[tokio::test]
async fn message_pack_frames_say_what_json_frames_say() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    house.customer(&owner, "Jane", "jane@example.com").await;
    let token = format!("after=0&token={}", owner.access);
    let packed = [("sec-websocket-protocol", "other, kith.msgpack".to_owned())];
    let mut packed = port.ask(&token, &packed).await.expect("a socket");
    let mut plain = port.ask(&token, &[]).await.expect("a socket");
    for _ in 0..3 {
        assert_eq!(packed.frame().await, plain.frame().await);
    }
}

#[tokio::test]
async fn who_may_not_is_refused_before_the_upgrade() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let bearer = |token: &str| [("authorization", format!("Bearer {token}"))];
    let unauthenticated = (StatusCode::UNAUTHORIZED, "auth.unauthenticated".to_owned());
    assert_eq!(port.refused("", &[]).await, unauthenticated);
    assert_eq!(port.refused("", &bearer("bad")).await, unauthenticated);
    assert_eq!(port.refused("token=bad", &[]).await, unauthenticated);
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    assert_eq!(port.refused("", &bearer(&viewer.access)).await.0, StatusCode::FORBIDDEN);
    for query in ["after=x", "after=999999", "kind=x", "type=x"] {
        assert_eq!(port.refused(query, &bearer(&owner.access)).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
    let cookie = ("cookie", format!("a=b; kith_token={}", owner.access));
    assert!(port.ask("", std::slice::from_ref(&cookie)).await.is_ok());
    let foreign = ("origin", "https://evil.example".to_owned());
    let own = ("origin", format!("http://{}", port.0));
    assert_eq!(port.refused("", &[cookie.clone(), foreign]).await.0, StatusCode::FORBIDDEN);
    assert!(port.ask("", &[cookie, own]).await.is_ok());
    house.get(&owner, "/ws/events/").await.problem(400, "request.malformed");
}

#[tokio::test]
async fn a_socket_refuses_parameters_that_it_does_not_have_or_that_are_given_twice() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let bearer = [("authorization", format!("Bearer {}", owner.access))];
    let refused = (StatusCode::BAD_REQUEST, "request.invalid_parameter".to_owned());
    for path in ["/ws/events/", "/ws/customers/", "/ws/provider/customers/", "/ws/desk/"] {
        for query in ["as_of=0", "token=a&token=b"] {
            assert_eq!(port.refused_at(path, query, &bearer).await, refused, "{path} {query}");
        }
        assert!(port.ask_at(path, &format!("token={}&tenant={}", owner.access, owner.tenant), &[]).await.is_ok(), "{path}");
    }
    assert_eq!(port.refused_at("/ws/desk/", "after=0&after=1", &bearer).await, refused);
    assert_eq!(port.refused_at("/ws/customers/", "after=0", &bearer).await, refused, "it is said in resume");
}

#[tokio::test]
async fn an_operator_names_the_tenant() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let operator = house.somebody(&TenantId::platform(), Role::Operator).await;
    let query = format!("after=0&tenant={}", owner.tenant);
    let (events, _) = port.connect(&operator, &query).await.events(2).await;
    assert!(events.iter().all(|event| event["tenant"] == owner.tenant.as_str()));
    let other = house.owner().await;
    assert_eq!(port.refused(&query, &[("authorization", format!("Bearer {}", other.access))]).await.1, "auth.foreign_tenant");
}

#[tokio::test]
async fn a_socket_ends_when_the_client_signs_out_or_the_token_ends_or_the_service_stops() {
    const SECRET: &str = "a secret of thirty-two bytes or more";
    let options = DoorOptions {
        requests_per_second: 0,
        heartbeat: Duration::from_millis(20),
        jwt_secret: Some(SECRET.to_owned()),
        ..DoorOptions::default()
    };
    let house = House::start_with(options).await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let mut signs_out = port.connect(&owner, "").await;
    house.post(None, "/api/auth/logout/", &json!({ "refresh": owner.refresh })).await.is(204);
    assert_eq!(signs_out.ending().await, 4401);

    let owner = house.sign_in(&owner.tenant, &owner.email).await;
    let short = Somebody { access: shortened(&owner.access, SECRET), ..owner.clone() };
    assert_eq!(port.connect(&short, "").await.ending().await, 4401);

    let mut goes_on = port.connect(&owner, "").await;
    write(&house, &owner.tenant, 0, 1).await;
    goes_on.events(1).await;
    house.state.live.stop();
    assert_eq!(goes_on.ending().await, u16::from(CloseCode::Away));
    goes_on.0.close(None).await.ok();
    house.state.live.closed().await;
}

/// The same access token, good for one more second only.
fn shortened(token: &str, secret: &str) -> String {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["kith"]);
    let mut claims = decode::<Value>(token, &DecodingKey::from_secret(secret.as_bytes()), &validation).expect("a token").claims;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time").as_secs();
    claims["exp"] = json!(now + 1);
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
}

#[tokio::test]
async fn who_says_too_much_at_once_is_told_so() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    for bytes in [MOST_BYTES_SAID + 1, 8 * MOST_BYTES_SAID] {
        let mut socket = port.connect(&owner, "").await;
        socket.0.send(Message::text("x".repeat(MOST_BYTES_SAID))).await.expect("sent");
        socket.0.send(Message::text("x".repeat(bytes))).await.expect("sent");
        assert_eq!(socket.ending().await, u16::from(CloseCode::Size), "{bytes} bytes");
    }
}

#[tokio::test]
async fn batches_are_whole_from_the_log_and_from_the_hub_and_the_slow_miss_nothing() {
    let house = House::start().await;
    let tenant = house.tenant("My Restaurant").await;
    let other = house.tenant("Another Restaurant").await;
    let live = &house.state.live;
    let start = Position(head(&house, &tenant).await);
    let batch = async |names: &[&str]| {
        let entries = names.iter().map(|name| registered(&tenant, name)).collect();
        house.state.log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    };
    // This one takes its place, and then does not listen for long.
    let mut slow = live.subscribe(tenant.clone(), EventFilter::default(), start);
    assert_eq!(slow.recorded().await.expect("a place"), None);
    for _ in 0..300 {
        batch(&["a", "b", "c"]).await;
        write(&house, &other, 0, 1).await;
    }
    let mut late = live.subscribe(tenant.clone(), EventFilter::default(), start);
    for subscription in [&mut slow, &mut late] {
        let mut last = start;
        for _ in 0..300 {
            let next = tokio::time::timeout(PATIENCE, subscription.next()).await.expect("in time").expect("a batch");
            assert_eq!(next.events.len(), 3);
            assert!(next.position > last, "each once, in order");
            last = next.position;
            assert!(next.events.iter().all(|event| event.envelope.stream.tenant == tenant));
        }
        assert!(subscription.position() >= last);
    }
    batch(&["d", "e"]).await;
    for subscription in [&mut slow, &mut late] {
        let next = tokio::time::timeout(PATIENCE, subscription.next()).await.expect("in time").expect("a batch");
        assert_eq!(next.events.len(), 2);
        assert_eq!(subscription.recorded().await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn a_large_batch_is_cut_into_frames_between_commits() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let owner = house.owner().await;
    let mut socket = port.connect(&owner, "").await;
    let entries: Vec<Entry> = (0..250).map(|number| registered(&owner.tenant, &number.to_string())).collect();
    house.state.log.append(Append { tenant: owner.tenant.clone(), entries }).await.expect("recorded");
    let mut frames = Vec::new();
    while frames.last().is_none_or(|frame: &Value| frame["more"] == true) {
        frames.push(socket.frame().await);
    }
    let sizes: Vec<_> = frames.iter().map(|frame| frame["events"].as_array().expect("events").len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    socket.0.send(Message::text("whatever a client says is passed over")).await.expect("sent");
    let rest = port.connect(&owner, &format!("after={}", frames[0]["position"])).await.events(150).await;
    assert_eq!(names(&rest.0), numbers(100, 250));
}
