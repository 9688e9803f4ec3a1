//! `/webhooks/messenger/`: where Messenger and Instagram tell what people write.
//!
//! - [`call`]: what a call says
//! - [`signature`]: who vouches for it
//! - `admit`: to which pages of which tenants it goes
//!
//! A call is answered with 200 when everything in it that concerns somebody is in the log; otherwise the platform delivers it again,
//! and what was taken in already does nothing twice. A call that no page's secret vouches for is refused, whether it names pages that
//! are known or not; pages that are not known in a call that is vouched for are passed over.

mod admit;
pub mod call;
pub mod signature;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use events::{ClaimKey, Contact};
use futures_util::{FutureExt, StreamExt, stream};
use poem::http::{Method, StatusCode};
use poem::web::Data;
use poem::{Body, Request, Response, Route, get, handler};

use super::arrive::Person;
use super::inbound::{Bearer, Inbound, take_in};
use crate::app::AppState;
use crate::armour::{About, Table};
use crate::live::named;
use crate::problem::{Kind, Problem};
use crate::rest;
use crate::rest::fields::MAX_BODY_BYTES;
use admit::{Admitted, admit};
use call::{WebhookCall, Written};
use signature::Signature;

/// How many people's messages are taken in side by side.
const SIDE_BY_SIDE: usize = 16;
/// Counts messages by what became of them.
const MESSAGES: &str = "kith_webhook_messages_total";
/// Counts questions about who somebody is.
const PROFILES: &str = "kith_webhook_profiles_total";

/// Says what is counted.
pub fn describe_metrics() {
    metrics::describe_counter!(MESSAGES, "Messages that a webhook told, by what became of them");
    metrics::describe_counter!(PROFILES, "Questions to a channel who somebody is, by whether it told");
}

/// Adds the webhook to the routes, and to the table of what is where.
pub fn add_webhook(routes: Route, table: &mut Table) -> Route {
    const PATH: &str = "/webhooks/messenger/";
    const OPERATION: &str = "messengerWebhook";
    table.add_operation(OPERATION, PATH, &[Method::GET, Method::POST]);
    let (with, without) = (PATH, PATH.trim_end_matches('/'));
    routes.at(with, named(OPERATION, get(verify).post(take))).at(without, named(OPERATION, get(verify).post(take)))
}

/// Answers the platform's challenge when the webhook is set up.
#[handler]
async fn verify(Data(app): Data<&AppState>, request: &Request) -> Result<Response, Problem> {
    let params: Vec<(String, String)> = request.params().unwrap_or_default();
    let param = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let token = param("hub.verify_token");
    let is_known = param("hub.mode") == "subscribe" && !token.is_empty() && app.channel.is_verify_token(token).await?;
    if !is_known {
        return Err(Problem::new(Kind::Forbidden, "No page has this verify token."));
    }
    Ok(Response::builder().content_type("text/plain; charset=utf-8").body(param("hub.challenge").to_owned()))
}

/// Takes a call in.
#[handler]
async fn take(
    Data(app): Data<&AppState>,
    Data(about): Data<&Arc<About>>,
    request: &Request,
    body: Body,
) -> poem::Result<Response> {
    if app.is_read_only() {
        return Err(Problem::new(Kind::ReadOnly, "This shows the platform as it was: nothing is taken in here.").into());
    }
    app.limits.request(rest::address(app, request))?;
    let body = body.into_bytes_limit(MAX_BODY_BYTES).await?;
    let call = WebhookCall::read(&body).map_err(|error| Problem::new(Kind::Malformed, error.to_string()))?;
    let signature = request.header("x-hub-signature-256").and_then(Signature::of_header);
    let refused = || Problem::new(Kind::Forbidden, "The signature does not fit.");
    let admitted = admit(app, call, signature.ok_or_else(refused)?, &body).await?.ok_or_else(refused)?;
    let bearer = Bearer::Channel(about.correlation_id().clone());
    // Boxed for the compiler's sake: it cannot yet see that the future is Send for every lifetime (rust#100013).
    take_all(app, admitted, &bearer).boxed().await?;
    Ok(Response::builder().status(StatusCode::OK).content_type("text/plain; charset=utf-8").body("EVENT_RECEIVED"))
}

/// Takes messages in: those of one person in their order, those of several side by side.
async fn take_all(app: &AppState, admitted: Vec<Admitted>, bearer: &Bearer) -> Result<(), Problem> {
    let mut people: Vec<(Arc<Admitted>, Vec<Written>)> = Vec::new();
    for mut page in admitted {
        let messages = std::mem::take(&mut page.messages);
        let page = Arc::new(page);
        let mut of_page: HashMap<String, Vec<Written>> = HashMap::new();
        for message in messages {
            of_page.entry(message.sender.clone()).or_default().push(message);
        }
        people.extend(of_page.into_values().map(|messages| (page.clone(), messages)));
    }
    let each = people.into_iter().map(|(page, messages)| async move { take_in_order(app, &page, messages, bearer).await });
    // All are tried before one that failed is told: what is in the log need not be taken in by the next call.
    let results: Vec<_> = stream::iter(each).buffer_unordered(SIDE_BY_SIDE).collect().await;
    results.into_iter().collect()
}

async fn take_in_order(app: &AppState, page: &Admitted, messages: Vec<Written>, bearer: &Bearer) -> Result<(), Problem> {
    for message in messages {
        let Written { sender, external_id, text, at } = message;
        let inbound = Inbound { person: who(app, page, sender).await, external_id, text, at };
        let outcome = take_in(app, &page.tenant, &page.id, inbound, bearer, None).await;
        let counted = match &outcome {
            Ok(taken) if taken.is_repeated => "repeated",
            Ok(_) => "taken",
            Err(problem) if is_final(problem) => "unusable",
            Err(_) => "failed",
        };
        metrics::counter!(MESSAGES, "outcome" => counted).increment(1);
        match outcome {
            Ok(_) => {}
            // Another delivery would end the same way, and would keep the next messages out.
            Err(problem) if is_final(&problem) => {
                tracing::warn!(tenant = %page.tenant, page = %page.id, code = problem.kind().code(), "a message cannot be taken in");
            }
            Err(problem) => {
                tracing::warn!(tenant = %page.tenant, page = %page.id, code = problem.kind().code(), "a message waits for its next delivery");
                return Err(Problem::unavailable("Not everything could be taken in; deliver it again.")
                    .retry_after(Duration::from_secs(1)));
            }
        }
    }
    Ok(())
}

/// Whether a repetition would end the same way: a rule said no, and it was not that others were faster.
fn is_final(problem: &Problem) -> bool {
    problem.kind().status().is_client_error() && problem.kind() != Kind::Conflict
}

/// Who writes: an id is all that a call tells. The channel is asked for the rest when they are not known yet; where it does not tell,
/// they are called by their id.
async fn who(app: &AppState, page: &Admitted, sender: String) -> Person {
    let key = ClaimKey::contact(&page.tenant, page.source, &sender);
    let by_id = Contact { source: page.source, source_id: sender, ..Contact::default() };
    let contact = match app.executor.holder(&key).await {
        Ok(None) if page.secrets.access_token.is_some() => {
            let told = app.channel.sender.profile(&page.secrets, page.source, &by_id.source_id).await;
            let outcome = if told.is_ok() { "told" } else { "not_told" };
            metrics::counter!(PROFILES, "outcome" => outcome).increment(1);
            told.unwrap_or(by_id)
        }
        // Where the log does not answer, taking the message in says so.
        Ok(_) | Err(_) => by_id,
    };
    Person { contact, ..Person::default() }
}
