//! The words of tags.

use events::subject::Partition;
use events::{Event, Recorded, StreamKind, TagEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::storable;

/// Tags.
pub struct Tags;

/// A tag.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    name: String,
    is_deleted: bool,
}

impl Wording for Tags {
    const KIND: StreamKind = StreamKind::Tag;
    const ACTIVITIES: &'static [Activity] = &[
        activity("tag.created", "created", Action::Create),
        activity("tag.renamed", "renamed", Action::Update),
        activity("tag.deleted", "deleted", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[field("name", "Name", Shown::Text), field("is_deleted", "Deleted", Shown::YesNo)];
    type Event = TagEvent;
    type Row = Tag;

    fn event(event: &Event) -> Option<&TagEvent> {
        if let Event::Tag(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, row: Option<Tag>, _: &Recorded, event: &TagEvent) -> Result<Option<Tag>, ApplyError> {
        let row = row.unwrap_or_default();
        Ok(Some(match event {
            TagEvent::Created(data) => Tag { name: storable(&data.name), is_deleted: false },
            TagEvent::Renamed(data) => Tag { name: storable(&data.name), ..row },
            TagEvent::Deleted(_) => Tag { is_deleted: true, ..row },
        }))
    }

    fn values(row: &Tag) -> Vec<Json> {
        vec![row.name.as_str().into(), row.is_deleted.into()]
    }

    fn name(row: &Tag) -> String {
        row.name.clone()
    }

    fn sentence(event: &TagEvent, _row: &Tag, _changes: &[&'static str]) -> String {
        match event {
            TagEvent::Created(_) => "Created the tag".to_owned(),
            TagEvent::Renamed(data) => format!("Renamed the tag to {}", data.name),
            TagEvent::Deleted(_) => "Deleted the tag".to_owned(),
        }
    }
}
