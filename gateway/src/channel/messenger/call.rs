//! What a call of the platform says: messages to accounts. No I/O.
//!
//! Whatever else a call tells (echoes of what was sent, deliveries, reads, reactions, and what is yet to be invented) is passed over,
//! item by item: what is not understood must not keep out what is.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commands::conversation::limits;
use events::Source;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The most entries of a call; the platform puts up to 1,000 updates into one.
const MOST_ENTRIES: usize = 1_000;
/// What stands for a message that says nothing in words.
const WORDLESS: &str = "[message without text]";

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookCall {
    /// The channel that it is about; `None`: none that is known here.
    pub source: Option<Source>,
    /// What it tells about accounts.
    pub entries: Vec<Entry>,
}

/// What a call tells about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The account in the channel.
    pub account: String,
    /// Messages of people to it.
    pub messages: Vec<Written>,
}

/// A message that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who wrote, by their id in the channel.
    pub sender: String,
    /// The channel's own id of the message.
    pub external_id: String,
    /// What was written, or what stands for it.
    pub text: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Why a call cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It is no JSON of the platform's form.
    #[error("The body is not a webhook call.")]
    Form,
    /// It has more entries than the platform sends.
    #[error("The call has more than {MOST_ENTRIES} entries.")]
    TooMany,
}

impl WebhookCall {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is none, or beyond all bounds.
    pub fn read(body: &[u8]) -> Result<Self, CallError> {
        let wire: WireCall = serde_json::from_slice(body).map_err(|_| CallError::Form)?;
        if wire.entry.len() > MOST_ENTRIES {
            return Err(CallError::TooMany);
        }
        let source = match wire.object.as_str() {
            "page" => Some(Source::Messenger),
            "instagram" => Some(Source::Instagram),
            _ => None,
        };
        Ok(Self { source, entries: by_account(wire.entry) })
    }
}

/// What is told about each account, in the order in which it is told.
fn by_account(wire: Vec<WireEntry>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for WireEntry { id: Id(account), messaging } in wire {
        let place = *places.entry(account.clone()).or_insert(entries.len());
        if place == entries.len() {
            entries.push(Entry { account, messages: Vec::new() });
        }
        let messages = messaging.into_iter().filter_map(|item| written(serde_json::from_value(item).ok()?));
        if let Some(entry) = entries.get_mut(place) {
            entry.messages.extend(messages);
        }
    }
    entries
}

#[derive(Deserialize)]
struct WireCall {
    object: String,
    #[serde(default)]
    entry: Vec<WireEntry>,
}

#[derive(Deserialize)]
struct WireEntry {
    id: Id,
    #[serde(default)]
    messaging: Vec<Value>,
}

#[derive(Deserialize)]
struct Item {
    sender: Party,
    /// Milliseconds since 1970.
    timestamp: Option<i64>,
    message: Option<Message>,
    postback: Option<Postback>,
}

#[derive(Deserialize)]
struct Party {
    id: Id,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    mid: String,
    text: String,
    attachments: Vec<Attachment>,
    /// The account's own message, told back.
    is_echo: bool,
    /// Taken back by who wrote it.
    is_deleted: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Attachment {
    #[serde(rename = "type")]
    kind: String,
}

/// A button that was pressed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Postback {
    mid: String,
    title: String,
}

/// An id; the platform's own examples write some as numbers.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(serde::de::Error::custom("no id")),
        }
    }
}

fn written(item: Item) -> Option<Written> {
    let sender = item.sender.id.0;
    let at = item.timestamp.and_then(DateTime::from_timestamp_millis);
    let (id, text) = match (item.message, item.postback) {
        (Some(message), _) if message.is_echo || message.is_deleted => return None,
        (Some(message), _) => (message.mid, words(&message.text, &message.attachments)),
        (None, Some(postback)) => (postback.mid, words(&postback.title, &[])),
        (None, None) => return None,
    };
    // A message without an id of its own is known by who wrote it and when.
    let id = if id.is_empty() { format!("{sender}@{}", item.timestamp.unwrap_or_default()) } else { id };
    Some(Written { sender, external_id: bounded(id), text, at })
}

/// What was written, or what stands for it.
fn words(text: &str, attachments: &[Attachment]) -> String {
    if !text.trim().is_empty() {
        return text.chars().take(limits::RECEIVED_TEXT).collect();
    }
    let kinds: Vec<_> = attachments.iter().map(|attachment| attachment.kind.as_str()).filter(|kind| is_word(kind)).collect();
    if kinds.is_empty() { WORDLESS.to_owned() } else { format!("[{}]", kinds.join(", ")) }
}

fn is_word(kind: &str) -> bool {
    (1..=40).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An id that is longer than any is known by its hash.
fn bounded(id: String) -> String {
    if id.len() <= limits::EXTERNAL_ID { id } else { format!("sha256.{}", hex::encode(Sha256::digest(id.as_bytes()))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn messages(messaging: Value) -> Vec<Written> {
        let body = json!({ "object": "page", "entry": [{ "id": "100", "time": 1, "messaging": messaging }] });
        let mut call = WebhookCall::read(body.to_string().as_bytes()).expect("a call");
        assert_eq!(call.source, Some(Source::Messenger));
        call.entries.remove(0).messages
    }

    fn item(member: &str, value: Value) -> Value {
        json!({ "sender": { "id": "7" }, "recipient": { "id": "100" }, "timestamp": 1_458_692_752_478_i64, member: value })
    }

    #[test]
    fn a_text_is_taken_with_its_id_and_time() {
        let found = messages(json!([item("message", json!({ "mid": "mid.1", "text": "hello" }))]));
        let [Written { sender, external_id, text, at }] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((sender.as_str(), external_id.as_str(), text.as_str()), ("7", "mid.1", "hello"));
        assert_eq!(at.map(|at| at.timestamp_millis()), Some(1_458_692_752_478));
    }

    #[test]
    fn what_has_no_words_is_shown_by_what_it_is() {
        let of = |message: Value| messages(json!([item("message", message)])).remove(0).text;
        assert_eq!(of(json!({ "mid": "1", "attachments": [{ "type": "image" }, { "type": "file" }] })), "[image, file]");
        assert_eq!(of(json!({ "mid": "1", "text": "look", "attachments": [{ "type": "image" }] })), "look");
        assert_eq!(of(json!({ "mid": "1", "attachments": [{ "type": "<script>" }] })), WORDLESS);
        assert_eq!(of(json!({ "mid": "1" })), WORDLESS);
        let pressed = messages(json!([item("postback", json!({ "title": "Talk to a person", "payload": "HUMAN" }))])).remove(0);
        assert_eq!((pressed.text.as_str(), pressed.external_id.as_str()), ("Talk to a person", "7@1458692752478"));
    }

    #[test]
    fn what_nobody_wrote_is_passed_over_and_keeps_nothing_out() {
        let found = messages(json!([
            item("message", json!({ "mid": "mid.0", "text": "ours", "is_echo": true, "app_id": 1 })),
            item("message", json!({ "mid": "mid.1", "is_deleted": true })),
            item("delivery", json!({ "mids": ["mid.0"], "watermark": 1 })),
            item("read", json!({ "watermark": 1 })),
            item("reaction", json!({ "reaction": "love" })),
            json!({ "sender": "nobody" }),
            json!(7),
            item("message", json!({ "mid": "mid.2", "text": "theirs" })),
        ]));
        assert_eq!(found.iter().map(|written| written.text.as_str()).collect::<Vec<_>>(), ["theirs"]);
    }

    #[test]
    fn what_is_told_about_one_account_is_one_entry() {
        let wrote = |mid: &str| json!([item("message", json!({ "mid": mid, "text": mid }))]);
        let entry = |id: &str, mid: &str| json!({ "id": id, "messaging": wrote(mid) });
        let body = json!({ "object": "instagram", "entry": [entry("1", "a"), entry("2", "b"), entry("1", "c")] });
        let call = WebhookCall::read(body.to_string().as_bytes()).expect("a call");
        let texts = |entry: &Entry| entry.messages.iter().map(|written| written.text.clone()).collect::<String>();
        let told: Vec<_> = call.entries.iter().map(|entry| (entry.account.clone(), texts(entry))).collect();
        assert_eq!(call.source, Some(Source::Instagram));
        assert_eq!(told, [("1".to_owned(), "ac".to_owned()), ("2".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn what_is_beyond_bounds_is_cut_or_refused() {
        let long = item("message", json!({ "mid": "m".repeat(1_000), "text": "x".repeat(limits::RECEIVED_TEXT + 1) }));
        let written = messages(json!([long])).remove(0);
        assert!(written.external_id.len() <= limits::EXTERNAL_ID);
        assert_eq!(written.text.chars().count(), limits::RECEIVED_TEXT);
        let many = json!({ "object": "page", "entry": vec![json!({ "id": 1 }); MOST_ENTRIES + 1] }).to_string();
        assert_eq!(WebhookCall::read(many.as_bytes()), Err(CallError::TooMany));
        for body in ["", "{", "[]", "{}", r#"{"object":7}"#, r#"{"object":"page","entry":[{}]}"#] {
            assert_eq!(WebhookCall::read(body.as_bytes()), Err(CallError::Form), "{body}");
        }
    }
}
