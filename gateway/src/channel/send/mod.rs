//! What asks a channel to take an answer.
//!
//! - `send_api`: the Send API of Messenger and Instagram
//! - `profile`: who somebody is, where the channel tells
//! - `webhook`: a program of the tenant
//! - `parts`: answers that are longer than a channel's messages
//! - [`fault`]: why an answer was not taken, and whether another try is worth it

pub mod fault;
mod parts;
mod profile;
mod send_api;
mod webhook;

use std::time::Duration;

use events::{Contact, ConversationId, CustomerId, MessageId, PageId, Source};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

pub use fault::Fault;

use super::outbox::OutboxOptions;
use super::secrets::{PageSecrets, Way};

/// The most bytes of a channel's answer that are read.
const MOST_BYTES: usize = 64 * 1024;

/// Why nothing can be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address of the Send API is none.
    #[error("the Send API's URL is not an http or https URL")]
    Url,
    /// The HTTP client could not be made, for example because the machine has no certificates of authorities.
    #[error("the client that sends answers cannot be made")]
    Client(#[source] reqwest::Error),
}

/// An answer on its way to a customer.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The message.
    pub message: MessageId,
    /// What it says.
    pub text: String,
    /// Whether the bot wrote it.
    pub is_bots: bool,
    /// Where it stands.
    pub conversation: ConversationId,
    /// To whom.
    pub customer: CustomerId,
    /// Who that is in the channel; empty when they are not known there.
    pub recipient: String,
    /// In whose name.
    pub page: PageId,
    /// The account in the channel.
    pub account: String,
    /// The channel.
    pub source: Source,
}

/// Asks channels to take answers.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    /// The base of the Send API.
    base: Url,
    /// Where it takes messages.
    send_api: Url,
    /// Hosts (or `host:port`) of tenants' programs that may be called; `*` is any, and there are none by default.
    hosts: Vec<String>,
}

impl Sender {
    /// A client for these options; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is none, or the client cannot be made.
    pub fn new(options: &OutboxOptions) -> Result<Self, SendError> {
        let url = |path: &str| Url::parse(&format!("{}{path}", options.send_api_url.trim_end_matches('/')));
        let (base, send_api) = (url("").map_err(|_| SendError::Url)?, url("/me/messages").map_err(|_| SendError::Url)?);
        if !matches!(send_api.scheme(), "http" | "https") {
            return Err(SendError::Url);
        }
        let client = Client::builder().timeout(options.timeout).redirect(Policy::none()).build().map_err(SendError::Client)?;
        Ok(Self { client, base, send_api, hosts: options.outbound_hosts.clone() })
    }

    /// Whether a program at this address may be called.
    #[must_use]
    pub fn may_call(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let host = url.host_str().unwrap_or_default();
        let named = url.port().map(|port| format!("{host}:{port}"));
        let is_allowed = |known: &String| known == "*" || known == host || named.as_ref() == Some(known);
        matches!(url.scheme(), "http" | "https") && self.hosts.iter().any(is_allowed)
    }

    /// Asks the channel who somebody is.
    ///
    /// # Errors
    /// Why that is not known: the channel tells nobody's profile, or not to this page, or not now.
    pub async fn profile(&self, secrets: &PageSecrets, source: Source, id: &str) -> Result<Contact, Fault> {
        match &secrets.access_token {
            Some(token) => profile::ask(&self.client, self.base.clone(), token, source, id).await,
            None => Err(Fault::Final("The page has no access token.".to_owned())),
        }
    }

    /// An answer in the parts that the channel takes one by one: mostly it is one.
    #[must_use]
    pub fn parts(&self, outgoing: &Outgoing, secrets: &PageSecrets) -> Vec<String> {
        match secrets.way(outgoing.source) {
            Way::SendApi => parts::of(&outgoing.text, outgoing.source),
            Way::Webhook | Way::Pickup | Way::Nowhere => vec![outgoing.text.clone()],
        }
    }

    /// Asks the channel to take an answer, or a part of one; gives the channel's own id of it, empty where it gives none.
    ///
    /// # Errors
    /// Why it was not taken, as far as is known: it may have been all the same where the connection broke.
    pub async fn send(&self, outgoing: &Outgoing, secrets: &PageSecrets) -> Result<String, Fault> {
        let way = secrets.way(outgoing.source);
        if outgoing.recipient.is_empty() && matches!(way, Way::SendApi | Way::Webhook) {
            return Err(Fault::Final("The customer is not known in this channel.".to_owned()));
        }
        match (way, &secrets.access_token, &secrets.outbound_url) {
            (Way::SendApi, Some(token), _) => send_api::send(&self.client, self.send_api.clone(), token, outgoing).await,
            (Way::Webhook, _, Some(url)) if self.may_call(url) => {
                webhook::send(&self.client, url, secrets.app_secret.as_deref(), outgoing).await
            }
            (Way::Webhook, _, _) => Err(Fault::Final("Programs at the page's outbound_url may not be called.".to_owned())),
            (Way::Pickup, _, _) => Ok(String::new()),
            (Way::SendApi | Way::Nowhere, _, _) => Err(Fault::Final("The page has no access token.".to_owned())),
        }
    }
}

/// How long a channel asks to be left alone.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// A body of bounded size; what is beyond it is left unread.
async fn body(mut answer: Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= MOST_BYTES {
            break;
        }
    }
    Ok(body)
}

/// A channel's id of a message, where it is one that can be kept.
fn kept_id(id: Option<String>) -> String {
    let is_fit = |id: &String| id.len() <= commands::conversation::limits::EXTERNAL_ID && !id.chars().any(char::is_control);
    id.filter(is_fit).unwrap_or_default()
}
