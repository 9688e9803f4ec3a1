//! What tags were called, from when on: a row for every event of a tag. Whoever asks takes the last one before a moment.

use std::collections::BTreeMap;

use events::{Event, Recorded, TagEvent};
use sea_query::Value;

use super::moment::Moment;
use crate::db::{DbError, Existing, Target, Tx};
use crate::projection::Batch;
use crate::value::{micros, storable, text};

pub const TAG_NAMES: Target =
    Target { table: "customer_tag_names", columns: &["at", "tenant_id", "id", "name", "recorded_at"], key: &["at"] };

/// Writes what the events of a batch say of tags. Those that were seen already write the same again.
pub async fn save(tx: &mut Tx, batch: &Batch<'_>) -> Result<(), DbError> {
    let name = |recorded: &&Recorded| {
        let Event::Tag(event) = &recorded.event else { return None };
        let at = Moment::of(batch.partition, recorded.position);
        Some((at, values(at, recorded, name_after(event))))
    };
    // One for each commit: what was true only within one never was.
    let names: BTreeMap<Moment, Vec<Value>> = batch.events.iter().filter_map(name).collect();
    tx.insert(TAG_NAMES, Existing::Replace, names.into_values().collect()).await
}

/// The name after an event; empty: the tag is gone.
fn name_after(event: &TagEvent) -> &str {
    match event {
        TagEvent::Created(data) => &data.name,
        TagEvent::Renamed(data) => &data.name,
        TagEvent::Deleted(_) => "",
    }
}

fn values(at: Moment, recorded: &Recorded, name: &str) -> Vec<Value> {
    let stream = &recorded.envelope.stream;
    let recorded_at = micros(recorded.envelope.recorded_at);
    vec![at.0.into(), text(stream.tenant.as_str()), text(stream.id()), text(storable(name)), recorded_at.into()]
}
