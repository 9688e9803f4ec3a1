//! `/api/v1/audit-trail/`: who did what to which record, and when (spec 004, section 3).

mod objects;
pub mod params;
mod reading;

use events::EventId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::audit_trail::{self, AuditFilter, Bounds, Order, activities};

pub use objects::{AuditObject, AuditPage, AuditStatsObject};
use params::{ActionName, DayOrTime, ModelName, Ordering};

use super::answer::Read;
use super::as_of::AsOfParam;
use super::call::Call;
use super::paging::{ListUrl, page_request};
use super::params::{Free, PageNumber, Text, Whole};
use super::{Tag, unreadable};
use crate::auth::op;
use crate::problem::Problem;

/// How many rows a page has (spec 004, section 8: 20, at most 100).
pub type RowsPerPage = Whole<1, 100, 20>;

/// The audit trail.
pub struct AuditTrailApi;

#[OpenApi(prefix_path = "/api/v1/audit-trail", tag = "Tag::Audit")]
impl AuditTrailApi {
    /// Look through the audit trail
    ///
    /// Every event of the tenant, newest first, with what it changed. Every filter that is given must hold.
    #[oai(path = "/", method = "get", operation_id = "listAuditTrail")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::AuditRead>,
        url: ListUrl,
        /// Only what was done so.
        action: Query<Text<ActionName>>,
        /// Only what this user did: the id or the email address.
        user: Query<Text<Free>>,
        /// Only what was done to records of this kind.
        model: Query<Text<ModelName>>,
        /// Only what was done to this record.
        object_id: Query<Text<Free>>,
        /// Only what was recorded on this day (UTC) or at this time, or later.
        start_date: Query<Text<DayOrTime>>,
        /// Only what was recorded on this day (UTC) or at this time, or before.
        end_date: Query<Text<DayOrTime>>,
        /// Words, each of which begins a word of the record's name, the user's name or the description. What is neither letter nor
        /// digit stands between words, and alone it finds nothing.
        search: Query<Text<Free>>,
        /// The order: newest first when not given.
        ordering: Query<Text<Ordering>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many rows a page has.
        page_size: Query<RowsPerPage>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<AuditPage>, Problem> {
        let request = page_request(page.0, page_size.0)?;
        let moment = call.moment(&as_of).await?;
        let (bounds, position) = call.audit_bounds(start_date.as_deref(), end_date.as_deref(), moment).await?;
        let filter = filter(&call, &action, &user, &model, &object_id, bounds, &search).await?;
        let filter = AuditFilter { order: params::order(ordering.as_deref())?, ..filter };
        let (models, scope) = (&call.app.models, call.scope());
        let page = audit_trail::list(models, &scope, &filter, request).await.map_err(unreadable)?;
        let (next, previous) = url.as_of(moment).neighbours(&page, request)?;
        let users = audit_trail::users_of(models, &scope, &page.rows).await.map_err(unreadable)?;
        call.viewed_past(filter.object_id.as_deref(), page.rows.first());
        let results = page.rows.into_iter().map(|row| AuditObject::of(row, &users)).collect();
        Ok(Read::new(AuditPage { count: page.count, next, previous, results }, position))
    }

    /// Count the audit trail
    ///
    /// How many rows there are by action, by model, by user and by day, under the filters of the list.
    #[oai(path = "/stats/", method = "get", operation_id = "getAuditTrailStats")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn stats(
        &self,
        call: Call<op::AuditRead>,
        /// Only what was done so.
        action: Query<Text<ActionName>>,
        /// Only what this user did: the id or the email address.
        user: Query<Text<Free>>,
        /// Only what was done to records of this kind.
        model: Query<Text<ModelName>>,
        /// Only what was done to this record.
        object_id: Query<Text<Free>>,
        /// Only what was recorded on this day (UTC) or at this time, or later.
        start_date: Query<Text<DayOrTime>>,
        /// Only what was recorded on this day (UTC) or at this time, or before.
        end_date: Query<Text<DayOrTime>>,
        /// Words, each of which begins a word of the record's name, the user's name or the description. What is neither letter nor
        /// digit stands between words, and alone it finds nothing.
        search: Query<Text<Free>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<AuditStatsObject>, Problem> {
        let moment = call.moment(&as_of).await?;
        let (bounds, position) = call.audit_bounds(start_date.as_deref(), end_date.as_deref(), moment).await?;
        let filter = filter(&call, &action, &user, &model, &object_id, bounds, &search).await?;
        let stats = audit_trail::stats(&call.app.models, &call.scope(), &filter).await.map_err(unreadable)?;
        Ok(Read::new(stats.into(), position))
    }

    /// Get a row of the audit trail
    #[oai(path = "/:id/", method = "get", operation_id = "getAuditTrailRow")]
    async fn get(
        &self,
        call: Call<op::AuditRead>,
        /// The row.
        id: Path<String>,
    ) -> Result<Read<AuditObject>, Problem> {
        let (bounds, position) = call.audit_bounds(None, None, None).await?;
        let event = id.parse().map(EventId).map_err(|_| Problem::not_found())?;
        let (models, scope) = (&call.app.models, call.scope());
        let row = audit_trail::get(models, &scope, bounds, event).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        let users = audit_trail::users_of(models, &scope, [&row]).await.map_err(unreadable)?;
        call.viewed_row(&row);
        Ok(Read::new(AuditObject::of(row, &users), position))
    }
}

/// The filter that parameters mean.
async fn filter<O>(
    call: &Call<O>,
    action: &Text<ActionName>,
    user: &Text<Free>,
    model: &Text<ModelName>,
    object_id: &Text<Free>,
    bounds: Bounds,
    search: &Text<Free>,
) -> Result<AuditFilter, Problem> {
    let actor_id = match user.as_deref() {
        Some(user) => Some(audit_trail::actor_id(&call.app.models, &call.scope(), user).await.map_err(unreadable)?),
        None => None,
    };
    Ok(AuditFilter {
        activities: params::action(action.as_deref())?.map(|action| activities(&[action])),
        kind: params::model("model", model.as_deref())?,
        object_id: object_id.as_deref().map(str::to_owned),
        actor_id,
        bounds,
        words: search.as_deref().and_then(AuditFilter::words_of),
        order: Order::NewestFirst,
    })
}
