//! What may be asked about events, in the words of a URL.

use events::{Event, StreamKind};
use poem_openapi::registry::MetaSchema;

use crate::live::EventFilter;
use crate::live::filter::EventNameError;
use crate::problem::{Kind as ProblemKind, Problem};
use crate::rest::fields::sentence;
use crate::rest::params::{Form, Whole, one_of};

/// A position to go on behind.
pub type AfterPosition = Whole<0, { i64::MAX as u64 }, 0>;
/// How many events a page has.
pub type EventLimit = Whole<1, 500, 50>;

/// A kind of aggregate.
pub struct Kind;

impl Form for Kind {
    fn schema() -> MetaSchema {
        one_of(StreamKind::ALL.map(StreamKind::name))
    }
}

/// An event type.
pub struct EventTypeName;

impl Form for EventTypeName {
    fn schema() -> MetaSchema {
        one_of(Event::catalogue().map(|known| known.name))
    }
}

/// The parameters of a filter as they were given.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventParams<'a> {
    /// `kind`.
    pub kind: Option<&'a str>,
    /// `type`.
    pub event_type: Option<&'a str>,
    /// `object_id`.
    pub object_id: Option<&'a str>,
    /// `actor`.
    pub actor: Option<&'a str>,
}

impl EventParams<'_> {
    /// The filter that they mean.
    ///
    /// # Errors
    /// The 400 problem that names the parameter.
    pub fn parse(&self) -> Result<EventFilter, Problem> {
        let wrong = |name: &str, why: &str| Problem::field(ProblemKind::InvalidParameter, name, sentence(why));
        let kinds = || StreamKind::ALL.map(StreamKind::name).join(", ");
        let kind = self.kind.map(|text| text.parse().map_err(|_| wrong("kind", &format!("it is one of {}", kinds()))));
        let name = self.event_type.map(|text| text.parse().map_err(|error: EventNameError| wrong("type", &error.to_string())));
        Ok(EventFilter {
            kind: kind.transpose()?,
            name: name.transpose()?,
            object: self.object_id.map(str::to_owned),
            actor: self.actor.map(str::to_owned),
        })
    }
}
