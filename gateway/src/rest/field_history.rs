//! `/api/v1/field-history/`: every change of every field (spec 004, section 3).

use events::{Currency, EventId};
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use query_api::audit_trail::words;
use query_api::field_history::{self, FieldFilter, FieldRow};
use serde_json::Value;

use super::answer::Read;
use super::as_of::AsOfParam;
use super::audit_trail::RowsPerPage;
use super::audit_trail::params::{self, FieldName, ModelName};
use super::call::Call;
use super::moment::Moment;
use super::paging::{ListUrl, page_request};
use super::params::{Free, PageNumber, Text};
use super::{Tag, unreadable};
use crate::auth::op;
use crate::problem::Problem;

/// The field history.
pub struct FieldHistoryApi;

#[OpenApi(prefix_path = "/api/v1/field-history", tag = "Tag::Audit")]
impl FieldHistoryApi {
    /// Look through the field history
    ///
    /// Every change of every field, newest first: the difference of the folded states before and after each event. Every filter
    /// that is given must hold.
    #[oai(path = "/", method = "get", operation_id = "listFieldHistory")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::AuditRead>,
        url: ListUrl,
        /// Only fields of records of this kind.
        model: Query<Text<ModelName>>,
        /// Only fields of this record.
        object_id: Query<Text<Free>>,
        /// Only fields with this name.
        field_name: Query<Text<FieldName>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many changes a page has.
        page_size: Query<RowsPerPage>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<FieldHistoryPage>, Problem> {
        let request = page_request(page.0, page_size.0)?;
        let moment = call.moment(&as_of).await?;
        let (bounds, position) = call.audit_bounds(None, None, moment).await?;
        let kind = params::model("model", model.as_deref())?;
        let field = params::field(kind, field_name.as_deref())?.map(str::to_owned);
        let filter = FieldFilter { kind, object_id: object_id.as_deref().map(str::to_owned), field, bounds };
        let page = field_history::list(&call.app.models, &call.scope(), &filter, request).await.map_err(unreadable)?;
        let (next, previous) = url.as_of(moment).neighbours(&page, request)?;
        call.viewed_past(filter.object_id.as_deref(), page.rows.first().map(|field| &field.row));
        let results = page.rows.into_iter().map(|row| FieldObject::of(row, &call.tenant.currency)).collect();
        Ok(Read::new(FieldHistoryPage { count: page.count, next, previous, results }, position))
    }

    /// Get a change of a field
    #[oai(path = "/:id/", method = "get", operation_id = "getFieldHistoryRow")]
    async fn get(
        &self,
        call: Call<op::AuditRead>,
        /// The change.
        id: Path<String>,
    ) -> Result<Read<FieldObject>, Problem> {
        let (bounds, position) = call.audit_bounds(None, None, None).await?;
        let (event, field) = id.split_once('.').ok_or_else(Problem::not_found)?;
        let event = event.parse().map(EventId).map_err(|_| Problem::not_found())?;
        let row = field_history::one(&call.app.models, &call.scope(), bounds, event, field).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        call.viewed_row(&row.row);
        Ok(Read::new(FieldObject::of(row, &call.tenant.currency), position))
    }
}

/// A change of a field.
#[derive(Debug, Clone, Object)]
#[oai(rename = "FieldChange")]
pub struct FieldObject {
    /// Names the change; an opaque text.
    id: String,
    /// The kind of the record.
    model: String,
    /// The record.
    object_id: String,
    /// The field.
    field_name: String,
    /// The field, for people.
    field_label: String,
    /// The value before; `null` where there was no record yet.
    #[oai(nullable)]
    old_value: Option<Any<Value>>,
    /// The value after.
    #[oai(nullable)]
    new_value: Option<Any<Value>>,
    /// The value before, for people.
    old_value_display: String,
    /// The value after, for people.
    new_value_display: String,
    /// Who changed it, under the name of the time.
    changed_by: String,
    /// When it was recorded.
    changed_at: Moment,
    /// The event that changed it: its row in the audit trail.
    event_id: String,
    /// The place of the event's commit in the log.
    position: u64,
    /// The outside request that it comes from.
    correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    causation_id: Option<String>,
}

impl FieldObject {
    fn of(FieldRow { row, change }: FieldRow, currency: &Currency) -> Self {
        let field = words(row.kind).field(&change.field);
        let display = |value: &Value| field.map(|field| field.shown.display(value, currency)).unwrap_or_default();
        let (old_value_display, new_value_display) = (display(&change.old), display(&change.new));
        let value = |value: Value| Some(value).filter(|value| !value.is_null()).map(Any);
        Self {
            id: format!("{}.{}", row.event_id, change.field),
            model: row.kind.name().to_owned(),
            object_id: row.object_id,
            field_label: field.map_or_else(|| change.field.clone(), |field| field.label.to_owned()),
            field_name: change.field,
            old_value: value(change.old),
            new_value: value(change.new),
            old_value_display,
            new_value_display,
            changed_by: row.actor.name,
            changed_at: row.recorded_at.into(),
            event_id: row.event_id.to_string(),
            position: row.position.0,
            correlation_id: row.correlation_id.into(),
            causation_id: row.causation_id.map(|id| id.to_string()),
        }
    }
}

/// A page of the field history.
#[derive(Debug, Clone, Object)]
pub struct FieldHistoryPage {
    /// How many changes the filters let through.
    count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    previous: Option<String>,
    /// The changes of this page.
    results: Vec<FieldObject>,
}
