//! The words of what is between providers and customers.

use events::subject::Partition;
use events::{Event, Recorded, RelationEvent, StreamKind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::storable;

/// Relations.
pub struct Relations;

/// A relation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    provider: String,
    customer: String,
    is_favourite: bool,
    is_blocked: bool,
    block_reason: String,
    notes: String,
    is_forgotten: bool,
}

impl Wording for Relations {
    const KIND: StreamKind = StreamKind::Relation;
    const ACTIVITIES: &'static [Activity] = &[
        activity("relation.started", "started", Action::Create),
        activity("relation.favourited", "favourited", Action::Update),
        activity("relation.unfavourited", "unfavourited", Action::Update),
        activity("relation.blocked", "blocked", Action::Update),
        activity("relation.unblocked", "unblocked", Action::Update),
        activity("relation.noted", "noted", Action::Update),
        activity("relation.forgotten", "forgotten", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[
        field("provider", "Provider", Shown::Text),
        field("customer", "Customer", Shown::Text),
        field("is_favorite_customer", "Favourite", Shown::YesNo),
        field("is_blocked", "Blocked", Shown::YesNo),
        field("block_reason", "Why blocked", Shown::Text),
        field("notes", "Notes", Shown::Text),
    ];
    type Event = RelationEvent;
    type Row = Relation;

    fn event(event: &Event) -> Option<&RelationEvent> {
        if let Event::Relation(event) = event { Some(event) } else { None }
    }

    /// Where the beginning of a stream was erased, there is nothing to say until the tombstone comes.
    fn fold(_: Partition, row: Option<Relation>, _: &Recorded, event: &RelationEvent) -> Result<Option<Relation>, ApplyError> {
        let row = match (row, event) {
            (Some(row), _) => row,
            (None, RelationEvent::Started(_) | RelationEvent::Forgotten(_)) => Relation::default(),
            (None, _) => return Ok(None),
        };
        Ok(Some(match event {
            RelationEvent::Started(data) => {
                Relation { provider: data.provider.to_string(), customer: data.customer.to_string(), ..row }
            }
            RelationEvent::Favourited(_) => Relation { is_favourite: true, ..row },
            RelationEvent::Unfavourited(_) => Relation { is_favourite: false, ..row },
            RelationEvent::Blocked(data) => Relation { is_blocked: true, block_reason: storable(&data.reason), ..row },
            RelationEvent::Unblocked(_) => Relation { is_blocked: false, block_reason: String::new(), ..row },
            RelationEvent::Noted(data) => Relation { notes: storable(&data.notes), ..row },
            RelationEvent::Forgotten(_) => Relation { is_forgotten: true, ..Relation::default() },
        }))
    }

    fn values(row: &Relation) -> Vec<Json> {
        vec![
            row.provider.as_str().into(),
            row.customer.as_str().into(),
            row.is_favourite.into(),
            row.is_blocked.into(),
            row.block_reason.as_str().into(),
            row.notes.as_str().into(),
        ]
    }

    fn name(row: &Relation) -> String {
        if row.is_forgotten { "Forgotten relation" } else { "Customer relation" }.to_owned()
    }

    fn is_erased(row: &Relation) -> bool {
        row.is_forgotten
    }

    fn sentence(event: &RelationEvent, _row: &Relation, _changes: &[&'static str]) -> String {
        match event {
            RelationEvent::Started(_) => "Started the customer relation",
            RelationEvent::Favourited(_) => "Made the customer a favourite",
            RelationEvent::Unfavourited(_) => "The customer is no favourite any more",
            RelationEvent::Blocked(_) => "Blocked the customer",
            RelationEvent::Unblocked(_) => "Unblocked the customer",
            RelationEvent::Noted(_) => "Wrote notes about the customer",
            RelationEvent::Forgotten(_) => "Forgot the customer relation: everything recorded before is erased",
        }
        .to_owned()
    }
}
