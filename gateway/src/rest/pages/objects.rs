//! Pages as JSON: what clients send and what they get. Secrets go in and never come out.

use events::Source;
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{Enum, Object};
use serde_json::Value;

use crate::channel::secrets::{PageSecrets, Way, has_send_api};
use crate::channel::send::Sender;
use crate::problem::{Kind, Problem};
use crate::rest::fields::{Fields, Input};

/// The most characters of a token, a secret or an address.
const MOST_CHARS: usize = 2_048;
/// What clients send back with a page although it is not theirs to change.
const READ_ONLY: &[&str] = &[
    "id",
    "is_connected",
    "delivery",
    "has_access_token",
    "has_app_secret",
    "has_verify_token",
    "has_outbound_url",
    "created_at",
    "updated_at",
];

/// A channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Source", rename_all = "snake_case")]
pub enum SourceName {
    /// Telegram.
    Telegram,
    /// Instagram.
    Instagram,
    /// Facebook Messenger.
    Messenger,
    /// None that Kith knows: another program's.
    Unknown,
}

impl From<Source> for SourceName {
    fn from(source: Source) -> Self {
        match source {
            Source::Telegram => Self::Telegram,
            Source::Instagram => Self::Instagram,
            Source::Messenger => Self::Messenger,
            Source::Unknown => Self::Unknown,
        }
    }
}

impl From<SourceName> for Source {
    fn from(source: SourceName) -> Self {
        match source {
            SourceName::Telegram => Self::Telegram,
            SourceName::Instagram => Self::Instagram,
            SourceName::Messenger => Self::Messenger,
            SourceName::Unknown => Self::Unknown,
        }
    }
}

/// How answers get to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// Kith sends them over the Send API of Messenger and Instagram.
    SendApi,
    /// Kith hands them to a program of the tenant.
    Webhook,
    /// They stay in Kith, where whoever runs the channel reads them.
    Pickup,
    /// Not at all: the page has no access token.
    Nowhere,
}

impl From<Way> for DeliveryWay {
    fn from(way: Way) -> Self {
        match way {
            Way::SendApi => Self::SendApi,
            Way::Webhook => Self::Webhook,
            Way::Pickup => Self::Pickup,
            Way::Nowhere => Self::Nowhere,
        }
    }
}

/// What opens a page's channel; what is not given stays, and `null` is erased.
#[derive(Debug, Clone, Object)]
pub struct SecretsInput {
    /// Lets answers be sent in the page's name (Messenger and Instagram).
    #[oai(validator(max_length = 2048))]
    pub access_token: MaybeUndefined<String>,
    /// What the channel signs its calls with; without one, no call of a channel is taken for the page.
    #[oai(validator(max_length = 2048))]
    pub app_secret: MaybeUndefined<String>,
    /// What the channel shows when the webhook is set up.
    #[oai(validator(max_length = 2048))]
    pub verify_token: MaybeUndefined<String>,
    /// Where a program of the tenant takes answers, at a host that the service may call.
    #[oai(validator(max_length = 2048))]
    pub outbound_url: MaybeUndefined<String>,
    /// Leave answers in Kith, where whoever runs the channel reads them, instead of sending them.
    pub pickup: Option<bool>,
}

impl SecretsInput {
    fn read(fields: &mut Fields) -> Self {
        Self {
            access_token: secret(fields, "access_token"),
            app_secret: secret(fields, "app_secret"),
            verify_token: secret(fields, "verify_token"),
            outbound_url: secret(fields, "outbound_url"),
            pickup: fields.flag("pickup"),
        }
    }

    /// Whether a page of the channel can have them.
    ///
    /// # Errors
    /// The 400 problem that names the field.
    pub fn check(&self, sender: &Sender, source: Source) -> Result<(), Problem> {
        if self.access_token.is_value() && !has_send_api(source) {
            let sentence = "Kith sends over Messenger and Instagram only; give an outbound_url for other channels.";
            return Err(Problem::field(Kind::Invalid, "access_token", sentence));
        }
        match &self.outbound_url {
            MaybeUndefined::Value(url) if !sender.may_call(url) => {
                let sentence = "The service may not call this address; its operator says which hosts it may.";
                Err(Problem::field(Kind::Invalid, "outbound_url", sentence))
            }
            MaybeUndefined::Value(_) | MaybeUndefined::Null | MaybeUndefined::Undefined => Ok(()),
        }
    }

    /// What opens the channel with these.
    #[must_use]
    pub fn on(&self, known: PageSecrets) -> PageSecrets {
        let newer = |given: &MaybeUndefined<String>, known: Option<String>| match given {
            MaybeUndefined::Undefined => known,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(text) => Some(text.clone()),
        };
        PageSecrets {
            access_token: newer(&self.access_token, known.access_token),
            app_secret: newer(&self.app_secret, known.app_secret),
            verify_token: newer(&self.verify_token, known.verify_token),
            outbound_url: newer(&self.outbound_url, known.outbound_url),
            is_pickup: self.pickup.unwrap_or(known.is_pickup),
        }
    }
}

/// A token or a secret: visible characters without blanks, so that it fits a header. An empty one is none.
fn secret(fields: &mut Fields, name: &str) -> MaybeUndefined<String> {
    match fields.raw(name) {
        None => MaybeUndefined::Undefined,
        Some(Value::Null) => MaybeUndefined::Null,
        Some(Value::String(text)) if text.trim().is_empty() => MaybeUndefined::Null,
        Some(Value::String(text)) if text.len() <= MOST_CHARS && text.trim().bytes().all(|byte| byte.is_ascii_graphic()) => {
            MaybeUndefined::Value(text.trim().to_owned())
        }
        Some(Value::String(_) | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            fields.wrong(name, format!("Must be a text of up to {MOST_CHARS} visible characters, or null."));
            MaybeUndefined::Undefined
        }
    }
}

/// A new page.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PageInput {
    /// The channel.
    pub source: SourceName,
    /// The account in the channel, such as the id of a Facebook page.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub external_id: String,
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
    /// What opens the channel.
    #[oai(flatten)]
    pub secrets: SecretsInput,
}

impl Input for PageInput {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        fields.require("source");
        let source: Option<Source> = fields.parsed("source");
        let external_id = match fields.raw("external_id") {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) if !text.contains('\0') => text,
            Some(_) => {
                fields.wrong("external_id", "Must be a text.");
                String::new()
            }
            None => String::new(),
        };
        let name = fields.text("name").unwrap_or_default();
        Self { source: source.unwrap_or_default().into(), external_id, name, secrets: SecretsInput::read(fields) }
    }
}

impl Example for PageInput {
    fn example() -> Self {
        let given = |text: &str| MaybeUndefined::Value(text.to_owned());
        let secrets = SecretsInput {
            access_token: given("EAAB-page-access-token"),
            app_secret: given("0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            verify_token: given("a-token-of-your-own"),
            outbound_url: MaybeUndefined::Undefined,
            pickup: None,
        };
        let (external_id, name) = ("101234567890".to_owned(), "My Restaurant".to_owned());
        Self { source: SourceName::Messenger, external_id, name, secrets }
    }
}

/// Parts of a page; what is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PagePatch {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// What opens the channel.
    #[oai(flatten)]
    pub secrets: SecretsInput,
}

impl Input for PagePatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        fields.ignore(&["source", "external_id"]);
        Self { name: fields.text("name"), secrets: SecretsInput::read(fields) }
    }
}

impl Example for PagePatch {
    fn example() -> Self {
        let PageInput { secrets, .. } = PageInput::example();
        Self { name: Some("My Restaurant, Bandung".to_owned()), secrets }
    }
}
