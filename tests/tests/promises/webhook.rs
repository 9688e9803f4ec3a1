//! What a channel was told is taken in is in the log, once, whatever is killed and however often it is delivered.

use hmac::{Hmac, KeyInit, Mac};
use kith_tests::{World, until};
use reqwest::Method;
use serde_json::json;
use sha2::Sha256;

/// How many messages there are, and after how many the service is killed.
const MESSAGES: usize = 60;
const KILL_EVERY: usize = 20;
const SECRET: &str = "the-app-secret";

fn sign(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key is fine");
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// A call with one message of one of five people, as it is delivered each time.
fn call(number: usize) -> String {
    let message = json!({ "mid": format!("mid.{number}"), "text": format!("message {number}") });
    let item =
        json!({ "sender": { "id": format!("person-{}", number % 5) }, "timestamp": 1_700_000_000_000_i64, "message": message });
    json!({ "object": "page", "entry": [{ "id": "100", "messaging": [item] }] }).to_string()
}

/// Delivers a call; whether it was taken.
async fn deliver(world: &World, number: usize) -> bool {
    let body = call(number);
    let request = world.owner.request(Method::POST, "/webhooks/messenger/").header("x-hub-signature-256", sign(&body)).body(body);
    world.owner.try_send(request).await.is_some_and(|answer| answer.status == 200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_is_in_the_log_once_however_often_it_comes() {
    let mut world = World::new().await;
    let page = json!({ "source": "messenger", "external_id": "100", "name": "Shop", "app_secret": SECRET });
    assert_eq!(world.owner.post("/api/pages/", &page).await.status, 201);
    for first in (0..MESSAGES).step_by(KILL_EVERY) {
        // The service is killed while calls are on their way.
        let (last, kill) = (first + KILL_EVERY, first + KILL_EVERY / 2);
        for number in first..kill {
            until("the call is taken", || async { deliver(&world, number).await.then_some(()) }).await;
        }
        let in_flight: Vec<_> = (kill..last)
            .map(|number| {
                let (api, body) = (world.owner.clone(), call(number));
                tokio::spawn(async move {
                    let request = api.request(Method::POST, "/webhooks/messenger/").header("x-hub-signature-256", sign(&body));
                    api.try_send(request.body(body)).await
                })
            })
            .collect();
        world = world.kill_and_start().await;
        futures_util::future::join_all(in_flight).await;
        for number in first..last {
            until("the call is taken", || async { deliver(&world, number).await.then_some(()) }).await;
        }
    }
    let found = world.owner.events("conversation.message_received").await;
    let mut texts: Vec<_> = found.iter().map(|event| event["data"]["text"].to_string()).collect();
    texts.sort();
    let mut wanted: Vec<_> = (0..MESSAGES).map(|number| json!(format!("message {number}")).to_string()).collect();
    wanted.sort();
    assert_eq!(texts, wanted);
    assert_eq!(world.owner.get("/api/customers/").await.expect(200).json()["count"], 5);
}
