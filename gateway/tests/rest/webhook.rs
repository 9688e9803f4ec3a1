//! `/webhooks/messenger/`: calls that a page's secret vouches for, each message once, and nothing told to anybody else.

use events::{ClaimKey, ConversationId, CustomerId, PageId, Source, StreamRef};
use gateway::channel::messenger::signature::sign;
use poem::http::Method;
use poem::{Body, Request};
use serde_json::{Value, json};

use crate::channels::{connect, head, history, sends_to, types};
use crate::fake::FakeChannel;
use crate::house::{Answer, House, Somebody};

const PATH: &str = "/webhooks/messenger/";
const SECRET: &str = "the-app-secret";

async fn page(house: &House, who: &Somebody, account: &str) -> String {
    connect(house, who, "messenger", account, json!({ "app_secret": SECRET })).await
}

/// A message in a call.
fn wrote(sender: &str, mid: &str, text: &str) -> Value {
    let message = json!({ "mid": mid, "text": text });
    json!({ "sender": { "id": sender }, "recipient": { "id": "1" }, "timestamp": 1_700_000_000_000_i64, "message": message })
}

fn entry(account: &str, messaging: Vec<Value>) -> Value {
    json!({ "id": account, "time": 1_700_000_000_000_i64, "messaging": messaging })
}

fn call(entries: Vec<Value>) -> String {
    json!({ "object": "page", "entry": entries }).to_string()
}

async fn send(house: &House, body: &str, signature: Option<&str>) -> Answer {
    let request = Request::builder().method(Method::POST).uri_str(PATH).content_type("application/json");
    let request = match signature {
        Some(signature) => request.header("x-hub-signature-256", signature),
        None => request,
    };
    house.send(request.body(Body::from_string(body.to_owned()))).await
}

async fn signed(house: &House, secret: &str, body: &str) -> Answer {
    send(house, body, sign(secret, body.as_bytes()).as_deref()).await
}

/// The conversation of somebody with a page, if they are known.
async fn conversation(house: &House, who: &Somebody, page: &str, sender: &str) -> Option<StreamRef> {
    let key = ClaimKey::contact(&who.tenant, Source::Messenger, sender);
    let customer: CustomerId = house.state.executor.holder(&key).await.expect("a log")?.parse().expect("an id");
    let page: PageId = page.parse().expect("an id");
    Some(StreamRef::conversation(&who.tenant, &ConversationId::of(&customer, &page)))
}

async fn texts(house: &House, who: &Somebody, page: &str, sender: &str) -> Vec<String> {
    let Some(stream) = conversation(house, who, page, sender).await else { return Vec::new() };
    let history = history(house, &stream).await;
    let received = history.iter().filter(|event| event["type"] == "conversation.message_received");
    received.map(|event| event["data"]["text"].as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn the_challenge_is_answered_for_a_token_that_a_page_has() {
    let house = House::start().await;
    let owner = house.owner().await;
    let first = connect(&house, &owner, "messenger", "100", json!({ "verify_token": "open" })).await;
    let second = connect(&house, &owner, "messenger", "200", json!({ "verify_token": "open" })).await;
    let ask = async |query: &str| {
        let request = Request::builder().uri_str(format!("{PATH}?{query}")).finish();
        house.send(request).await
    };
    let good = "hub.mode=subscribe&hub.verify_token=open&hub.challenge=1158201444";
    let answer = ask(good).await.is(200);
    assert_eq!(answer.text, "1158201444");
    assert!(answer.wanted("content-type").starts_with("text/plain"));
    for wrong in [
        "hub.mode=subscribe&hub.verify_token=shut&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=open&hub.challenge=1",
        "hub.challenge=1",
        "",
    ] {
        ask(wrong).await.problem(403, "auth.forbidden");
    }
    house.delete(&owner, &format!("/api/pages/{first}/")).await.is(204);
    ask(good).await.is(200);
    house.patch(&owner, &format!("/api/pages/{second}/"), &json!({ "verify_token": "other" })).await.is(200);
    ask(good).await.problem(403, "auth.forbidden");
}

#[tokio::test]
async fn a_call_with_several_entries_is_taken_in_once_however_often_it_comes() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (one, other) = (page(&house, &owner, "100").await, page(&house, &owner, "200").await);
    let body = call(vec![
        entry("100", vec![wrote("7", "mid.1", "first"), wrote("8", "mid.2", "hello"), wrote("7", "mid.3", "second")]),
        entry("200", vec![wrote("7", "mid.4", "I want to speak to a human")]),
        entry("100", vec![wrote("7", "mid.5", "third")]),
    ]);
    let answer = signed(&house, SECRET, &body).await.is(200);
    assert_eq!(answer.text, "EVENT_RECEIVED");
    assert_eq!(texts(&house, &owner, &one, "7").await, ["first", "second", "third"]);
    assert_eq!(texts(&house, &owner, &one, "8").await, ["hello"]);
    let plea = conversation(&house, &owner, &other, "7").await.expect("a conversation");
    assert_eq!(types(&house, &plea).await, ["started", "message_received", "bot_replied", "agent_requested", "status_changed"]);
    let before = head(&house, &owner).await;
    signed(&house, SECRET, &body).await.is(200);
    assert_eq!(head(&house, &owner).await, before, "a delivery that is repeated records nothing");
}

#[tokio::test]
async fn a_call_that_nobody_vouches_for_is_refused_alike_whatever_it_names() {
    let house = House::start().await;
    let owner = house.owner().await;
    page(&house, &owner, "100").await;
    connect(&house, &owner, "messenger", "no-secret", json!({})).await;
    let before = head(&house, &owner).await;
    let body = call(vec![entry("100", vec![wrote("7", "mid.1", "forged")])]);
    let good = sign(SECRET, body.as_bytes()).expect("a signature");
    let changed = body.replace("forged", "changed");
    let unknown = call(vec![entry("999", vec![wrote("7", "mid.1", "hello")])]);
    let secretless = call(vec![entry("no-secret", vec![wrote("7", "mid.1", "hello")])]);
    let mut refusals = Vec::new();
    for (body, signature) in [
        (&body, None),
        (&body, Some("sha256=00".to_owned())),
        (&body, sign("another-secret", body.as_bytes())),
        (&changed, Some(good)),
        (&unknown, sign(SECRET, unknown.as_bytes())),
        (&secretless, sign("", secretless.as_bytes())),
        (&secretless, sign(SECRET, secretless.as_bytes())),
    ] {
        let mut document = send(&house, body, signature.as_deref()).await.problem(403, "auth.forbidden");
        document["correlation_id"] = Value::Null;
        refusals.push(document);
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(head(&house, &owner).await, before);
}

#[tokio::test]
async fn a_page_that_two_tenants_name_is_told_to_whose_secret_fits() {
    let house = House::start().await;
    let (owner, other) = (house.owner().await, house.owner().await);
    let mine = page(&house, &owner, "100").await;
    let theirs = connect(&house, &other, "messenger", "100", json!({ "app_secret": "theirs" })).await;
    signed(&house, SECRET, &call(vec![entry("100", vec![wrote("7", "mid.1", "to the first")])])).await.is(200);
    signed(&house, "theirs", &call(vec![entry("100", vec![wrote("7", "mid.2", "to the second")])])).await.is(200);
    assert_eq!(texts(&house, &owner, &mine, "7").await, ["to the first"]);
    assert_eq!(texts(&house, &other, &theirs, "7").await, ["to the second"]);
    // A page that is not known, beside one that is: nothing is told, and what is known is taken in.
    let body = call(vec![entry("999", vec![wrote("7", "mid.3", "lost")]), entry("100", vec![wrote("7", "mid.4", "found")])]);
    signed(&house, SECRET, &body).await.is(200);
    assert_eq!(texts(&house, &owner, &mine, "7").await, ["to the first", "found"]);
    // Instagram's accounts are others, whatever they are called.
    let instagram = body.replace("\"page\"", "\"instagram\"");
    signed(&house, SECRET, &instagram).await.problem(403, "auth.forbidden");
}

#[tokio::test]
async fn what_nobody_wrote_is_acknowledged_and_not_recorded() {
    let house = House::start().await;
    let owner = house.owner().await;
    let one = page(&house, &owner, "100").await;
    let item = |member: &str, value: Value| json!({ "sender": { "id": "7" }, "recipient": { "id": "100" }, member: value });
    let before = head(&house, &owner).await;
    let silent = vec![
        item("delivery", json!({ "mids": ["mid.0"], "watermark": 1 })),
        item("read", json!({ "watermark": 1 })),
        item("message", json!({ "mid": "mid.0", "text": "ours", "is_echo": true })),
    ];
    signed(&house, SECRET, &call(vec![entry("100", silent)])).await.is(200);
    signed(&house, SECRET, &call(vec![json!({ "id": "100", "changes": [] })])).await.is(200);
    assert_eq!(head(&house, &owner).await, before);
    let picture = item("message", json!({ "mid": "mid.1", "attachments": [{ "type": "image", "payload": { "url": "x" } }] }));
    // Who has no id that can be kept is nobody, and keeps nobody else out.
    let nameless = wrote(&"9".repeat(500), "mid.2", "hello");
    signed(&house, SECRET, &call(vec![entry("100", vec![nameless, picture])])).await.is(200);
    assert_eq!(texts(&house, &owner, &one, "7").await, ["[image]"]);
}

#[tokio::test]
async fn who_writes_for_the_first_time_is_asked_for_once() {
    let mut channel = FakeChannel::start().await;
    let house = House::start_with(sends_to(&channel)).await;
    let owner = house.owner().await;
    let secrets = json!({ "app_secret": SECRET, "access_token": "token-1" });
    let page = connect(&house, &owner, "messenger", "100", secrets).await;
    let first = call(vec![entry("100", vec![wrote("7", "mid.1", "hello"), wrote("7", "mid.2", "hello again")])]);
    let replied = async {
        let asked = channel.next().await;
        assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/v23.0/7", Some("Bearer token-1")));
        let picture = "x".repeat(3_000);
        asked.answer(200, &json!({ "first_name": "Jane", "last_name": "Doe", "profile_pic": picture, "id": "7" }));
    };
    let (answer, ()) = tokio::join!(signed(&house, SECRET, &first), replied);
    answer.is(200);
    assert_eq!(texts(&house, &owner, &page, "7").await, ["hello", "hello again"]);
    let stream = conversation(&house, &owner, &page, "7").await.expect("a conversation");
    assert_eq!(history(&house, &stream).await[0]["data"]["title"], "Jane Doe");
    // Where it does not tell, the message is taken in all the same.
    let second = call(vec![entry("100", vec![wrote("8", "mid.3", "hello")])]);
    let refused = async { channel.next().await.answer(403, &Value::Null) };
    let (answer, ()) = tokio::join!(signed(&house, SECRET, &second), refused);
    answer.is(200);
    let stream = conversation(&house, &owner, &page, "8").await.expect("a conversation");
    assert_eq!(history(&house, &stream).await[0]["data"]["title"], "8");
    assert!(channel.is_silent());
}

#[tokio::test]
async fn bodies_beyond_all_bounds_are_refused() {
    let house = House::start().await;
    let owner = house.owner().await;
    page(&house, &owner, "100").await;
    for body in ["", "{", "[]", "{\"object\":\"page\",\"entry\":7}"] {
        signed(&house, SECRET, body).await.problem(400, "request.malformed");
    }
    let large = call(vec![entry("100", vec![wrote("7", "mid.1", &"x".repeat(1_100_000))])]);
    signed(&house, SECRET, &large).await.problem(413, "request.too_large");
    let without_slash = Request::builder().uri_str("/webhooks/messenger?hub.mode=subscribe").finish();
    house.send(without_slash).await.problem(403, "auth.forbidden");
}

#[tokio::test]
async fn a_page_that_was_connected_a_moment_ago_is_known() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({ "source": "messenger", "external_id": "100", "name": "Shop", "app_secret": SECRET });
    let headers = [("prefer", "respond-async")];
    house.ask(Some(&owner), Method::POST, "/api/pages/", &headers, Some(&body)).await.is(202);
    signed(&house, SECRET, &call(vec![entry("100", vec![wrote("7", "mid.1", "hello")])])).await.is(200);
}

#[tokio::test]
async fn while_it_is_not_known_which_pages_there_are_calls_come_again() {
    let mut house = House::start().await;
    let owner = house.owner().await;
    house.stop_read_models().await;
    let body = json!({ "source": "messenger", "external_id": "100", "name": "Shop", "app_secret": SECRET });
    house.ask(Some(&owner), Method::POST, "/api/pages/", &[("prefer", "respond-async")], Some(&body)).await.is(202);
    let call = call(vec![entry("100", vec![wrote("7", "mid.1", "hello")])]);
    let answer = signed(&house, SECRET, &call).await;
    answer.problem(503, "service.unavailable");
}
