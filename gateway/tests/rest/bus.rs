//! Commands on the bus.

use std::sync::Arc;
use std::time::Duration;

use event_log::service::{Answer, Client, Headers};
use events::{Role, TenantId, subject};
use gateway::bus;
use poem::http::Method;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::house::{House, Somebody};

/// How long a test waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A house whose commands are on the bus, and a client of it.
struct Bus {
    house: House,
    client: Client,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<()>,
}

impl Bus {
    async fn start() -> Self {
        let house = House::start().await;
        let client = Client::connect(house.server().server().url()).await.expect("connected");
        let stop = CancellationToken::new();
        let service = bus::offer(&house.state).await.expect("offered");
        let door = Arc::new(gateway::build(house.state.clone()));
        let served = tokio::spawn(bus::serve(service, door, stop.clone().cancelled_owned(), PATIENCE));
        Self { house, client, stop, served }
    }

    async fn send(&self, subject: &str, headers: &[(&str, &str)], payload: impl Into<Vec<u8>>) -> Answer {
        let headers: Headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.client.ask(subject, &headers, payload.into().into(), PATIENCE).await.expect("an answer")
    }

    /// A command of somebody on their own tenant, in JSON.
    async fn ask(&self, who: &Somebody, command: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let token = format!("Bearer {}", who.access);
        let headers: Vec<_> = headers.iter().copied().chain([("Authorization", token.as_str())]).collect();
        self.send(&subject::of_command(&who.tenant, command), &headers, body.to_string()).await
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

#[track_caller]
fn is(answer: &Answer, status: u16) -> Value {
    let body = serde_json::from_slice(&answer.payload).unwrap_or_default();
    assert_eq!(header(answer, "kith-status"), status.to_string(), "{body}");
    assert_eq!(answer.error.is_some(), status >= 400, "{:?}", answer.error);
    body
}

/// Expects a problem document, and that tools that do not read it are told as well.
#[track_caller]
fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let body = is(answer, status);
    assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)), "{body}");
    assert_eq!(body["correlation_id"], header(answer, "x-request-id"));
    assert_eq!(answer.error, Some((status, body["error"].as_str().expect("a sentence").to_owned())));
    body
}

/// The version in an entity tag.
fn version(tag: &str) -> &str {
    tag.split('-').next().expect("a version")
}

#[tokio::test]
async fn every_command_on_a_customer_answers_as_rest_does() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let jane = json!({ "name": "Jane", "email": "jane@example.com" });
    let created = bus.ask(&owner, "customer.register", &[("X-Request-Id", "mine")], &jane).await;
    let customer = is(&created, 201);
    let path = header(&created, "location").to_owned();
    assert_eq!((header(&created, "x-request-id"), version(header(&created, "etag"))), ("mine", "\"1"));
    let shown = bus.house.get(&owner, &path).await.is(200);
    assert_eq!((shown.json()["email"].as_str(), version(&shown.wanted("etag"))), (Some("jane@example.com"), "\"1"));
    let id = customer["id"].as_str().expect("an id");
    let created_at: u64 = header(&created, "kith-position").parse().expect("a position");
    for (command, body, member, expected) in [
        ("customer.change", json!({ "id": id, "city": "Jakarta" }), "city", json!("Jakarta")),
        ("customer.replace", json!({ "id": id, "name": "Jane B", "email": "jane@example.com" }), "city", json!("")),
        ("customer.revert", json!({ "id": id, "as_of": created_at }), "name", json!("Jane")),
        ("customer.update_points", json!({ "id": id, "points": 120 }), "loyalty_points", json!(120)),
        ("customer.record_order", json!({ "id": id, "amount": "10.00" }), "total_spent", json!("10.00")),
    ] {
        let answer = bus.ask(&owner, command, &[], &body).await;
        assert_eq!(is(&answer, 200)[member], expected, "{command}");
        let shown = bus.house.get(&owner, &path).await;
        assert_eq!(shown.json()[member], expected, "{command} is shown when it is answered");
        assert_eq!(version(header(&answer, "etag")), version(&shown.wanted("etag")));
    }
    let bulk = json!({ "customer_ids": [id, "nobody"], "action": "deactivate" });
    let done = is(&bus.ask(&owner, "customer.bulk_update", &[], &bulk).await, 200);
    assert_eq!((&done["updated"], &done["not_found"]), (&json!(1), &json!(["nobody"])));
    let this = json!({ "id": id });
    is(&bus.ask(&owner, "customer.delete", &[], &this).await, 204);
    bus.house.get(&owner, &path).await.is(404);
    is(&bus.ask(&owner, "customer.restore", &[], &this).await, 200);
    is(&bus.ask(&owner, "customer.forget", &[], &this).await, 204);
    problem(&bus.ask(&owner, "customer.restore", &[], &this).await, 410, "customer.forgotten");
}

#[tokio::test]
async fn messagepack_says_the_same() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let token = format!("Bearer {}", owner.access);
    let headers = [("authorization", token.as_str()), ("content-type", "application/msgpack")];
    let ask = async |command: &str, body: Vec<u8>| {
        let answer = bus.send(&subject::of_command(&owner.tenant, command), &headers, body).await;
        assert_eq!(header(&answer, "content-type"), "application/msgpack");
        let body: Value = rmp_serde::from_slice(&answer.payload).expect("MessagePack");
        (header(&answer, "kith-status").to_owned(), body)
    };
    let pack = |body: &Value| rmp_serde::to_vec_named(body).expect("packed");
    let (status, jane) = ask("customer.register", pack(&json!({ "name": "Jane", "email": "jane@example.com" }))).await;
    assert_eq!((status.as_str(), &jane["email"]), ("201", &json!("jane@example.com")));
    let (status, jane) = ask("customer.update_points", pack(&json!({ "id": jane["id"], "points": 7 }))).await;
    assert_eq!((status.as_str(), &jane["loyalty_points"]), ("200", &json!(7)));
    let (status, taken) = ask("customer.register", pack(&json!({ "name": "J", "email": "Jane@Example.com" }))).await;
    assert_eq!((status.as_str(), &taken["code"]), ("409", &json!("customer.email_taken")));
    let deep = [vec![0x91; 200_000], vec![0xc0]].concat();
    for bad in [vec![], vec![0xc1], vec![0x93, 1, 2, 3], vec![0x81, 0x01, 0x02], b"{\"name\":1}".to_vec(), deep] {
        let (status, refused) = ask("customer.register", bad).await;
        assert_eq!((status.as_str(), &refused["code"]), ("400", &json!("request.malformed")));
    }
}

#[tokio::test]
async fn bad_input_gets_the_problem_that_rest_gives() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let subject = |command: &str| subject::of_command(&owner.tenant, command);
    let token = format!("Bearer {}", owner.access);
    for bad in [&b""[..], b"{", b"[]", b"nul", b"{\"name\": \"\xff\"}"] {
        let answer = bus.send(&subject("customer.register"), &[("Authorization", token.as_str())], bad).await;
        problem(&answer, 400, "request.malformed");
    }
    let ask = async |command: &str, body: Value| bus.ask(&owner, command, &[], &body).await;
    let nameless = problem(&ask("customer.register", json!({ "email": "x", "typo": 1 })).await, 400, "request.invalid");
    let rest = bus.house.post(Some(&owner), "/api/customers/", &json!({ "email": "x", "typo": 1 })).await;
    assert_eq!(nameless["errors"], rest.json()["errors"]);
    let unknown = problem(&ask("customer.explode", json!({})).await, 404, "request.not_found");
    assert!(unknown["error"].as_str().expect("a sentence").contains("customer.update_points"), "{unknown}");
    let missing = problem(&ask("customer.delete", json!({})).await, 400, "request.invalid");
    assert!(missing["errors"]["id"].is_array(), "{missing}");
    let typo = problem(&ask("customer.delete", json!({ "id": "c", "force": true })).await, 400, "request.invalid");
    assert!(typo["errors"]["force"].is_array(), "{typo}");
    for id in ["nobody", "../users", "a/b", "x?y=z", ""] {
        problem(&ask("customer.change", json!({ "id": id, "city": "X" })).await, 404, "request.not_found");
    }
    problem(&ask("customer.change", json!({ "id": 7 })).await, 400, "request.invalid");
    let tenantless = bus.send("kith.cmd.no$tenant.customer.register", &[], "{}").await;
    problem(&tenantless, 404, "request.not_found");
}

#[tokio::test]
async fn a_token_reaches_as_far_as_over_rest() {
    let bus = Bus::start().await;
    let (owner, other) = (bus.house.owner().await, bus.house.owner().await);
    let viewer = bus.house.somebody(&owner.tenant, Role::Viewer).await;
    let jane = json!({ "name": "Jane", "email": "jane@example.com" });
    let own = subject::of_command(&owner.tenant, "customer.register");
    for headers in [&[][..], &[("Authorization", "Bearer x")], &[("Authorization", "Basic abc")]] {
        let answer = bus.send(&own, headers, jane.to_string()).await;
        problem(&answer, 401, "auth.unauthenticated");
    }
    problem(&bus.ask(&viewer, "customer.register", &[], &jane).await, 403, "auth.forbidden");
    // Another tenant's subject, whether there is such a tenant or not: one answer.
    let strange = Somebody { tenant: owner.tenant.clone(), ..other.clone() };
    let nowhere = Somebody { tenant: TenantId::generate(), ..other.clone() };
    for who in [strange, nowhere] {
        problem(&bus.ask(&who, "customer.register", &[], &jane).await, 403, "auth.foreign_tenant");
    }
    // Another tenant's customer is as good as none.
    let path = bus.house.customer(&owner, "Jane", "jane@example.com").await;
    let id = path.split('/').nth(3).expect("an id");
    for command in ["customer.delete", "customer.forget"] {
        problem(&bus.ask(&other, command, &[], &json!({ "id": id })).await, 404, "request.not_found");
    }
    is(&bus.ask(&other, "customer.register", &[], &jane).await, 201);
    bus.house.get(&owner, &path).await.is(200);
}

#[tokio::test]
async fn a_repeat_has_one_effect_and_one_answer_also_over_rest() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let path = bus.house.customer(&owner, "Jane", "jane@example.com").await;
    let id = path.split('/').nth(3).expect("an id");
    let (key, give) = ([("Idempotency-Key", "k")], json!({ "id": id, "points": 5 }));
    let ask = async || bus.ask(&owner, "customer.update_points", &key, &give).await;
    let (one, two) = tokio::join!(ask(), ask());
    let first = is(&one, 200);
    assert_eq!(first, is(&two, 200), "also at the same moment");
    let (target, five) = (format!("{path}update_points/"), json!({ "points": 5 }));
    let over_rest = bus.house.ask(Some(&owner), Method::POST, &target, &key, Some(&five)).await;
    assert_eq!(over_rest.is(200).json(), first);
    assert_eq!(bus.house.get(&owner, &path).await.json()["loyalty_points"], 5);
    let more = bus.ask(&owner, "customer.update_points", &key, &json!({ "id": id, "points": 6 })).await;
    problem(&more, 422, "idempotency.key_reused");
    let old = bus.ask(&owner, "customer.change", &[("If-Match", "\"1\"")], &json!({ "id": id, "city": "X" })).await;
    problem(&old, 412, "version.mismatch");
    let soon = bus.ask(&owner, "customer.update_points", &[("Prefer", "respond-async")], &give).await;
    assert_eq!(is(&soon, 202)["position"].to_string(), header(&soon, "kith-position"));
}

#[tokio::test]
async fn signing_in_needs_no_http_either() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let ask =
        async |command: &str, body: Value| bus.send(&subject::of_command(&owner.tenant, command), &[], body.to_string()).await;
    let credentials = |password: &str| json!({ "email": owner.email, "password": password });
    let pair = is(&ask("auth.sign_in", credentials(crate::house::PASSWORD)).await, 200);
    let next = is(&ask("auth.refresh", json!({ "refresh": pair["refresh"] })).await, 200);
    let access = next["access"].as_str().expect("a token").to_owned();
    let who = Somebody { access, ..owner.clone() };
    is(&bus.ask(&who, "customer.register", &[], &json!({ "name": "J", "email": "j@example.com" })).await, 201);
    problem(&ask("auth.sign_in", credentials("wrong password")).await, 401, "auth.wrong_credentials");
    let elsewhere = subject::of_command(&TenantId::generate(), "auth.sign_in");
    let answer = bus.send(&elsewhere, &[], credentials(crate::house::PASSWORD).to_string()).await;
    problem(&answer, 401, "auth.wrong_credentials");
}

#[tokio::test]
async fn a_stop_lets_commands_in_flight_finish() {
    let bus = Bus::start().await;
    let owner = bus.house.owner().await;
    let ask = async |n: usize| {
        let body = json!({ "name": "Jane", "email": format!("c{n}@example.com") });
        bus.ask(&owner, "customer.register", &[], &body).await
    };
    let stop = async {
        // The first answer says that the others are under way.
        is(&ask(0).await, 201);
        bus.stop.cancel();
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all((1..64).map(ask)), stop);
    for answer in &answers {
        is(answer, 201);
    }
    bus.served.await.expect("it ends");
    let late =
        bus.client.ask(&subject::of_command(&owner.tenant, "customer.register"), &Headers::new(), "{}".into(), PATIENCE).await;
    assert!(late.is_err(), "nobody answers any more");
}
