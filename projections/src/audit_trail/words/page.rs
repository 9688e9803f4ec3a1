//! The words of pages. Tokens and secrets of a page are no events, so nothing of them can be here.

use events::contact::Source;
use events::subject::Partition;
use events::{Event, PageEvent, Recorded, StreamKind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::capitalised;
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::storable;

/// Pages.
pub struct Pages;

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    name: String,
    source: Source,
    external_id: String,
    is_connected: bool,
}

impl Wording for Pages {
    const KIND: StreamKind = StreamKind::Page;
    const ACTIVITIES: &'static [Activity] = &[
        activity("page.connected", "connected", Action::Create),
        activity("page.renamed", "renamed", Action::Update),
        activity("page.disconnected", "disconnected", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[
        field("name", "Name", Shown::Text),
        field("source", "Channel", Shown::Word),
        field("external_id", "Account in the channel", Shown::Text),
        field("is_connected", "Connected", Shown::YesNo),
    ];
    type Event = PageEvent;
    type Row = Page;

    fn event(event: &Event) -> Option<&PageEvent> {
        if let Event::Page(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, row: Option<Page>, _: &Recorded, event: &PageEvent) -> Result<Option<Page>, ApplyError> {
        let row = row.unwrap_or_default();
        Ok(Some(match event {
            PageEvent::Connected(data) => Page {
                name: storable(&data.name),
                source: data.source,
                external_id: storable(&data.external_id),
                is_connected: true,
            },
            PageEvent::Renamed(data) => Page { name: storable(&data.name), ..row },
            PageEvent::Disconnected(_) => Page { is_connected: false, ..row },
        }))
    }

    fn values(row: &Page) -> Vec<Json> {
        vec![row.name.as_str().into(), row.source.name().into(), row.external_id.as_str().into(), row.is_connected.into()]
    }

    fn name(row: &Page) -> String {
        row.name.clone()
    }

    fn sentence(event: &PageEvent, _row: &Page, _changes: &[&'static str]) -> String {
        match event {
            PageEvent::Connected(data) => format!("Connected the page to {}", capitalised(data.source.name())),
            PageEvent::Renamed(data) => format!("Renamed the page to {}", data.name),
            PageEvent::Disconnected(_) => "Disconnected the page".to_owned(),
        }
    }
}
