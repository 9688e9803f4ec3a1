//! The audit trail as JSON.

use std::collections::BTreeMap;

use poem_openapi::Object;
use poem_openapi::types::Any;
use query_api::audit_trail::{AuditRow, AuditStats, FieldChange};
use query_api::directory::UserRow;
use serde_json::{Map, Value};

use crate::rest::moment::Moment;

/// A row of the audit trail: an event.
#[derive(Debug, Clone, Object)]
#[oai(rename = "AuditRow")]
pub struct AuditObject {
    /// Names the row; also the identity of the event.
    id: String,
    /// The email address of the user who did it; `null` where it was no user of the tenant.
    #[oai(nullable)]
    user: Option<String>,
    /// Who did it, under the name of the time.
    user_name: String,
    /// The id of who did it.
    user_id: String,
    /// What did it: `user`, `customer`, `integration` or `system`.
    user_kind: String,
    /// What was done with the record: `create`, `update`, `delete` or `view`.
    action: String,
    /// What happened, in a word, such as `points_updated`.
    activity: String,
    /// The kind of the record.
    model_name: String,
    /// The record; `null` where it is about all records of the kind.
    #[oai(nullable)]
    object_id: Option<String>,
    /// What the record was called after it.
    object_repr: String,
    /// What happened, in a sentence.
    description: String,
    /// The fields that changed.
    changes: Vec<String>,
    /// Their values before; `null` where there was no record yet.
    old_values: Any<Map<String, Value>>,
    /// Their values after.
    new_values: Any<Map<String, Value>>,
    /// When it was recorded.
    timestamp: Moment,
    /// The type of the event.
    event_type: String,
    /// The place of the event's commit in the log.
    position: u64,
    /// The outside request that it comes from.
    correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    causation_id: Option<String>,
}

impl AuditObject {
    /// A row, with the tenant's users by id.
    #[must_use]
    pub fn of(row: AuditRow, users: &BTreeMap<String, UserRow>) -> Self {
        let side = |pick: fn(&FieldChange) -> &Value| {
            Any(row.changes.iter().map(|change| (change.field.clone(), pick(change).clone())).collect::<Map<_, _>>())
        };
        let (old_values, new_values) = (side(|change| &change.old), side(|change| &change.new));
        Self {
            id: row.event_id.to_string(),
            user: users.get(&row.actor.id).map(|user| user.email.clone()),
            user_name: row.actor.name,
            user_id: row.actor.id,
            user_kind: row.actor.kind.name().to_owned(),
            action: row.activity.action.name().to_owned(),
            activity: row.activity.name.to_owned(),
            model_name: row.kind.name().to_owned(),
            object_id: Some(row.object_id).filter(|id| !id.is_empty()),
            object_repr: row.object_repr,
            description: row.description,
            changes: row.changes.into_iter().map(|change| change.field).collect(),
            old_values,
            new_values,
            timestamp: row.recorded_at.into(),
            event_type: row.activity.event.to_owned(),
            position: row.position.0,
            correlation_id: row.correlation_id.into(),
            causation_id: row.causation_id.map(|id| id.to_string()),
        }
    }
}

/// A page of the audit trail.
#[derive(Debug, Clone, Object)]
pub struct AuditPage {
    /// How many rows the filters let through.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The rows of this page.
    pub results: Vec<AuditObject>,
}

/// How many rows there are.
#[derive(Debug, Clone, Object)]
#[oai(rename = "AuditStats")]
pub struct AuditStatsObject {
    /// How many rows the filters let through.
    count: u64,
    /// By what was done.
    by_action: BTreeMap<String, u64>,
    /// By the kind of the record.
    by_model: BTreeMap<String, u64>,
    /// By who did it, most first.
    by_user: Vec<UserCount>,
    /// By day (UTC), oldest first; days without any are left out.
    by_day: Vec<DayCountObject>,
}

/// How many rows somebody caused.
#[derive(Debug, Clone, Object)]
#[oai(rename = "AuditUserCount")]
pub struct UserCount {
    /// The id of who did it.
    user_id: String,
    /// The email address; `null` where it was no user of the tenant.
    #[oai(nullable)]
    user: Option<String>,
    /// The name.
    user_name: String,
    /// How many rows.
    count: u64,
}

/// How many rows were recorded on a day.
#[derive(Debug, Clone, Object)]
#[oai(rename = "AuditDayCount")]
pub struct DayCountObject {
    /// The day, such as `2024-01-15`.
    date: String,
    /// How many rows.
    count: u64,
}

impl From<AuditStats> for AuditStatsObject {
    fn from(stats: AuditStats) -> Self {
        let user = |actor: query_api::audit_trail::ActorCount| UserCount {
            user_id: actor.id,
            user: actor.email,
            user_name: actor.name,
            count: actor.count,
        };
        let day = |day: query_api::audit_trail::DayCount| DayCountObject { date: day.day.to_string(), count: day.count };
        Self {
            count: stats.count,
            by_action: stats.by_action.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
            by_model: stats.by_model,
            by_user: stats.by_actor.into_iter().map(user).collect(),
            by_day: stats.by_day.into_iter().map(day).collect(),
        }
    }
}
