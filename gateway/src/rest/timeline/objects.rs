//! The timeline as JSON.

use std::collections::BTreeMap;

use poem_openapi::Object;
use query_api::audit_trail::AuditRow;
use query_api::directory::UserRow;

use crate::rest::moment::Moment;

/// An entry of the timeline.
#[derive(Debug, Clone, Object)]
pub struct TimelineEntry {
    /// Names the entry; an opaque text.
    id: String,
    /// `activity`: something that has a name of its own; `audit`: a record was changed or looked at.
    #[oai(rename = "type")]
    kind: String,
    /// What happened, in a word: the activity, or for `audit` what was done with the record.
    action: String,
    /// What happened, in a sentence.
    description: String,
    /// The kind of the entity.
    entity_type: String,
    /// The entity; `null` where it is about all entities of the kind.
    #[oai(nullable)]
    entity_id: Option<String>,
    /// What the entity was called after it.
    entity_name: String,
    /// Who did it.
    user: TimelineUser,
    /// The fields that changed; for `audit` only.
    #[oai(skip_serializing_if_is_none)]
    changes: Option<Vec<String>>,
    /// When it was recorded.
    timestamp: Moment,
    /// The place of the event's commit in the log.
    position: u64,
    /// The outside request that it comes from.
    correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    causation_id: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, Object)]
pub struct TimelineUser {
    /// The id.
    id: String,
    /// The name of the time.
    name: String,
    /// The email address; `null` where it was no user of the tenant.
    #[oai(nullable)]
    email: Option<String>,
}

/// An entry of the timeline of an entity.
#[derive(Debug, Clone, Object)]
pub struct EntityEntry {
    /// Names the entry; an opaque text.
    id: String,
    /// `activity`: something that has a name of its own; `audit`: the record was changed or looked at.
    #[oai(rename = "type")]
    kind: String,
    /// What happened, in a word: the activity, or for `audit` what was done with the record.
    action: String,
    /// What happened, in a sentence.
    description: String,
    /// Who did it, under the name of the time.
    user: String,
    /// The fields that changed; for `audit` only.
    #[oai(skip_serializing_if_is_none)]
    changes: Option<Vec<String>>,
    /// When it was recorded.
    timestamp: Moment,
    /// The place of the event's commit in the log.
    position: u64,
    /// The outside request that it comes from.
    correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    causation_id: Option<String>,
}

/// A part of the timeline.
#[derive(Debug, Clone, Object)]
pub struct TimelinePart {
    /// How many entries the filters let through in all.
    pub count: u64,
    /// The entries of this part, newest first.
    pub results: Vec<TimelineEntry>,
    /// What to give as `cursor` to go on; `null` at the end.
    #[oai(nullable)]
    pub next_cursor: Option<String>,
}

/// A part of the timeline of an entity.
#[derive(Debug, Clone, Object)]
pub struct EntityTimeline {
    /// The kind of the entity.
    pub entity_type: String,
    /// The entity.
    pub entity_id: String,
    /// How many entries there are in all.
    pub count: u64,
    /// The entries of this part, newest first.
    pub timeline: Vec<EntityEntry>,
    /// What to give as `cursor` to go on; `null` at the end.
    #[oai(nullable)]
    pub next_cursor: Option<String>,
}

/// What both kinds of entry begin with: the id, the type, and the action.
fn heading(row: &AuditRow) -> (String, String, String) {
    let (kind, action) = if is_plain(row) { ("audit", row.activity.action.name()) } else { ("activity", row.activity.name) };
    (format!("{kind}_{}", row.event_id), kind.to_owned(), action.to_owned())
}

/// Whether what happened has no better name than what was done with the record.
fn is_plain(row: &AuditRow) -> bool {
    matches!(row.activity.name, "updated" | "viewed")
}

fn changes(row: &AuditRow) -> Option<Vec<String>> {
    is_plain(row).then(|| row.changes.iter().map(|change| change.field.clone()).collect())
}

impl TimelineEntry {
    /// An entry, with the tenant's users by id.
    #[must_use]
    pub fn of(row: AuditRow, users: &BTreeMap<String, UserRow>) -> Self {
        let (id, kind, action) = heading(&row);
        Self {
            id,
            kind,
            action,
            changes: changes(&row),
            description: row.description,
            entity_type: row.kind.name().to_owned(),
            entity_id: Some(row.object_id).filter(|id| !id.is_empty()),
            entity_name: row.object_repr,
            user: TimelineUser {
                email: users.get(&row.actor.id).map(|user| user.email.clone()),
                id: row.actor.id,
                name: row.actor.name,
            },
            timestamp: row.recorded_at.into(),
            position: row.position.0,
            correlation_id: row.correlation_id.into(),
            causation_id: row.causation_id.map(|id| id.to_string()),
        }
    }
}

impl EntityEntry {
    /// An entry of an entity's own timeline.
    #[must_use]
    pub fn of(row: AuditRow) -> Self {
        let (id, kind, action) = heading(&row);
        Self {
            id,
            kind,
            action,
            changes: changes(&row),
            description: row.description,
            user: row.actor.name,
            timestamp: row.recorded_at.into(),
            position: row.position.0,
            correlation_id: row.correlation_id.into(),
            causation_id: row.causation_id.map(|id| id.to_string()),
        }
    }
}
