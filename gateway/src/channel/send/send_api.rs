//! The Send API of Messenger and Instagram: `POST {base}/me/messages`.

use reqwest::{Client, Response, Url};
use serde::Deserialize;
use serde_json::json;

use super::{Fault, Outgoing, body, kept_id, retry_after};

/// Codes of errors that the platform says to pass, whatever the status: it is busy or was asked too often (1, 2, 4, 17, 32, 341,
/// 613), or the message could not be sent for the moment (1200).
const PASSING: [i64; 8] = [1, 2, 4, 17, 32, 341, 613, 1_200];

#[derive(Deserialize)]
struct Taken {
    message_id: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: Refusal,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Refusal {
    message: String,
    code: i64,
    is_transient: bool,
}

/// Sends an answer in the page's name. The token goes in a header: addresses end up in logs.
pub async fn send(client: &Client, url: Url, token: &str, outgoing: &Outgoing) -> Result<String, Fault> {
    let message = json!({
        "recipient": { "id": outgoing.recipient },
        "messaging_type": "RESPONSE",
        "message": { "text": outgoing.text },
    });
    let answer = client.post(url).bearer_auth(token).json(&message).send().await?;
    if !answer.status().is_success() {
        return Err(refused(answer).await);
    }
    // What was taken was taken, whatever else is said about it.
    let taken = body(answer).await.ok().and_then(|body| serde_json::from_slice::<Taken>(&body).ok());
    Ok(kept_id(taken.and_then(|taken| taken.message_id)))
}

async fn refused(answer: Response) -> Fault {
    let (status, wait) = (answer.status(), retry_after(&answer));
    let refusal = match body(answer).await {
        Ok(body) => serde_json::from_slice::<Refused>(&body).map(|refused| refused.error).unwrap_or_default(),
        Err(fault) => return fault,
    };
    let words = Some(refusal.message.as_str()).filter(|words| !words.is_empty());
    let fault = Fault::of_status(status, words, wait);
    if refusal.is_transient || PASSING.contains(&refusal.code) { fault.passing(wait) } else { fault }
}
