//! Which of a tenant's events are asked for: the same question at every door that hands events out.

use std::str::FromStr;

use event_log::Selection;
use events::{Event, Recorded, StreamKind, TenantId};

/// Which of a tenant's events are asked for. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// The kind of the aggregate.
    pub kind: Option<StreamKind>,
    /// The type of the event.
    pub name: Option<EventName>,
    /// The aggregate.
    pub object: Option<String>,
    /// Who caused it, by the actor's id.
    pub actor: Option<String>,
}

/// The name of an event type that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventName(&'static str);

/// Why a text is no event type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such event type; it is named like customer.registered")]
pub struct EventNameError;

impl FromStr for EventName {
    type Err = EventNameError;

    fn from_str(text: &str) -> Result<Self, EventNameError> {
        let known = Event::catalogue().find(|known| known.name == text);
        known.map(|known| Self(known.name)).ok_or(EventNameError)
    }
}

impl EventName {
    /// The kind of aggregate that such events happen to: the first part of the name.
    fn kind(self) -> Option<StreamKind> {
        self.0.split('.').next()?.parse().ok()
    }
}

impl EventFilter {
    /// What the log itself can pick out of a tenant's commits.
    #[must_use]
    pub fn selection(&self, tenant: TenantId) -> Selection {
        let kind = self.kind.or_else(|| self.name.and_then(EventName::kind));
        Selection { tenant, kind, id: self.object.clone() }
    }

    /// Whether the log picks out all of it.
    #[must_use]
    pub fn is_selection(&self) -> bool {
        self.name.is_none() && self.actor.is_none()
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the filter lets an event of the tenant through.
    #[must_use]
    pub fn lets(&self, recorded: &Recorded) -> bool {
        let envelope = &recorded.envelope;
        self.kind.is_none_or(|kind| envelope.stream.kind == kind)
            && self.name.is_none_or(|EventName(name)| recorded.event.event_type().name == name)
            && self.object.as_deref().is_none_or(|id| envelope.stream.id() == id)
            && self.actor.as_deref().is_none_or(|id| envelope.actor.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_type_belongs_to_a_kind() {
        for known in Event::catalogue() {
            let name: EventName = known.name.parse().expect("a name");
            assert!(name.kind().is_some(), "{}", known.name);
        }
        assert_eq!("customer.unknown".parse::<EventName>(), Err(EventNameError));
    }
}
