//! A program of the tenant that takes answers: `POST` of JSON to the page's `outbound_url`, signed as channels sign their calls.

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;

use super::{Fault, Outgoing, body, kept_id, retry_after};
use crate::channel::messenger::signature::sign;

#[derive(Deserialize)]
struct Taken {
    message_id: Option<String>,
}

/// Hands an answer over. A message that comes twice has the same `message_id`, which is the `Idempotency-Key` too.
pub async fn send(client: &Client, url: &str, secret: Option<&str>, outgoing: &Outgoing) -> Result<String, Fault> {
    let message = json!({
        "message_id": outgoing.message,
        "conversation_id": outgoing.conversation,
        "customer_id": outgoing.customer,
        "page_id": outgoing.page,
        "source": outgoing.source.name(),
        "account": outgoing.account,
        "recipient": outgoing.recipient,
        "text": outgoing.text,
        "is_ai_response": outgoing.is_bots,
    });
    let text = message.to_string();
    let call = client.post(url).header(CONTENT_TYPE, "application/json").header("idempotency-key", outgoing.message.as_str());
    let call = match secret.and_then(|secret| sign(secret, text.as_bytes())) {
        Some(signature) => call.header("x-kith-signature-256", signature),
        None => call,
    };
    let answer = call.body(text).send().await?;
    if !answer.status().is_success() {
        return Err(Fault::of_status(answer.status(), None, retry_after(&answer)));
    }
    let taken = body(answer).await.ok().and_then(|body| serde_json::from_slice::<Taken>(&body).ok());
    Ok(kept_id(taken.and_then(|taken| taken.message_id)))
}
