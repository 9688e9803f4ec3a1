//! Commands on the bus: another program works for a tenant without HTTP.

use std::time::Duration;

use event_log::managed::running_address;
use event_log::service::{Answer, Client};
use kith_tests::{PATIENCE, World, world};
use serde_json::{Value, json};

async fn ask(client: &Client, subject: &str, token: Option<&str>, body: &Value) -> (Answer, Value) {
    let headers = token.map(|token| ("Authorization".to_owned(), format!("Bearer {token}"))).into_iter().collect();
    let answer = client.ask(subject, &headers, body.to_string().into(), PATIENCE).await.expect("an answer");
    let body = serde_json::from_slice(&answer.payload).unwrap_or_default();
    (answer, body)
}

#[tokio::test]
async fn another_program_signs_in_commands_and_is_shown_what_it_did() {
    let world = World::new().await;
    let address = running_address(world.dir()).expect("where the log's server is");
    let client = Client::connect(&address.url).await.expect("connected");
    let subject = |command: &str| format!("kith.cmd.{}.{command}", world.tenant);

    let credentials = json!({"email": format!("owner@{}.example", world.tenant), "password": world::PASSWORD});
    let (_, signed_in) = ask(&client, &subject("auth.sign_in"), None, &credentials).await;
    let token = signed_in["access"].as_str();
    let jane = json!({"name": "Jane", "email": "jane@example.com"});
    let (_, created) = ask(&client, &subject("customer.register"), token, &jane).await;
    let give = json!({"id": created["id"], "points": 40, "reason": "over the bus"});
    let (answer, customer) = ask(&client, &subject("customer.update_points"), token, &give).await;
    assert_eq!((&customer["loyalty_points"], answer.error), (&json!(40), None), "{customer}");
    assert_eq!(world.owner.all("/api/customers/?search=jane").await[0]["loyalty_points"], 40);

    let (refused, problem) = ask(&client, &subject("customer.register"), token, &jane).await;
    assert_eq!((refused.error.map(|(status, _)| status), &problem["code"]), (Some(409), &json!("customer.email_taken")));
    let (refused, _) = ask(&client, &subject("customer.register"), None, &jane).await;
    assert_eq!(refused.error.map(|(status, _)| status), Some(401));

    assert!(world.service.stop().await.success());
    let nobody = client.ask(&subject("customer.register"), &Vec::new(), "{}".into(), Duration::from_secs(1)).await;
    assert!(nobody.is_err(), "{nobody:?}");
}
