//! Messages that are handed on, as JSON.

use chrono::{DateTime, Utc};
use commands::PageRejection;
use commands::conversation::limits;
use commands::fields::{Lines, readable};
use events::{Contact, PageId, Source};
use poem_openapi::Object;
use poem_openapi::types::Example;
use serde_json::Value;

use crate::channel::arrive::Person;
use crate::channel::inbound::{Inbound, TakenIn};
use crate::problem::{Problem, reject};
use crate::rest::fields::{Fields, Input};

/// A customer's message.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct InboundInput {
    /// The page that it came to.
    pub page_id: String,
    /// Who wrote, by their id in the channel.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub source_id: String,
    /// The channel's own id of the message: with one, it counts once.
    #[oai(validator(max_length = 256))]
    pub message_id: Option<String>,
    /// What was written.
    #[oai(validator(min_length = 1, max_length = 20000))]
    pub text: String,
    /// The name that they chose in the channel.
    #[oai(validator(max_length = 100))]
    pub username: Option<String>,
    /// Their first name.
    #[oai(validator(max_length = 99))]
    pub first_name: Option<String>,
    /// Their last name.
    #[oai(validator(max_length = 99))]
    pub last_name: Option<String>,
    /// The address of a picture of them.
    #[oai(validator(max_length = 2048))]
    pub profile_picture: Option<String>,
    /// Their email address, for a customer who is not known yet.
    #[oai(validator(max_length = 254))]
    pub email: Option<String>,
    /// Their phone number, for a customer who is not known yet.
    #[oai(validator(max_length = 20))]
    pub phone_number: Option<String>,
    /// When they wrote, by the channel's clock; now when not given.
    #[oai(nullable)]
    pub at: Option<DateTime<Utc>>,
}

impl Input for InboundInput {
    fn read(fields: &mut Fields) -> Self {
        Self {
            page_id: fields.required_text("page_id"),
            source_id: id_text(fields, "source_id").unwrap_or_default(),
            message_id: id_text(fields, "message_id"),
            text: said(fields),
            username: fields.text("username"),
            first_name: fields.text("first_name"),
            last_name: fields.text("last_name"),
            profile_picture: fields.text("profile_picture"),
            email: fields.text("email"),
            phone_number: fields.text("phone_number"),
            at: fields.time("at").flatten(),
        }
    }
}

/// What was written. It is judged before anything is recorded, so that a message that cannot be taken in makes no customer.
fn said(fields: &mut Fields) -> String {
    let text = fields.required_text("text");
    if !fields.is_wrong("text") && readable(&text, Lines::Many).is_empty() {
        fields.wrong("text", "Text is required");
    }
    if text.chars().count() > limits::RECEIVED_TEXT {
        fields.wrong("text", format!("Ensure this field has no more than {} characters", limits::RECEIVED_TEXT));
    }
    text
}

/// An id as a text; some channels' are numbers.
fn id_text(fields: &mut Fields, name: &str) -> Option<String> {
    match fields.raw(name)? {
        Value::String(text) if text.len() <= limits::EXTERNAL_ID && !text.contains(char::is_control) => {
            Some(text.trim().to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            fields.wrong(name, format!("Must be a number, or a text on one line of up to {} bytes.", limits::EXTERNAL_ID));
            None
        }
    }
}

impl InboundInput {
    /// The page, and the message to it.
    ///
    /// # Errors
    /// The problem of a page that is none of the tenant's.
    pub fn message(self) -> Result<(PageId, Inbound), Problem> {
        let page = self.page_id.parse().map_err(|_| reject(&PageRejection::AccessDenied))?;
        let contact = Contact {
            // The page's, once it is looked up.
            source: Source::Unknown,
            source_id: self.source_id,
            username: self.username.unwrap_or_default(),
            first_name: self.first_name.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            profile_picture: self.profile_picture.unwrap_or_default(),
        };
        let (email, phone) = (self.email.unwrap_or_default(), self.phone_number.unwrap_or_default());
        let person = Person { contact, email, phone };
        let external_id = self.message_id.unwrap_or_default();
        Ok((page, Inbound { person, external_id, text: self.text, at: self.at }))
    }
}

impl Example for InboundInput {
    fn example() -> Self {
        Self {
            page_id: "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11".to_owned(),
            source_id: "48151623".to_owned(),
            message_id: Some("update-4711".to_owned()),
            text: "I want to speak to a human".to_owned(),
            username: Some("john_doe".to_owned()),
            first_name: Some("John".to_owned()),
            last_name: Some("Doe".to_owned()),
            profile_picture: None,
            email: None,
            phone_number: None,
            at: None,
        }
    }
}

/// What became of a customer's message.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Inbound")]
pub struct InboundObject {
    /// Names the customer.
    customer_id: String,
    /// Whether the customer was not known before.
    is_new_customer: bool,
    /// Names the conversation of the customer and the page.
    conversation_id: String,
    /// Names the page.
    page_id: String,
    /// Where it stands in the log.
    #[oai(validator(minimum(value = "0")))]
    position: u64,
    /// Whether it had been taken in before.
    is_repeated: bool,
    /// Whether it asked for a person, who is wanted from now on.
    agent_requested: bool,
    /// Whether the bot keeps still: a person is wanted, or answers.
    stop: bool,
}

impl InboundObject {
    /// What became of a message to a page.
    #[must_use]
    pub fn of(taken: TakenIn, page: PageId) -> Self {
        Self {
            customer_id: taken.customer.into(),
            is_new_customer: taken.is_new_customer,
            conversation_id: taken.conversation.into(),
            page_id: page.into(),
            position: taken.position.0,
            is_repeated: taken.is_repeated,
            agent_requested: taken.agent_requested,
            stop: taken.is_stopped,
        }
    }
}
