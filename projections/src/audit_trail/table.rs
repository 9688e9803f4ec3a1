//! How rows of the audit trail stand in their tables.

use events::{Actor, ActorKind, EventId, StreamKind};
use sea_query::Value;
use serde_json::Value as Json;

use super::row::{AuditRow, FieldChange};
use super::words;
use crate::db::{DbError, Target};
use crate::value::{micros, number, parsed, position, text, time};

/// The table of rows.
pub const EVENTS: Target = Target {
    table: "audit_events",
    columns: &[
        "no",
        "tenant_id",
        "event_id",
        "position",
        "recorded_at",
        "actor_id",
        "actor_kind",
        "actor_name",
        "event_type",
        "model",
        "activity",
        "object_id",
        "object_repr",
        "description",
        "changes",
        "fields",
        "old_values",
        "new_values",
        "correlation_id",
        "causation_id",
    ],
    key: &["no"],
};
/// The table of folded objects.
pub const OBJECTS: Target = Target {
    table: "audit_objects",
    columns: &["tenant_id", "kind", "id", "version", "state"],
    key: &["tenant_id", "kind", "id"],
};
/// The table of kept counts.
pub const CELLS: Target = Target {
    table: "audit_cells",
    columns: &["tenant_id", "day", "model", "activity", "actor_id", "n", "fields"],
    key: &["tenant_id", "day", "model", "activity", "actor_id"],
};
/// The table of kept counts by field.
pub const FIELDS: Target = Target {
    table: "audit_fields",
    columns: &["tenant_id", "day", "model", "field", "n"],
    key: &["tenant_id", "day", "model", "field"],
};

/// The table of the rows that days begin and end with.
pub const DAYS: Target =
    Target { table: "audit_days", columns: &["tenant_id", "day", "first_no", "last_no"], key: &["tenant_id", "day"] };

/// The columns of a table `e` that make a [`StoredRow`].
pub const SELECTED: &str = "e.no, e.tenant_id, e.event_id, e.position, e.recorded_at, e.actor_id, e.actor_kind, e.actor_name, \
     e.event_type, e.model, e.object_id, e.object_repr, e.description, e.changes, e.old_values, e.new_values, e.correlation_id, \
     e.causation_id";

/// A row as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredRow {
    no: i64,
    tenant_id: String,
    event_id: String,
    position: i64,
    recorded_at: i64,
    actor_id: String,
    actor_kind: String,
    actor_name: String,
    event_type: String,
    model: String,
    object_id: String,
    object_repr: String,
    description: String,
    changes: String,
    old_values: String,
    new_values: String,
    correlation_id: String,
    causation_id: String,
}

impl TryFrom<StoredRow> for AuditRow {
    type Error = DbError;

    fn try_from(stored: StoredRow) -> Result<Self, DbError> {
        let table = EVENTS.table;
        let value = |column| move || DbError::Value { table, column };
        let kind: StreamKind = stored.model.parse().map_err(|_| value("model")())?;
        let event_id = |id: &str, column| id.parse().map(EventId).map_err(|_| value(column)());
        let causation_id = match stored.causation_id.as_str() {
            "" => None,
            id => Some(event_id(id, "causation_id")?),
        };
        let activity = words::activities().find(|activity| activity.event == stored.event_type);
        let (old, new) = (values_of(&stored.old_values), values_of(&stored.new_values));
        let (old, new) = (old.ok_or_else(value("old_values"))?, new.ok_or_else(value("new_values"))?);
        let names = stored.changes.split(',').filter(|name| !name.is_empty());
        let change = |((field, old), new): ((&str, Json), Json)| FieldChange { field: field.to_owned(), old, new };
        Ok(Self {
            no: stored.no,
            tenant: parsed(stored.tenant_id, table, "tenant_id")?,
            event_id: event_id(&stored.event_id, "event_id")?,
            position: position(stored.position),
            recorded_at: time(stored.recorded_at, table, "recorded_at")?,
            actor: Actor {
                id: stored.actor_id,
                kind: actor_kind(&stored.actor_kind).ok_or_else(value("actor_kind"))?,
                name: stored.actor_name,
            },
            activity: activity.ok_or_else(value("event_type"))?,
            kind,
            object_id: stored.object_id,
            object_repr: stored.object_repr,
            description: stored.description,
            changes: names.zip(old).zip(new).map(change).collect(),
            correlation_id: parsed(stored.correlation_id, table, "correlation_id")?,
            causation_id,
        })
    }
}

fn values_of(text: &str) -> Option<Vec<Json>> {
    if text.is_empty() { Some(Vec::new()) } else { serde_json::from_str(text).ok() }
}

/// The values of a row.
pub fn values(row: &AuditRow) -> Vec<Value> {
    let side = |pick: fn(&FieldChange) -> &Json| {
        let values: Vec<Json> = row.changes.iter().map(|change| pick(change).clone()).collect();
        if values.is_empty() { String::new() } else { Json::from(values).to_string() }
    };
    vec![
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.event_id.to_string()),
        number(row.position.0).into(),
        micros(row.recorded_at).into(),
        text(&row.actor.id),
        text(row.actor.kind.name()),
        text(&row.actor.name),
        text(row.activity.event),
        text(row.kind.name()),
        text(row.activity.name),
        text(&row.object_id),
        text(&row.object_repr),
        text(&row.description),
        text(changes_text(row)),
        i64::try_from(row.changes.len()).unwrap_or(i64::MAX).into(),
        text(side(|change| &change.old)),
        text(side(|change| &change.new)),
        text(row.correlation_id.as_str()),
        text(row.causation_id.map(|id| id.to_string()).unwrap_or_default()),
    ]
}

/// The names of the fields that changed, each between commas, so that one is looked for with [`change_mark`].
fn changes_text(row: &AuditRow) -> String {
    let mut names = String::new();
    for change in &row.changes {
        names.push(',');
        names.push_str(&change.field);
    }
    if !names.is_empty() {
        names.push(',');
    }
    names
}

/// What the column `changes` of a row contains that changed a field.
#[must_use]
pub fn change_mark(field: &str) -> String {
    format!(",{field},")
}

const ACTOR_KINDS: [ActorKind; 4] = [ActorKind::User, ActorKind::Customer, ActorKind::Integration, ActorKind::System];

fn actor_kind(name: &str) -> Option<ActorKind> {
    ACTOR_KINDS.into_iter().find(|kind| kind.name() == name)
}
