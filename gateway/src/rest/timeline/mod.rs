//! `/api/v1/timeline/`: what happened, newest first, like a story (spec 004, section 7).

mod objects;

use std::collections::BTreeSet;

use events::StreamKind;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;
use query_api::audit_trail::{Action, AuditFilter, activities, activity_names, is_known, users_of};
use query_api::timeline::{self, Cursor};

use objects::{EntityEntry, TimelineEntry};
pub use objects::{EntityTimeline, TimelinePart};

use super::answer::Read;
use super::audit_trail::params::{self, DayOrTime, ModelName};
use super::call::Call;
use super::fields::sentence;
use super::params::{Form, Free, Text, Whole};
use super::{Tag, unreadable};
use crate::auth::{Operation, op, permission};
use crate::problem::{Kind, Problem};

/// How many entries an answer has (spec 004, section 7: 50, at most 500).
pub type EntryLimit = Whole<1, 500, 50>;

/// Names of activities or actions, with commas between.
pub struct ActivityNames;

impl Form for ActivityNames {
    fn schema() -> MetaSchema {
        MetaSchema { example: Some("created,points_updated".into()), ..MetaSchema::new("string") }
    }

    const MOST_CHARS: usize = 1_000;
}

/// The timeline.
pub struct TimelineApi;

#[OpenApi(prefix_path = "/api/v1/timeline", tag = "Tag::Audit")]
impl TimelineApi {
    /// Read the timeline
    ///
    /// Everything that happened in the tenant. Every filter that is given must hold.
    #[oai(path = "/", method = "get", operation_id = "getTimeline")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn all(
        &self,
        call: Call<op::TimelineRead>,
        /// Only what was recorded on this day (UTC) or at this time, or later.
        start_date: Query<Text<DayOrTime>>,
        /// Only what was recorded on this day (UTC) or at this time, or before.
        end_date: Query<Text<DayOrTime>>,
        /// Only what happened to entities of this kind.
        entity_type: Query<Text<ModelName>>,
        /// Only what happened to this entity.
        entity_id: Query<Text<Free>>,
        /// Only these activities (`created`, `points_updated`, …) and actions (`create`, `update`, `delete`, `view`), with commas
        /// between.
        activity_types: Query<Text<ActivityNames>>,
        /// Only what this user did.
        user_id: Query<Text<Free>>,
        /// How many entries at most.
        limit: Query<EntryLimit>,
        /// The `next_cursor` of the answer to go on from.
        cursor: Query<Text<Free>>,
    ) -> Result<Read<TimelinePart>, Problem> {
        let (bounds, position) = call.audit_bounds(start_date.as_deref(), end_date.as_deref(), None).await?;
        let filter = AuditFilter {
            activities: wanted(activity_types.as_deref())?,
            kind: params::model("entity_type", entity_type.as_deref())?,
            object_id: entity_id.as_deref().map(str::to_owned),
            actor_id: user_id.as_deref().map(str::to_owned),
            bounds,
            ..AuditFilter::default()
        };
        Ok(Read::new(part(&call, &filter, &cursor, limit.0).await?, position))
    }

    /// Read what you did
    #[oai(path = "/user/", method = "get", operation_id = "getOwnTimeline")]
    async fn own(
        &self,
        call: Call<op::TimelineOwn>,
        /// How many entries at most.
        limit: Query<EntryLimit>,
        /// The `next_cursor` of the answer to go on from.
        cursor: Query<Text<Free>>,
    ) -> Result<Read<TimelinePart>, Problem> {
        let (bounds, position) = call.audit_bounds(None, None, None).await?;
        let filter = AuditFilter { actor_id: Some(call.session.user.to_string()), bounds, ..AuditFilter::default() };
        Ok(Read::new(part(&call, &filter, &cursor, limit.0).await?, position))
    }

    /// Read what a user did
    #[oai(path = "/user/:id/", method = "get", operation_id = "getUserTimeline")]
    async fn of_user(
        &self,
        call: Call<op::TimelineRead>,
        /// The user.
        id: Path<String>,
        /// How many entries at most.
        limit: Query<EntryLimit>,
        /// The `next_cursor` of the answer to go on from.
        cursor: Query<Text<Free>>,
    ) -> Result<Read<TimelinePart>, Problem> {
        let (bounds, position) = call.audit_bounds(None, None, None).await?;
        if !is_known(&call.app.models, &call.scope(), StreamKind::User, &id).await.map_err(unreadable)? {
            return Err(Problem::not_found());
        }
        let filter = AuditFilter { actor_id: Some(id.0), bounds, ..AuditFilter::default() };
        Ok(Read::new(part(&call, &filter, &cursor, limit.0).await?, position))
    }

    /// Read what happened to an entity
    ///
    /// Who looked at it is told to those only who may read the whole timeline, and so is the timeline of the tenant itself.
    #[oai(path = "/:entity_type/:id/", method = "get", operation_id = "getEntityTimeline")]
    async fn of_entity(
        &self,
        call: Call<op::TimelineEntity>,
        /// The kind of the entity.
        entity_type: Path<String>,
        /// The entity.
        id: Path<String>,
        /// How many entries at most.
        limit: Query<EntryLimit>,
        /// The `next_cursor` of the answer to go on from.
        cursor: Query<Text<Free>>,
    ) -> Result<Read<EntityTimeline>, Problem> {
        let kind = params::model("entity_type", Some(&entity_type)).ok().flatten().ok_or_else(Problem::not_found)?;
        let sees_all = permission::allows(call.session.role, Operation::TimelineRead);
        if !sees_all && is_of_management(kind) {
            return Err(Problem::new(Kind::Forbidden, format!("A {} may not do this.", call.session.role.name())));
        }
        let (bounds, position) = call.audit_bounds(None, None, None).await?;
        if !is_known(&call.app.models, &call.scope(), kind, &id).await.map_err(unreadable)? {
            return Err(Problem::not_found());
        }
        let activities = (!sees_all).then(|| activities(&[Action::Create, Action::Update, Action::Delete]));
        let filter = AuditFilter { kind: Some(kind), object_id: Some(id.0), activities, bounds, ..AuditFilter::default() };
        let part = found(&call, &filter, &cursor, limit.0).await?;
        let (entity_type, entity_id) = (kind.name().to_owned(), filter.object_id.unwrap_or_default());
        let (count, next_cursor) = (part.count, part.next.map(|next| next.to_string()));
        let timeline = part.rows.into_iter().map(EntityEntry::of).collect();
        Ok(Read::new(EntityTimeline { entity_type, entity_id, count, timeline, next_cursor }, position))
    }
}

/// Whether what happened to such an entity concerns those only who manage the tenant.
const fn is_of_management(kind: StreamKind) -> bool {
    match kind {
        // Bookings and relations are a provider's own: other providers and agents see none of them.
        StreamKind::Tenant | StreamKind::User | StreamKind::Access | StreamKind::Booking | StreamKind::Relation => true,
        StreamKind::Customer | StreamKind::Tag | StreamKind::Page | StreamKind::Conversation | StreamKind::Service => false,
    }
}

/// The activities that a parameter names.
fn wanted(text: Option<&str>) -> Result<Option<BTreeSet<&'static str>>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let mut wanted = BTreeSet::new();
    for name in text.split(',').map(str::trim) {
        if let Some(action) = Action::ALL.into_iter().find(|action| action.name() == name) {
            wanted.extend(activities(&[action]));
        } else if let Some(activity) = activity_names().find(|activity| *activity == name) {
            wanted.insert(activity);
        } else {
            let sentence = format!("There is no activity {name:?}.");
            return Err(Problem::field(Kind::InvalidParameter, "activity_types", sentence));
        }
    }
    Ok(Some(wanted))
}

async fn found<O>(
    call: &Call<O>,
    filter: &AuditFilter,
    cursor: &Text<Free>,
    limit: EntryLimit,
) -> Result<timeline::Part, Problem> {
    let wrong = |error: timeline::CursorError| Problem::field(Kind::InvalidParameter, "cursor", sentence(&error.to_string()));
    let after = cursor.as_deref().map(|text| text.parse::<Cursor>().map_err(wrong)).transpose()?;
    let part = timeline::part(&call.app.models, &call.scope(), filter, after, limit.0).await.map_err(unreadable)?;
    call.viewed_past(filter.object_id.as_deref(), part.rows.first());
    Ok(part)
}

async fn part<O>(call: &Call<O>, filter: &AuditFilter, cursor: &Text<Free>, limit: EntryLimit) -> Result<TimelinePart, Problem> {
    let part = found(call, filter, cursor, limit).await?;
    let users = users_of(&call.app.models, &call.scope(), &part.rows).await.map_err(unreadable)?;
    let results = part.rows.into_iter().map(|row| TimelineEntry::of(row, &users)).collect();
    Ok(TimelinePart { count: part.count, results, next_cursor: part.next.map(|next| next.to_string()) })
}
