//! Events as JSON. What is written is [`events::EventDocument`]; the rest here only describes it.

use std::borrow::Cow;

use events::{EventDocument, Recorded};
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{Any, ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::rest::moment::Moment;

/// An event, rendered.
#[derive(Debug, Clone)]
pub struct EventObject(Value);

impl EventObject {
    /// Renders an event.
    ///
    /// # Errors
    /// The 500 problem when a value cannot be written.
    pub fn of(recorded: &Recorded) -> Result<Self, Problem> {
        serde_json::to_value(EventDocument::of(recorded)).map(Self).map_err(|error| Problem::internal(&error))
    }
}

impl Type for EventObject {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        EventDescription::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        EventDescription::schema_ref()
    }

    fn register(registry: &mut Registry) {
        EventDescription::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for EventObject {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        value.map(Self).ok_or_else(ParseError::expected_input)
    }
}

impl ToJSON for EventObject {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

/// An event with its whole envelope.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Event")]
pub struct EventDescription {
    /// Its identity.
    pub event_id: String,
    /// Whose it is.
    pub tenant: String,
    /// The kind of the aggregate that it happened to, such as `customer`.
    pub kind: String,
    /// The aggregate.
    pub id: String,
    /// Its number in the stream of the aggregate, from 1.
    pub version: u64,
    /// What happened, such as `customer.registered`.
    #[oai(rename = "type")]
    pub name: String,
    /// The schema version of the data.
    pub schema_version: u16,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// Who caused it.
    pub actor: ActorDescription,
    /// The outside request that it comes from.
    pub correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    pub causation_id: Option<String>,
    /// The place of its commit in the log.
    pub position: u64,
    /// Its place in the commit, from 0.
    pub index: u32,
    /// What happened in detail, as it is stored: times in microseconds since 1970, amounts of money in minor units.
    pub data: Any<Map<String, Value>>,
}

/// Who caused an event.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Actor")]
pub struct ActorDescription {
    /// The identifier within its kind.
    pub id: String,
    /// `user`, `customer`, `integration` or `system`.
    pub kind: String,
    /// The name to show, as it was at the time.
    pub name: String,
}

/// Events in the order in which they happened.
#[derive(Debug, Clone, Object)]
pub struct EventPage {
    /// The events.
    pub results: Vec<EventObject>,
    /// What to give as `after` to go on, now or later.
    pub next_after: u64,
    /// The next page; `null` when everything that there is now was looked through.
    #[oai(nullable)]
    pub next: Option<String>,
}
