//! The words of reading. Its events are about records of other aggregates and change nothing.

use events::access::AccessEvent;
use events::subject::Partition;
use events::{Event, Recorded, StreamKind};
use serde_json::Value as Json;

use super::{Action, Activity, Field, Wording, activity};
use crate::projection::ApplyError;

/// Reading.
pub struct Access;

impl Wording for Access {
    const KIND: StreamKind = StreamKind::Access;
    const ACTIVITIES: &'static [Activity] =
        &[activity("access.viewed", "viewed", Action::View), activity("access.exported", "exported", Action::View)];
    const FIELDS: &'static [Field] = &[];
    type Event = AccessEvent;
    type Row = ();

    fn event(event: &Event) -> Option<&AccessEvent> {
        if let Event::Access(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, _: Option<()>, _: &Recorded, _: &AccessEvent) -> Result<Option<()>, ApplyError> {
        Ok(Some(()))
    }

    fn values((): &()) -> Vec<Json> {
        Vec::new()
    }

    fn name((): &()) -> String {
        String::new()
    }

    fn sentence(event: &AccessEvent, (): &(), _: &[&'static str]) -> String {
        match event {
            AccessEvent::Viewed(data) => format!("Viewed the {}", data.kind.name()),
            AccessEvent::Exported(data) => format!("Exported {}s", data.kind.name()),
        }
    }

    fn about(event: &AccessEvent) -> Option<(StreamKind, &str)> {
        match event {
            AccessEvent::Viewed(data) => Some((data.kind, &data.id)),
            AccessEvent::Exported(data) => Some((data.kind, "")),
        }
    }
}
